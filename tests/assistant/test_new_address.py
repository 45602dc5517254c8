"""An order goes elsewhere: the address is asked for until it is whole, and is no proof of anything."""

from dataclasses import replace
from itertools import count

import pytest

from integrations.bootstrap import Dragoman
from tests.assistant.talking import answer, talk, tools
from tools.context import Session

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = count()


def session(language: str, market: str) -> Session:
    return Session(id=f"new-address-{next(NAMES)}", language=language, market=market)


@pytest.mark.parametrize(
    ("language", "market", "asked", "unclear", "whole", "shown"),
    [
        (
            "en", "GB", "please change delivery address for AQ-10112 g.penrose@example.com", "12 Mill Lane, Brighton",
            "12 Mill Lane, Brighton BN1 1AA", "BN1 1AA",
        ),
        (
            "en", "US", "change the delivery address of AQ-10120, aisha.freeman@example.net", "somewhere else 92103",
            "55 Palm Ave Apt 4, San Diego, CA 92103, USA", "55 Palm Ave Apt 4",
        ),
        (
            "de", "DE", "adresse ändern bitte AQ-10114 h.vossberg@example.org", "Bremen 28195",
            "Hauptstr. 12, 28195 Bremen", "Hauptstr. 12",
        ),
        (
            "fr", "FR", "je voudrais changer l'adresse de livraison de AQ-10118 quentin_savarin@example.net",
            "12 rue des Lilas", "12 rue des Lilas, 33000 Bordeaux", "33000",
        ),
    ],
)  # fmt: skip
async def test_an_address_is_asked_for_until_it_is_whole(
    shop: Dragoman, language: str, market: str, asked: str, unclear: str, whole: str, shown: str
) -> None:
    speaker = session(language, market)
    first = await talk(shop, speaker, asked)
    assert tools(first)["show_order"] == "ok"
    again = await talk(shop, speaker, unclear)
    assert tools(again) == {"show_order": "ok"}
    assert answer(again).strip() == answer(first).strip().split("\n\n")[-1]
    offered = await talk(shop, speaker, whole)
    assert tools(offered) == {"show_order": "ok", "change_order_address": "needs_confirmation"}
    assert shown in answer(offered)
    await talk(shop, speaker, {"de": "nein", "fr": "non"}.get(language, "no"))


async def test_a_postcode_alone_still_proves_an_order_that_is_closed(shop: Dragoman) -> None:
    speaker = session("pt-BR", "BR")
    said = await talk(shop, speaker, "quero mudar o endereço do pedido AQ-10113", "30140-070")
    assert tools(said) == {"identify_customer": "ok", "show_order": "ok"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "where is my order AQ-10112, my email address is g.penrose@example.com"),
        ("en", "when do you deliver to me? AQ-10112 g.penrose@example.com"),
        ("de", "wo ist AQ-10114, meine E-Mail-Adresse ist h.vossberg@example.org"),
        ("fr", "où est AQ-10118, mon adresse e-mail est quentin_savarin@example.net"),
    ],
)
async def test_an_email_address_is_not_where_goods_go(shop: Dragoman, language: str, text: str) -> None:
    said = await talk(shop, session(language, "GB"), text)
    assert tools(said) == {"identify_customer": "ok", "show_order": "ok"}


@pytest.mark.parametrize(
    ("language", "market", "text", "shown"),
    [
        ("en", "GB", "please send AQ-10112 to 12 Mill Lane, Brighton BN1 1AA. g.penrose@example.com", "BN1 1AA"),
        ("de", "DE", "bitte AQ-10114 an Gartenstr. 12, 50674 Köln liefern h.vossberg@example.org", "Gartenstr. 12"),
    ],
)
async def test_an_address_told_with_the_request_is_quoted_at_once(
    shop: Dragoman, language: str, market: str, text: str, shown: str
) -> None:
    speaker = session(language, market)
    said = await talk(shop, speaker, text)
    assert tools(said)["change_order_address"] == "needs_confirmation"
    assert shown in answer(said)
    await talk(shop, speaker, {"de": "nein"}.get(language, "no"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "where is AQ-10112? I live at 12 Mill Lane, Brighton BN1 1AA"),
        ("de", "wo ist AQ-10114? Ich wohne Gartenstr. 12, 50674 Köln"),
    ],
)
async def test_where_somebody_lives_is_not_where_an_order_is_to_go(shop: Dragoman, language: str, text: str) -> None:
    said = await talk(shop, session(language, "GB"), text)
    assert "change_order_address" not in tools(said)


@pytest.mark.parametrize(
    ("language", "market", "text"),
    [
        ("ja", "JP", "AQ-10117の住所を〒150-0002 東京都渋谷区渋谷2-21-1に変えて"),
        ("zh-CN", "CN", "把订单AQ-10116改寄到200031 上海市徐汇区衡山路88号"),
        ("de", "DE", "AQ-10114 bitte an Gartenstr. 12, 50674 Köln liefern"),
    ],
)
async def test_the_postcode_of_a_new_address_proves_nothing(
    shop: Dragoman, language: str, market: str, text: str
) -> None:
    said = await talk(shop, session(language, market), text)
    assert tools(said)["show_order"] == "missing"
    assert "identify_customer" not in tools(said)


async def test_of_an_order_that_is_open_no_proof_fails(shop: Dragoman) -> None:
    speaker = replace(session("de", "DE"), customer_id="henrik_vossberg_5561")
    said = await talk(shop, speaker, "AQ-10114 50674")
    assert tools(said) == {"identify_customer": "ok", "show_order": "ok"}
    stranger = await talk(shop, replace(session("de", "DE"), customer_id="lena_brandt_2041"), "AQ-10114 50674")
    assert tools(stranger)["identify_customer"] == "refused"


@pytest.mark.parametrize(
    ("language", "market", "customer", "turns", "action"),
    [
        (
            "de", "DE", "tobias_rademacher_4719",
            ("wo ist AQ-10115?", "bitte an Gartenstr. 12, 50674 Köln liefern"), "change_order_address",
        ),
        (
            "en", "GB", "callum_ashdown_9499",
            ("where is AQ-10119?", "can I still cancel it?", "ok cancel it, I changed my mind"), "cancel_order",
        ),
        (
            "fr", "FR", "quentin_savarin_2301",
            ("où est AQ-10118 ?", "puis-je encore l'annuler ?", "annulez-la, je n'en ai plus besoin"), "cancel_order",
        ),
    ],
)  # fmt: skip
async def test_what_is_asked_of_the_order_just_shown_is_done_with_it(
    shop: Dragoman, language: str, market: str, customer: str, turns: tuple[str, ...], action: str
) -> None:
    speaker = replace(session(language, market), customer_id=customer)
    said = await talk(shop, speaker, *turns)
    assert tools(said)[action] == "needs_confirmation"
    await talk(shop, speaker, {"de": "nein", "fr": "non"}.get(language, "no"))


async def test_whether_something_may_be_done_with_an_order_is_told_with_its_state(shop: Dragoman) -> None:
    speaker = replace(session("en", "GB"), customer_id="callum_ashdown_9499")
    said = await talk(shop, speaker, "where is AQ-10119?", "can I still cancel it?")
    assert "Order AQ-10119 is not packed yet." in answer(said)
    assert "cancel_order" not in tools(said)
