"""Nothing a shopper said is asked again, in whatever language they said it."""

from itertools import count

import pytest

from assistant import events
from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, talk, tools
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()
EMAIL = "Jonas_Wiechert@example.com"


async def told(shop: Dragoman, language: str, market: str, customer: str, texts: tuple[str, ...]) -> list[events.Event]:
    """The events of the last of some messages, of a shopper of their own."""
    speaker = Session(id=f"told-{next(NAMES)}", language=language, market=market, customer_id=customer)
    return await talk(shop, speaker, *texts)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("My e-mail is {}", "Where is my order AQ-10098?")),
        ("de", ("Meine E-Mail ist {}", "Wo ist meine Bestellung AQ-10098?")),
        ("fr", ("Mon e-mail est {}", "Où est ma commande AQ-10098 ?")),
        ("es", ("Mi correo es {}", "¿Dónde está mi pedido AQ-10098?")),
        ("pt-BR", ("Meu e-mail é {}", "Onde está meu pedido AQ-10098?")),
        ("ja", ("メールは {} です", "注文AQ-10098はどこですか？")),
        ("zh-CN", ("我的邮箱是 {}", "我的订单AQ-10098在哪里？")),
        ("ar", ("بريدي الإلكتروني {}", "أين طلبي AQ-10098؟")),
        ("id", ("Email saya {}", "Di mana pesanan saya AQ-10098?")),
        ("de", ("AQ-10098", "Was kostet der Versand nach Japan?", "{}")),
        ("en", ("AQ-10098", "{}", "How much is shipping to Japan?", "where is my parcel?")),
        ("en", ("My order is AQ-10098, e-mail {}", "where is it?")),
    ],
)
async def test_order_number_and_e_mail_are_put_together(shop: Dragoman, language: str, texts: tuple[str, ...]) -> None:
    said = await told(shop, language, "DE", "", tuple(text.format(EMAIL) for text in texts))
    assert tools(said).get("show_order") == "ok", answer(said)
    assert not any(isinstance(event, events.Identify) and event is said[-2] for event in said)


async def test_an_e_mail_that_did_not_match_is_not_tried_again(shop: Dragoman) -> None:
    said = await told(shop, "en", "DE", "", ("AQ-10098, nobody@example.org", "Where is AQ-10098?"))
    assert "identify_customer" not in tools(said)
    assert "order" not in tools(said)


@pytest.mark.parametrize(
    ("language", "market", "customer", "texts"),
    [
        ("fr", "FR", "quentin_savarin_2301", ("j'ai commandé AQ-10118 par erreur", "pouvez-vous l'annuler ?")),
        ("en", "GB", "gareth_penrose_2778", ("I ordered by mistake", "please cancel my order AQ-10112")),
        ("ja", "JP", "misaki_takanashi_3302", ("AQ-10117を間違えて注文しました", "キャンセルしてください")),
        ("zh-CN", "CN", "jiayi_wu_1561", ("我的订单号是AQ-10116", "不需要了,请取消")),
        ("de", "DE", "henrik_vossberg_5561", ("AQ-10114 hab ich versehentlich bestellt", "bitte stornieren")),
        ("pt-BR", "BR", "beatriz_nogueira_4165", ("pedi o AQ-10111 por engano", "cancela por favor")),
    ],
)
async def test_a_reason_said_before_is_not_asked_for(
    shop: Dragoman, language: str, market: str, customer: str, texts: tuple[str, ...]
) -> None:
    said = await told(shop, language, market, customer, texts)
    assert tools(said).get("cancel_order") == "needs_confirmation", answer(said)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("I wear size M. Do you have the Harbourling Hoodie?", "Is it available in my size?")),
        ("en", ("I need the Harbourling Hoodie in M", "is it in stock?")),
        ("de", ("Ich suche den Harbourling Hoodie in M", "Ist er auf Lager?")),
        ("fr", ("Je cherche le Harbourling Hoodie en M", "Est-il en stock ?")),
        ("es", ("Busco el Harbourling Hoodie en M", "¿Está disponible?")),
    ],
)
async def test_a_size_said_before_still_holds(shop: Dragoman, language: str, texts: tuple[str, ...]) -> None:
    said = answer(await told(shop, language, "DE", "", texts))
    assert ", M" in said
    assert ", XL" not in said


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "cancel AQ-10119, ordered by mistake"), ("de", "storniere AQ-10119, habe mich verklickt")],
)
async def test_what_was_only_quoted_is_not_said_to_be_done(shop: Dragoman, language: str, text: str) -> None:
    said = answer(await told(shop, language, "GB", "callum_ashdown_9499", (text, "is it done?")))
    assert not any(done in said for done in ("is cancelled", "has been cancelled", "ist storniert", "wurde storniert"))
