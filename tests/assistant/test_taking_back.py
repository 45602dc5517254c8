"""A request that is still open is taken back in the shopper's own words, and then nothing was done."""

from itertools import count

import pytest

from assistant.answers import answer_of, begins_with_no, refuses, takes_back
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


@pytest.mark.parametrize(
    "text",
    [
        "no wait, keep the old one", "actually leave it as it was", "I'll keep it", "ah non finalement je la garde",
        "ich behalte es", "ach nein, lass es beim Alten", "déjalo como estaba", "al final me lo quedo",
        "deixa como estava", "やっぱりそのままで", "还是不改了", "اتركه كما كان", "biarkan saja", "No, 16 Mill Lane",
    ],
)  # fmt: skip
async def test_what_says_no_to_a_quote_and_never_yes(text: str) -> None:
    assert refuses(text)
    assert answer_of(text) in (None, "no")
    assert not refuses(f"{text}?")


QUOTES = {
    "en": ("GB", "gareth_penrose_2778", "please cancel AQ-10112, ordered by mistake", "yes"),
    "de": ("DE", "henrik_vossberg_5561", "bitte AQ-10114 stornieren, hab mich verklickt", "ja"),
    "fr": ("FR", "quentin_savarin_2301", "annulez ma commande AQ-10118, commandée par erreur", "oui"),
    "pt-BR": ("BR", "beatriz_nogueira_4165", "cancela o pedido AQ-10111, pedi por engano", "sim"),
    "ja": ("JP", "misaki_takanashi_3302", "間違えたのでAQ-10117の注文をキャンセルしてください", "はい"),
    "zh-CN": ("CN", "jiayi_wu_1561", "请取消订单AQ-10116,不需要了", "是的"),
}  # fmt: skip
"""A request for an action in each language, by market and customer, and a yes."""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "no wait, I want to keep it after all"), ("de", "ach nein, ich behalte es doch lieber"),
        ("fr", "ah non finalement je la garde"), ("pt-BR", "na verdade deixa como estava, por favor"),
        ("ja", "やっぱりそのままでお願いします"), ("zh-CN", "还是不取消了，我留着"),
    ],
)  # fmt: skip
async def test_a_quote_is_taken_back_in_own_words_and_a_yes_finds_none(
    shop: Dragoman, language: str, said: str
) -> None:
    market, customer, asked, yes = QUOTES[language]
    speaker = session(customer, language, market)
    assert tools(await talk(shop, speaker, asked))["cancel_order"] == "needs_confirmation"
    told = await talk(shop, speaker, said)
    assert answer(told).strip() == sentences(language)["special.CANCELLED"]
    assert "confirm_action" not in tools(await talk(shop, speaker, yes))
    assert [entry.status for entry in await shop.ledger.entries(session_id=speaker.id)] == ["cancelled"]


@pytest.mark.parametrize(
    ("language", "asked", "first", "corrected", "shown"),
    [
        (
            "en", "change the delivery address of AQ-10112", "12 Mill Lane, Brighton BN1 1AA",
            "no, 16 Mill Lane, Brighton BN1 1AA", "16 Mill Lane",
        ),
        (
            "de", "Lieferadresse von AQ-10114 ändern", "Hauptstr. 12, 28195 Bremen",
            "Nein, Hauptstr. 14, 28195 Bremen", "Hauptstr. 14",
        ),
        (
            "fr", "je voudrais changer l'adresse de livraison de AQ-10118", "12 rue des Lilas, 33000 Bordeaux",
            "non, 14 rue des Lilas, 33000 Bordeaux", "14 rue des Lilas",
        ),
    ],
)  # fmt: skip
async def test_a_correction_behind_a_no_is_quoted_anew(
    shop: Dragoman, language: str, asked: str, first: str, corrected: str, shown: str
) -> None:
    market, customer, _, _ = QUOTES[language]
    speaker = session(customer, language, market)
    told = await talk(shop, speaker, asked, first, corrected)
    assert answer(told).startswith(sentences(language)["special.CANCELLED"])
    assert shown in answer(told)
    held = await shop.ledger.entries(session_id=speaker.id)
    assert {entry.status: shown in str(entry.arguments) for entry in held} == {
        "cancelled": False, "needs_confirmation": True,
    }  # fmt: skip
    await talk(shop, speaker, {"de": "nein", "fr": "non"}.get(language, "no"))


async def test_half_a_correction_carries_no_quote_out(shop: Dragoman) -> None:
    speaker = session("gareth_penrose_2778", "en", "GB")
    await talk(shop, speaker, "change the delivery address of AQ-10112", "12 Mill Lane, Brighton BN1 1AA")
    asked = await talk(shop, speaker, "no, 16 Mill Lane")
    assert "I need all of it in one line" in answer(asked)
    assert not tools(await talk(shop, speaker, "yes"))
    assert [entry.status for entry in await shop.ledger.entries(session_id=speaker.id)] == ["cancelled"]


async def test_another_wish_behind_a_no_is_quoted(shop: Dragoman) -> None:
    speaker = session("gareth_penrose_2778", "en", "GB")
    await talk(shop, speaker, "change the delivery address of AQ-10112", "12 Mill Lane, Brighton BN1 1AA")
    told = await talk(shop, speaker, "no, please cancel it instead, ordered by mistake")
    assert tools(told)["cancel_order"] == "needs_confirmation"
    await talk(shop, speaker, "no")
