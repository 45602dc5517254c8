"""The widget on the demo storefront, with the real server behind it, in four languages."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jwt
import pytest
from playwright.sync_api import Page, expect

from tests.command_line import command
from tests.integrations.widget_browser.conftest import SECRET
from tests.integrations.widget_browser.stage import Stage
from tests.integrations.widget_browser.visits import PATIENCE_MS, PNG, ask, inside, reopen, settled


def visit(page: Page, address: str, locale: str = "en-US") -> None:
    page.goto(f"{address}/?locale={locale}")
    reopen(page)


def find_order(page: Page, order_id: str, proof: str) -> None:
    """Fill the form that asks for an order."""
    form = inside(page, "form.identify").last
    form.locator("input").nth(0).fill(order_id)
    form.locator("input").nth(1).fill(proof)
    form.locator(".main").click()
    expect(inside(page, ".order").last).to_be_visible(timeout=PATIENCE_MS)
    settled(page)


def test_the_storefront_forbids_what_it_does_not_need_and_the_widget_works(page: Page, address: str) -> None:
    reply = page.goto(address)
    assert reply is not None
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    reopen(page)
    expect(inside(page, ".note")).to_contain_text("AI assistant")
    expect(inside(page, ".badge").first).to_have_text("AI")
    expect(inside(page, ".log .said").first).to_contain_text("Amberquay")
    expect(inside(page, ".chip")).to_have_count(3)


@pytest.mark.parametrize(("locale", "question"), [
    ("en-US", "How long do I have to return something?"), ("de-DE", "Wie lange kann ich etwas zurückgeben?"),
    ("ar-SA", "ما هي مدة الإرجاع؟"), ("ja-JP", "返品はいつまでできますか？"),
])  # fmt: skip
def test_a_policy_question_is_answered_with_a_passage_that_opens(
    page: Page, address: str, locale: str, question: str
) -> None:
    visit(page, address, locale)
    ask(page, question)
    expect(inside(page, ".answer .text").last).to_contain_text("30")
    inside(page, ".cite").first.click()
    source = inside(page, ".sources li:focus")
    expect(source.locator("blockquote")).to_be_visible()
    title = source.locator(".title").inner_text()
    page.goto(str(source.locator("a").get_attribute("href")))
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()


@pytest.mark.parametrize(("locale", "question"), [
    ("en-US", "A pet feeder under 80 euros that works without Wi-Fi"), ("de-DE", "Ein Futterautomat unter 80 Euro ohne WLAN"),
])  # fmt: skip
def test_a_product_is_a_card_with_its_price_and_picture(page: Page, address: str, locale: str, question: str) -> None:
    visit(page, address, locale)
    ask(page, question)
    card = inside(page, ".card").first
    expect(card.locator("h3")).to_contain_text("Tidbit")
    expect(card.locator(".price")).to_contain_text("79")
    assert "/products/AQ-P-001" in (card.locator("a").get_attribute("href") or "")
    picture = card.locator("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("e => e.naturalWidth") > 0


@pytest.mark.parametrize(("locale", "question", "order_id", "proof"), [
    ("en-US", "Where is my order?", "AQ-10061", "28015"), ("de-DE", "Wo ist meine Bestellung?", "AQ-10063", "alvaro.montalban@example.com"),
    ("ar-SA", "أين طلبي؟", "AQ-10069", "32253"), ("ja-JP", "荷物はどこですか？", "AQ-10089", "1200-109"),
])  # fmt: skip
def test_an_order_is_found_shown_and_an_item_of_it_sent_back(
    page: Page, address: str, locale: str, question: str, order_id: str, proof: str
) -> None:
    visit(page, address, locale)
    ask(page, question)
    expect(inside(page, "form.identify")).to_be_visible(timeout=PATIENCE_MS)
    find_order(page, order_id, proof)
    card = inside(page, ".order").last
    expect(card.locator("h3")).to_contain_text(order_id)
    expect(card.locator("li[aria-current=step]")).to_have_count(1)
    card.get_by_role("button").first.click()
    returns = inside(page, "form.return")
    returns.locator("input[type=checkbox]:not(:disabled)").first.check()
    returns.locator(".main").click()
    quote = inside(page, ".action")
    expect(quote.locator(".lines li").first).to_be_visible()
    quote.locator(".main").dblclick()
    expect(inside(page, ".action.done")).to_contain_text(order_id)


def test_what_does_not_match_an_order_is_said_alike(page: Page, address: str) -> None:
    visit(page, address)
    ask(page, "Where is my order?")
    form = inside(page, "form.identify")
    for order_id in ("AQ-10061", "AQ-99999"):
        form.locator("input").nth(0).fill(order_id)
        form.locator("input").nth(1).fill("00000")
        form.locator(".main").click()
        expect(form.locator(".fault")).to_have_text("These details do not match an order. Please check them.")
        form.locator("input").nth(1).fill("")


def test_a_signed_in_customer_is_known_without_asking(page: Page, address: str) -> None:
    told = {"sub": "alvaro_montalban_4988", "aud": "dragoman", "exp": int(time.time()) + 600}
    page.goto(f"{address}/?locale=en-US")
    page.locator("dragoman-chat").evaluate(
        "(e, t) => e.setAttribute('identity-token', t)", jwt.encode(told, SECRET, "HS256")
    )
    reopen(page)
    ask(page, "Where is my order AQ-10063?")
    expect(inside(page, ".order h3")).to_contain_text("AQ-10063")
    expect(inside(page, "form.identify")).to_have_count(0)


def test_a_person_of_the_shop_takes_over_from_the_terminal(page: Page, address: str, storefront_home: Path) -> None:
    visit(page, address)
    ask(page, "thanks")
    inside(page, "button.person").click()
    reference = inside(page, ".waiting bdi").inner_text()

    def desk(*words: str) -> None:
        with ThreadPoolExecutor(1) as aside:  # Playwright keeps an event loop running here
            assert aside.submit(command, storefront_home, "handoff", *words).result().returncode == 0

    desk("claim", reference, "--by", "Mara")
    expect(inside(page, ".head h2")).to_have_text("Mara", timeout=PATIENCE_MS)
    desk("reply", reference, "I see your order.", "--by", "Mara")
    expect(inside(page, ".human.said")).to_contain_text("I see your order.", timeout=PATIENCE_MS)
    ask(page, "Great")
    page.reload()
    reopen(page)
    expect(inside(page, ".head h2")).to_have_text("Mara")
    expect(inside(page, ".human.said")).to_contain_text("I see your order.")
    expect(inside(page, ".mine")).to_have_count(2)
    desk("return", reference, "--by", "Mara")
    expect(inside(page, ".head .badge")).to_have_text("AI", timeout=PATIENCE_MS)


def test_the_conversation_is_there_on_the_next_page_and_can_be_taken_and_deleted(page: Page, address: str) -> None:
    visit(page, address)
    inside(page, "input[type=file]").set_input_files({"name": "lamp.png", "mimeType": "image/png", "buffer": PNG})
    expect(inside(page, ".tray .name")).to_have_text("lamp.png")
    ask(page, "How much is shipping to Germany?")
    answer = inside(page, ".answer .text").last.inner_text()
    inside(page, ".thumb").first.click()
    page.goto(f"{address}/products/AQ-P-001?locale=en-US")
    reopen(page)
    expect(inside(page, ".mine")).to_contain_text(["How much is shipping to Germany?"])
    expect(inside(page, ".answer .text").last).to_have_text(answer, use_inner_text=True)
    expect(inside(page, ".thumb").first).to_have_attribute("aria-pressed", "true")
    expect(inside(page, ".mine .file")).to_contain_text("lamp")
    inside(page, ".menu-place > button").click()
    with page.expect_download() as taken:
        inside(page, ".menu button").nth(1).click()
    assert "How much is shipping to Germany?" in Path(taken.value.path()).read_text("utf-8")
    inside(page, ".menu-place > button").click()
    inside(page, ".menu button").nth(3).click()
    inside(page, ".star input").nth(4).check()
    inside(page, "form.rating .main").click()
    expect(inside(page, ".note-line").last).to_contain_text("Thank you")
    inside(page, ".menu-place > button").click()
    inside(page, ".menu button").nth(4).click()
    inside(page, ".log form .main").last.click()
    expect(inside(page, ".note-line")).to_contain_text("has been deleted")


@pytest.mark.parametrize("tag", [
    '<script type="module" src="{0}/widget.js" data-shop="lumen.myshopify.com"\n data-locale="de" data-image-hosts="cdn.shopify.com"></script>',
    '<script type="module" src="{0}/widget.js" data-shop="Lumen &amp; Co" data-locale="de-DE"></script>',
], ids=["shopify", "woocommerce"])  # fmt: skip
def test_on_a_shops_own_pages_of_another_origin(page: Page, stage: Stage, address: str, tag: str) -> None:
    """What the recipes of docs/shop-owner.md print, on a page that is not of the server."""
    stage.page = f"<!doctype html><html lang=de><title>Lumen</title><link rel=icon href='data:,'><h1>Lumen</h1>{tag.format(address)}</html>"
    page.goto(stage.address)
    reopen(page)
    expect(inside(page, ".note")).to_contain_text("KI-Assistenten")
    ask(page, "Wie lange kann ich etwas zurückgeben?")
    expect(inside(page, ".answer .text").last).to_contain_text("30")
    inside(page, ".consent button").first.click()
    page.reload()
    reopen(page)
    expect(inside(page, ".mine")).to_have_count(1)
