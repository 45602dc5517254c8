"""Goods that came damaged, wrong or not at all, and orders that are no longer as a wish needs them."""

from itertools import count

import pytest

from assistant.embedded.handing_over import BEYOND_US, FAULTY
from assistant.embedded.wording import Words
from integrations.bootstrap import Dragoman
from knowledge.service.words import sentences
from tests.assistant.talking import answer, cited, talk, tools
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()


def session(language: str, market: str) -> Session:
    return Session(id=f"fault-{next(NAMES)}", language=language, market=market)


@pytest.mark.parametrize(
    ("language", "market", "text"),
    [
        ("en", "AE", "AQ-10053 mariam_almansoori@example.net the cat flap arrived broken"),
        ("en", "PT", "AQ-10090 ines.carvalhal@example.com you sent me the wrong adapter"),
        ("de", "PT", "AQ-10090 ines.carvalhal@example.com der Adapter ist kaputt angekommen"),
        ("fr", "FR", "colis abimé AQ-10051 quentin_savarin@example.net la boite est écrasée et une tête manque"),
        ("es", "PT", "AQ-10090 ines.carvalhal@example.com el adaptador llegó roto"),
        ("pt-BR", "PT", "AQ-10090 ines.carvalhal@example.com o adaptador veio quebrado"),
        ("ja", "CN", "AQ-10049 s.lin@example.net 靴下が破れています"),
        ("zh-CN", "CN", "AQ-10049 s.lin@example.net 袜子破了"),
        ("ar", "AE", "AQ-10053 mariam_almansoori@example.net وصل المنتج مكسور"),
        ("id", "AE", "AQ-10053 mariam_almansoori@example.net barangnya rusak"),
    ],
)
async def test_a_fault_is_answered_by_its_rule_and_a_person(
    shop: Dragoman, language: str, market: str, text: str
) -> None:
    said = await talk(shop, session(language, market), text)
    assert "ok" in (tools(said).get("show_order"), tools(said).get("return_options"))
    assert cited(said) & {"damaged-or-wrong-items", "returns", "refunds", "warranty"}
    assert "14" in answer(said)
    assert answer(said).strip().endswith(Words(language).say(FAULTY))


@pytest.mark.parametrize(
    ("language", "market", "texts", "yes"),
    [
        ("en", "AE", ("AQ-10053 mariam_almansoori@example.net it arrived broken", "i want a replacement"), "yes"),
        ("fr", "FR", ("colis abimé AQ-10051 quentin_savarin@example.net", "je veux un remboursement"), "oui"),
        ("ja", "CN", ("AQ-10049 s.lin@example.net 靴下が破れています",), "はい"),
    ],
)  # fmt: skip
async def test_a_yes_to_the_offer_of_a_person_hands_over(
    shop: Dragoman, language: str, market: str, texts: tuple[str, ...], yes: str
) -> None:
    speaker = session(language, market)
    offered = await talk(shop, speaker, *texts)
    assert answer(offered).strip().endswith((Words(language).say(FAULTY), Words(language).say(BEYOND_US)))
    assert cited(offered) & {"damaged-or-wrong-items", "returns", "refunds", "warranty"}
    said = await talk(shop, speaker, yes)
    assert tools(said) == {"hand_to_person": "ok"}


async def test_a_nod_to_the_offer_of_a_person_hands_nobody_over(shop: Dragoman) -> None:
    speaker = session("en", "AE")
    said = await talk(shop, speaker, "AQ-10053 mariam_almansoori@example.net the cat flap arrived broken", "ok")
    assert "hand_to_person" not in tools(said)


@pytest.mark.parametrize(
    "text",
    [
        "where is AQ-10084 priya_raman@example.com", "AQ-10084 priya_raman@example.com the parcel never arrived",
        "please cancel AQ-10112 g.penrose@example.com, i ordered the wrong item",
    ],
)  # fmt: skip
async def test_what_tells_of_no_fault(shop: Dragoman, text: str) -> None:
    said = await talk(shop, session("en", "GB"), text)
    assert Words("en").say(FAULTY) not in answer(said)


@pytest.mark.parametrize(
    ("language", "cancel", "why"),
    [("de", "dann stornieren", "Warum möchten Sie"), ("en", "then cancel it", "Why do you want")],
)
async def test_why_is_not_asked_of_an_order_that_is_under_way(
    shop: Dragoman, language: str, cancel: str, why: str
) -> None:
    speaker = session(language, "DE")
    said = await talk(shop, speaker, "AQ-10098 jonas_wiechert@example.com", cancel)
    assert tools(said)["cancel_order"] == "denied"
    assert why not in answer(said)
    assert cited(said) == {"cancel-or-change-order"}


@pytest.mark.parametrize(
    ("language", "cancel", "reason"),
    [
        ("de", "AQ-10098 stornieren", "versehentlich bestellt"), ("en", "cancel AQ-10098", "ordered by mistake"),
        ("fr", "annulez la commande AQ-10098", "commandée par erreur"),
    ],
)  # fmt: skip
async def test_a_reason_given_after_a_refusal_is_refused_too(
    shop: Dragoman, language: str, cancel: str, reason: str
) -> None:
    speaker = session(language, "DE")
    refused = await talk(shop, speaker, f"{cancel} jonas_wiechert@example.com")
    again = await talk(shop, speaker, reason)
    assert tools(refused)["cancel_order"] == tools(again)["cancel_order"] == "denied"
    assert Words(language).state("shipped") in answer(again)


@pytest.mark.parametrize("said", ["no", "no, that is wrong", "how long does delivery take?"])
async def test_after_a_refusal_nothing_else_is_taken_for_a_reason(shop: Dragoman, said: str) -> None:
    speaker = session("en", "DE")
    told = await talk(shop, speaker, "cancel AQ-10098 jonas_wiechert@example.com", said)
    assert "cancel_order" not in tools(told)
    assert sentences("en")["special.CANCELLED"] not in answer(told)


async def test_no_address_is_asked_for_an_order_that_is_under_way(shop: Dragoman) -> None:
    said = await talk(shop, session("de", "DE"), "bitte Adresse ändern AQ-10098 jonas_wiechert@example.com")
    assert "change_order_address" not in tools(said)
    assert answer(said).strip().endswith(Words("de").say(BEYOND_US))
    assert Words("de").state("shipped") in answer(said)
