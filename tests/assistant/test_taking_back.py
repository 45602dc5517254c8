"""A request that is still open is taken back in the shopper's own words, and then nothing was done."""

from itertools import count

import pytest

from assistant.answers import answer_of, begins_with_no, takes_back
from integrations.bootstrap import Dragoman
from knowledge.service.words import sentences
from tests.assistant.talking import answer, talk, tools
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()


def session(customer: str, language: str, market: str) -> Session:
    return Session(id=f"back-{next(NAMES)}", language=language, market=market, customer_id=customer)


@pytest.mark.parametrize(
    "text",
    [
        "never mind", "no wait", "actually don't", "No, keep it", "doch nicht, lass die Bestellung so",
        "ne warte, brauch ich doch noch", "finalement non", "al final no", "deixa pra lá", "やっぱりいいです",
        "算了，我还要", "انتظر، ما زلت أريده", "tidak jadi",
    ],
)  # fmt: skip
async def test_what_takes_a_request_back(text: str) -> None:
    assert takes_back(text) or begins_with_no(text)


@pytest.mark.parametrize(
    "text", ["waiting too long", "no longer needed", "ordered by mistake", "oui", "ne me plaît pas"]
)
async def test_what_takes_nothing_back(text: str) -> None:
    assert not takes_back(text)
    assert not begins_with_no(text)


async def test_yes_and_wait_are_no_yes() -> None:
    assert answer_of("yes wait") is None
    assert answer_of("ok, no wait") != "yes"


@pytest.mark.parametrize(
    ("language", "market", "customer", "asked", "said"),
    [
        ("de", "DE", "henrik_vossberg_5561", "AQ-10114 stornieren", "doch nicht, lass die bestellung so"),
        ("de", "DE", "henrik_vossberg_5561", "AQ-10114 stornieren", "ne warte, brauch ich doch noch"),
        ("fr", "FR", "quentin_savarin_2301", "annulez ma commande AQ-10118 svp", "finalement non"),
        ("en", "GB", "gareth_penrose_2778", "please cancel AQ-10112", "actually don't"),
        ("en", "GB", "gareth_penrose_2778", "please cancel AQ-10112", "please don't cancel it"),
        ("pt-BR", "BR", "beatriz_nogueira_4165", "cancela o pedido AQ-10111", "deixa pra lá, ainda quero"),
        ("ja", "JP", "misaki_takanashi_3302", "AQ-10117の注文をキャンセルしてください", "やっぱりいいです"),
        ("zh-CN", "CN", "jiayi_wu_1561", "请取消订单AQ-10116", "算了，我还要"),
        ("es", "ES", "lucia_ferrandiz_1283", "quiero devolver el pedido AQ-10061", "mejor no"),
    ],
)  # fmt: skip
async def test_never_mind_is_no_reason(
    shop: Dragoman, language: str, market: str, customer: str, asked: str, said: str
) -> None:
    speaker = session(customer, language, market)
    first = await talk(shop, speaker, asked)
    assert not {"cancel_order", "return_items"} & set(tools(first))
    told = await talk(shop, speaker, said)
    assert answer(told).strip() == sentences(language)["special.CANCELLED"]
    assert not tools(told)
    assert await shop.ledger.entries(session_id=speaker.id) == []
    assert not tools(await talk(shop, speaker, {"de": "ja", "fr": "oui"}.get(language, "ok")))


@pytest.mark.parametrize(
    ("language", "market", "customer", "asked", "said"),
    [
        ("en", "GB", "gareth_penrose_2778", "please cancel AQ-10112", "no, it was ordered by mistake"),
        ("de", "DE", "henrik_vossberg_5561", "AQ-10114 stornieren", "Nein, ich brauche es nicht mehr"),
        ("fr", "FR", "quentin_savarin_2301", "annulez ma commande AQ-10118 svp", "je n'en ai plus besoin"),
    ],
)
async def test_a_reason_behind_a_no_is_one(
    shop: Dragoman, language: str, market: str, customer: str, asked: str, said: str
) -> None:
    speaker = session(customer, language, market)
    told = await talk(shop, speaker, asked, said)
    assert tools(told)["cancel_order"] == "needs_confirmation"
    await talk(shop, speaker, {"de": "nein", "fr": "non"}.get(language, "no"))


async def test_a_no_to_what_proves_an_order_takes_nothing_back(shop: Dragoman) -> None:
    said = await talk(shop, session("", "de", "DE"), "AQ-10114 stornieren", "Nein, ich finde die E-Mail nicht mehr")
    assert answer(said).strip() != sentences("de")["special.CANCELLED"]
