"""A question about a product that nothing told of it answers: what lies nearest is not passed off as the answer."""

from __future__ import annotations

from itertools import count

import pytest

from assistant.embedded.particulars import asks_particulars
from assistant.embedded.passages import NO_SURE_ANSWER
from assistant.embedded.wording import Words
from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, cited, talk
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES = count()


def session(language: str) -> Session:
    return Session(id=f"particulars-{next(NAMES)}", language=language, market="DE")


@pytest.mark.parametrize(("language", "text"), [
    ("en", "can you engrave the Duskling lamp?"), ("en", "who designed the Tonewell speaker?"),
    ("de", "Kann man die Duskling Lampe gravieren?"), ("es", "¿quién diseñó el altavoz Tonewell?"),
    ("fr", "la lampe Duskling peut-elle être gravée ?"), ("pt-BR", "a luminária Duskling pode ser gravada?"),
    ("ja", "Duskling ランプに名前を彫れますか"), ("zh-CN", "Duskling 台灯可以刻字吗"),
    ("id", "apakah nama bisa diukir di lampu Duskling?"), ("ar", "هل يمكن نقش اسم على مصباح Duskling؟"),
])  # fmt: skip
async def test_what_nothing_says_of_a_product_is_not_passed_off_as_its_answer(
    shop: Dragoman, language: str, text: str
) -> None:
    assert answer(await talk(shop, session(language), text)).startswith(Words(language).say(NO_SURE_ANSWER))


@pytest.mark.parametrize(("language", "text"), [
    ("en", "tell me about the Duskling lamp"), ("en", "what is the Tonewell speaker"), ("en", "Duskling"),
    ("de", "Erzählen Sie mir etwas über die Duskling Lampe"), ("de", "Wie hell ist die Duskling Lampe?"),
    ("fr", "parlez-moi de l'enceinte Tonewell"), ("es", "háblame de la lámpara Duskling"),
    ("ja", "Tonewell スピーカーについて教えて"), ("zh-CN", "介绍一下 Tonewell 音箱"), ("id", "info Duskling dong"),
    ("pt-BR", "me fale sobre a luminária Duskling"), ("ar", "أخبرني عن مصباح Duskling"),
    ("en", "does the hand cream have perfume?"), ("es", "¿el altavoz Tonewell tiene bluetooth?"),
])  # fmt: skip
async def test_of_a_product_as_a_whole_and_of_a_fact_it_is_told_without_doubt(
    shop: Dragoman, language: str, text: str
) -> None:
    said = answer(await talk(shop, session(language), text))
    assert Words(language).say(NO_SURE_ANSWER) not in said
    assert any(name in said for name in ("Duskling", "Tonewell", "Knucklekind"))


@pytest.mark.parametrize(("language", "text"), [
    ("en", "is the Tonewell speaker waterproof?"), ("ja", "Tonewell スピーカーは防水ですか"),
])  # fmt: skip
async def test_what_a_policy_says_for_all_does_not_stand_for_the_product_that_was_named(
    shop: Dragoman, language: str, text: str
) -> None:
    said = answer(await talk(shop, session(language), text))
    assert said.startswith("Tonewell")
    assert Words(language).say("The shop holds no further facts about it.") in said


@pytest.mark.parametrize(("language", "text", "particular"), [
    ("en", "the Duskling Smart Lamp, please", False), ("en", "will the Duskling Smart Lamp rust", True),
    ("ja", "Duskling ランプ", False), ("ja", "Duskling ランプは錆びますか", True),
])  # fmt: skip
async def test_a_name_alone_asks_for_nothing_particular(language: str, text: str, particular: bool) -> None:
    assert asks_particulars(text, "Duskling Smart Lamp ランプ", language) == particular


@pytest.mark.parametrize(("language", "text", "told"), [
    ("en", "how do I clean the razor", "Rinse, open"), ("fr", "comment nettoyer le rasoir ?", "Rinse, open"),
    ("es", "¿cómo limpio la fuente?", "dishwasher-safe"), ("en", "can I take the power bank on a plane", "37 Wh"),
    ("de", "darf die Powerbank mit ins Flugzeug?", "37 Wh"), ("pt-BR", "posso levar o power bank no avião?", "37 Wh"),
    ("ja", "モバイルバッテリーは飛行機に持ち込めますか", "37 Wh"),
    ("id", "powerbank boleh dibawa ke pesawat?", "37 Wh"),
])  # fmt: skip
async def test_how_a_product_is_used_is_answered_from_it_though_it_sounds_like_a_rule(
    shop: Dragoman, language: str, text: str, told: str
) -> None:
    assert told in answer(await talk(shop, session(language), text))


@pytest.mark.parametrize(("language", "text", "document"), [
    ("en", "do I pay duty on the razor", "customs"), ("en", "can I return the treats if the bag is open", "pet-food"),
    ("de", "was kostet der Versand der Lampe", "shipping"), ("en", "can I exchange the jacket size", "exchanges"),
])  # fmt: skip
async def test_a_rule_about_a_product_is_answered_from_the_rules(
    shop: Dragoman, language: str, text: str, document: str
) -> None:
    assert any(document in name for name in cited(await talk(shop, session(language), text)))
