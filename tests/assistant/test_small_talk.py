"""Small talk only where nothing else is said, and a person where one is asked for, or our offer is taken up."""

from itertools import count

import pytest

from assistant.embedded.compose import SMALL
from assistant.embedded.handing_over import OFFER, OFFERS
from assistant.embedded.wording import Words
from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, talk, tools
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()


def session(language: str, market: str) -> Session:
    return Session(id=f"small-{next(NAMES)}", language=language, market=market)


UNKNOWN = {
    "en": "what is the capital of Peru", "de": "wo leben Elefanten", "fr": "quelle est la capitale du Pérou",
    "es": "cuál es la capital de Perú", "id": "apa ibu kota Peru",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "market", "yes"),
    [("en", "GB", "yes"), ("de", "DE", "ja bitte"), ("fr", "FR", "oui"), ("es", "ES", "sí"), ("id", "ID", "ya")],
)
async def test_a_yes_to_our_offer_calls_a_person(shop: Dragoman, language: str, market: str, yes: str) -> None:
    speaker = session(language, market)
    offered = await talk(shop, speaker, UNKNOWN[language])
    assert answer(offered).endswith(tuple(Words(language).say(offer) for offer in OFFERS))
    assert tools(await talk(shop, speaker, yes)) == {"hand_to_person": "ok"}


@pytest.mark.parametrize(
    ("language", "market", "other", "yes"),
    [("en", "GB", "how long does delivery take?", "yes"), ("de", "DE", "was kostet der Versand?", "ja")],
)
async def test_a_yes_to_anything_else_calls_nobody(
    shop: Dragoman, language: str, market: str, other: str, yes: str
) -> None:
    said = await talk(shop, session(language, market), UNKNOWN[language], other, yes)
    assert (tools(said), answer(said)) == ({}, Words(language).say(SMALL["help"]))


@pytest.mark.parametrize(
    ("language", "market", "text"),
    [
        ("ja", "JP", "電話番号を教えて"), ("es", "ES", "no me contesta nadie"), ("ar", "SA", "رقم الهاتف"),
        ("id", "ID", "nomor telepon dong"), ("en", "GB", "nobody answers me"),
    ],
)  # fmt: skip
async def test_a_person_who_is_not_asked_for_is_offered(shop: Dragoman, language: str, market: str, text: str) -> None:
    said = await talk(shop, session(language, market), text)
    assert (tools(said), answer(said)) == ({}, Words(language).say(OFFER))


@pytest.mark.parametrize(
    ("language", "market", "text"),
    [
        ("en", "GB", "yes hand me over"), ("de", "DE", "Mitarbeiter"), ("ja", "JP", "オペレーターお願いします"),
        ("zh-CN", "CN", "人工"), ("fr", "FR", "un humain svp"), ("ar", "SA", "موظف"),
    ],
)  # fmt: skip
async def test_a_person_asked_for_in_so_many_words_is_called(
    shop: Dragoman, language: str, market: str, text: str
) -> None:
    assert tools(await talk(shop, session(language, market), text)) == {"hand_to_person": "ok"}


async def test_a_country_after_a_price_is_no_thanks(shop: Dragoman) -> None:
    said = await talk(shop, session("de", "DE"), "was kostet der versand", "und nach frankreich")
    assert "search_policies" in tools(said)
    assert answer(said) != Words("de").say(SMALL["thanks"])


@pytest.mark.parametrize(
    ("language", "market", "text"),
    [("en", "GB", "ordered by mistake"), ("en", "US", "wrong colour"), ("ar", "SA", "ابغى الغيه")],
)
async def test_a_reason_or_a_wish_is_no_curse(shop: Dragoman, language: str, market: str, text: str) -> None:
    said = await talk(shop, session(language, market), text)
    assert Words(language).say(SMALL["abuse"]) not in answer(said)


@pytest.mark.parametrize(
    ("language", "market", "text", "kind"),
    [
        ("en", "GB", "good evening everyone", "greeting"), ("de", "DE", "hallo, ist da jemand?", "greeting"),
        ("fr", "FR", "merci bien", "thanks"), ("ja", "JP", "ありがとうございます、助かりました", "thanks"),
        ("es", "ES", "qué tienda más patética", "abuse"), ("id", "ID", "bot goblok", "abuse"),
        ("zh-CN", "CN", "你是机器人吗", "bot_question"), ("ar", "SA", "كيف يمكنك مساعدتي؟", "help"),
    ],
)  # fmt: skip
async def test_small_talk_is_answered_as_such(shop: Dragoman, language: str, market: str, text: str, kind: str) -> None:
    assert answer(await talk(shop, session(language, market), text)) == Words(language).say(SMALL[kind])
