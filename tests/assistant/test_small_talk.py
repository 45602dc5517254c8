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


@pytest.mark.parametrize(
    ("language", "market", "text", "tool"),
    [
        ("ar", "SA", "شكرا، طيب متى ترجع فلوسي؟", "list_orders"),
        ("de", "DE", "danke, und wann bekomme ich mein Geld zurück?", "list_orders"),
        ("es", "ES", "gracias, ¿y cuándo me devuelven el dinero?", "list_orders"),
        ("ja", "JP", "ありがとうございます、返金はいつですか？", "list_orders"),
        ("en", "GB", "thanks and how long does delivery take", "search_policies"),
    ],
)  # fmt: skip
async def test_what_is_asked_behind_thanks_is_answered(
    shop: Dragoman, language: str, market: str, text: str, tool: str
) -> None:
    said = await talk(shop, session(language, market), text)
    assert tool in tools(said)
    assert Words(language).say(SMALL["thanks"]) not in answer(said)


@pytest.mark.parametrize(
    ("language", "market", "text"),
    [
        ("en", "GB", "thanks a lot, bye!"), ("de", "DE", "danke, das hilft mir sehr"),
        ("zh-CN", "CN", "谢谢你啊帮了大忙"), ("fr", "FR", "merci, c'est noté"), ("es", "ES", "gracias, muy amable"),
        ("id", "ID", "makasih banyak kak, sangat membantu"), ("pt-BR", "BR", "obrigada, ajudou muito"),
    ],
)  # fmt: skip
async def test_thanks_that_ask_nothing_are_thanks(shop: Dragoman, language: str, market: str, text: str) -> None:
    assert answer(await talk(shop, session(language, market), text)) == Words(language).say(SMALL["thanks"])


@pytest.mark.parametrize(
    ("language", "market", "customer", "asked", "thanks"),
    [
        ("en", "GB", "gareth_penrose_2778", "please cancel AQ-10112, ordered by mistake", "thanks, so it's changed?"),
        ("en", "GB", "gareth_penrose_2778", "please cancel AQ-10112, ordered by mistake", "thanks"),
        (
            "de", "DE", "henrik_vossberg_5561", "bitte AQ-10114 stornieren, hab mich verklickt",
            "danke, ist es jetzt storniert?",
        ),
        ("fr", "FR", "quentin_savarin_2301", "annulez ma commande AQ-10118, commandée par erreur", "merci"),
    ],
)  # fmt: skip
async def test_thanks_do_not_sound_like_done_while_a_quote_waits(
    shop: Dragoman, language: str, market: str, customer: str, asked: str, thanks: str
) -> None:
    speaker = Session(id=f"small-{next(NAMES)}", language=language, market=market, customer_id=customer)
    said = await talk(shop, speaker, asked, thanks)
    waits = {"en": "This still waits for your yes", "de": "Das wartet noch auf", "fr": "Ceci attend encore"}[language]
    assert waits in answer(said)
    await talk(shop, speaker, {"de": "nein", "fr": "non"}.get(language, "no"))
