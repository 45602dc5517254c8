"""Goods that came damaged, wrong or not at all, and orders that are no longer as a wish needs them."""

from itertools import count

import pytest

from assistant.embedded.faults import fault_in
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


@pytest.mark.parametrize(
    ("language", "market", "text"),
    [
        ("en", "GB", "my speaker turned up smashed"),
        ("en", "GB", "the charger is missing from the box"),
        ("de", "DE", "mein Lautsprecher kam zerbrochen an"),
        ("de", "DE", "bei der Lampe fehlt das Netzteil"),
        ("fr", "FR", "l'enceinte est arrivée cassée"),
        ("fr", "FR", "j'ai reçu la mauvaise couleur"),
        ("es", "ES", "el altavoz llegó roto"),
        ("es", "ES", "me llegó la lámpara sin el cable"),
        ("pt-BR", "BR", "a caixa de som chegou quebrada"),
        ("pt-BR", "BR", "meu pedido chegou errado"),
        ("ja", "JP", "スピーカーが壊れて届きました"),
        ("ja", "JP", "ランプのケーブルが入っていませんでした"),
        ("zh-CN", "CN", "台灯少了电源线"),
        ("ar", "SA", "وصلت السماعة مكسورة"),
        ("ar", "SA", "الطلب ناقص"),
        ("id", "ID", "speakernya sampai rusak"),
    ],
)
async def test_a_fault_told_without_an_order_is_answered_by_its_rule_not_by_products(
    shop: Dragoman, language: str, market: str, text: str
) -> None:
    said = await talk(shop, session(language, market), text)
    assert tools(said) == {"search_policies": "ok", "list_orders": "missing"}
    assert cited(said) & {"damaged-or-wrong-items", "returns", "refunds", "warranty", "shipping-overview"}
    assert answer(said).strip().endswith(Words(language).say(FAULTY))


async def test_the_proof_that_follows_a_fault_goes_on_with_it(shop: Dragoman) -> None:
    texts = ("the cat flap turned up smashed", "AQ-10053 mariam_almansoori@example.net")
    said = await talk(shop, session("en", "AE"), *texts)
    assert "14 days" in answer(said)
    assert answer(said).strip().endswith(FAULTY)


@pytest.mark.parametrize(("language", "text", "tool"), [
    ("en", "does the lamp work if the wifi is broken?", "search_products"),
    ("en", "i want a lamp that does not need wifi", "search_products"),
    ("id", "lampu kurang dari 500 ribu", "search_products"),
])  # fmt: skip
async def test_what_only_sounds_like_a_fault_is_none(shop: Dragoman, language: str, text: str, tool: str) -> None:
    assert tool in tools(await talk(shop, session(language, "DE"), text))


@pytest.mark.parametrize(("language", "text"), [
    ("en", "I got charged the wrong amount"), ("de", "ich habe die falsche Rechnung bekommen"),
    ("es", "me llegó la factura equivocada"),
])  # fmt: skip
async def test_what_is_wrong_with_a_payment_is_no_fault_of_goods(shop: Dragoman, language: str, text: str) -> None:
    assert Words(language).say(FAULTY) not in answer(await talk(shop, session(language, "DE"), text))


@pytest.mark.parametrize(
    ("language", "market", "texts"),
    [
        ("en", "GB", ("my kettle stopped working after 14 months",)), ("en", "US", ("the speaker broke after a year",)),
        ("de", "DE", ("meine Zahnbürste lädt nicht mehr", "ist 14 Monate alt")),
        ("fr", "FR", ("ma fontaine est tombée en panne au bout de 8 mois",)),
        ("es", "ES", ("el altavoz dejó de funcionar después de un año",)),
        ("pt-BR", "BR", ("a escova de dente não carrega mais", "tem um ano")),
        ("ja", "JP", ("スピーカーが1年で壊れました",)), ("zh-CN", "CN", ("音箱用了14个月坏了",)),
        ("ar", "SA", ("السماعة خربانة", "عمرها سنتين")),
        ("id", "ID", ("ada garansi gak kalo colokannya rusak 1 tahun lagi",)),
    ],
)  # fmt: skip
async def test_what_breaks_after_months_is_answered_by_the_warranty(
    shop: Dragoman, language: str, market: str, texts: tuple[str, ...]
) -> None:
    said = await talk(shop, session(language, market), *texts)
    assert "warranty" in cited(said)
    assert "24" in answer(said)
    assert Words(language).say(FAULTY) in answer(said)


@pytest.mark.parametrize("text", ["my kettle arrived broken", "the lamp came smashed"])
async def test_what_came_broken_is_answered_by_no_warranty(shop: Dragoman, text: str) -> None:
    assert "24 months" not in answer(await talk(shop, session("en", "GB"), text))


@pytest.mark.parametrize(
    ("language", "text"),
    [("es", "¿falta mucho para que llegue?"), ("pt-BR", "falta muito pra chegar?"), ("es", "¿cuánto falta?")],
)
async def test_what_is_still_to_come_is_no_missing_item(language: str, text: str) -> None:
    assert not fault_in(text, language)


async def test_what_is_asked_next_goes_on_with_the_fault(shop: Dragoman) -> None:
    speaker = Session(id="fault-goes-on", language="en", market="GB")
    said = answer(await talk(shop, speaker, "you sent me the wrong colour beanie", "do i have to pay to send it back"))
    assert said.startswith("Returning a faulty or wrong item to Amberquay is always free")
