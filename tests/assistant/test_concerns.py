"""Worries in words that lead to no rule: a piece that does not fit, a parcel that stands still."""

from __future__ import annotations

from itertools import count

import pytest

from assistant import events
from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, cited, talk
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()


def session(language: str) -> Session:
    return Session(id=f"concerns-{next(NAMES)}", language=language, market="GB" if language == "en" else "DE")


@pytest.mark.parametrize(("language", "text"), [
    ("en", "what if it doesnt fit"), ("en", "the jacket is too big"), ("de", "und wenn sie mir nicht passt?"),
    ("de", "Die Hose ist mir zu eng"), ("fr", "et si elle ne me va pas ?"), ("es", "¿y si no me queda bien?"),
    ("pt-BR", "e se não servir?"), ("ja", "サイズが合わなかったらどうなりますか"), ("zh-CN", "如果不合适怎么办"),
    ("id", "kalau ga muat gimana"), ("ar", "ماذا لو لم يناسبني المقاس؟"),
])  # fmt: skip
async def test_what_does_not_fit_is_answered_by_how_it_is_exchanged(shop: Dragoman, language: str, text: str) -> None:
    assert "exchanges-and-sizes" in cited(await talk(shop, session(language), text))


@pytest.mark.parametrize(("language", "text"), [
    ("en", "ordered 3 weeks ago and tracking hasnt moved since the 2nd, is it lost?"),
    ("de", "mein Paket bewegt sich seit 5 Tagen nicht"), ("fr", "mon colis est bloqué depuis une semaine"),
    ("es", "mi paquete lleva 12 días hábiles sin moverse, ¿qué hago?"), ("pt-BR", "meu pacote está parado há 10 dias"),
    ("ja", "追跡が止まったままです"), ("zh-CN", "物流一直不更新"), ("id", "paket saya stuck udah seminggu"),
    ("ar", "الشحنة متوقفة من أسبوع"),
])  # fmt: skip
async def test_a_parcel_that_stands_still_is_answered_by_when_it_counts_as_lost(
    shop: Dragoman, language: str, text: str
) -> None:
    said = await talk(shop, session(language), text)
    assert "tracking-and-delivery" in cited(said)
    assert "10" in answer(said)  # business days without a scan, to the EU and the United Kingdom


@pytest.mark.parametrize(("language", "text", "document"), [
    ("id", "Kaosnya kekecilan nih, tukar ukuran bayar lagi gak? batas waktunya berapa lama?", "exchanges-and-sizes"),
    ("en", "does the travel mug fit a cup holder?", "AQ-"),
])  # fmt: skip
async def test_a_question_of_its_own_stays_one(shop: Dragoman, language: str, text: str, document: str) -> None:
    said = await talk(shop, session(language), text)
    assert any(document in name for name in cited(said))


async def test_an_order_of_which_a_piece_does_not_fit_is_asked_about(shop: Dragoman) -> None:
    said = await talk(shop, session("en"), "I want to return AQ-10001 because it doesn't fit")
    assert "AQ-10001" in answer(said)
    assert not cited(said)


@pytest.mark.parametrize(("language", "text", "document"), [
    ("en", "do you take klarna", "payments-klarna"), ("de", "kann ich auf Rechnung kaufen", "payments-klarna"),
    ("de", "kann ich per Nachnahme zahlen?", "payments-cash-on-delivery"),
    ("es", "¿puedo pagar contra reembolso?", "payments-cash-on-delivery"),
    ("ja", "代引きできますか", "payments-cash-on-delivery"),
    ("zh-CN", "可以货到付款吗", "payments-cash-on-delivery"),
    ("ar", "ممكن ادفع عند الاستلام", "payments-cash-on-delivery"),
    ("id", "bisa cod ga", "payments-cash-on-delivery"), ("fr", "puis-je payer par virement ?", "payments"),
    ("en", "where is my invoice", "invoices-and-business-orders"),
])  # fmt: skip
async def test_a_way_to_pay_is_answered_by_where_it_is_taken(
    shop: Dragoman, language: str, text: str, document: str
) -> None:
    said = await talk(shop, session(language), text)
    first = next(event.entries[0] for event in said if isinstance(event, events.Citations))
    assert first.document == document


async def test_why_a_parcel_just_shown_stands_still_is_told_from_its_scans(shop: Dragoman) -> None:
    speaker = Session(id="concerns-customs", language="pt-BR", market="BR")
    first = ("cade meu pedido AQ-10082", "camilaf79@example.org")
    said = answer(await talk(shop, speaker, *first, "pq ta parado na alfandega, tenho q pagar alguma coisa?"))
    assert "20 dias" not in said
