"""The widget in a real browser, under the content security of the demo storefront."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
PATIENCE_MS = 30_000

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser is installed at {CHROMIUM}")


@pytest.fixture(scope="module")
def address(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A storefront served by `dragoman serve` on a free port."""
    home = tmp_path_factory.mktemp("browser") / "home"
    shutil.copytree(demo_home, home)
    serve = subprocess.Popen(
        [Path(sys.executable).with_name("dragoman"), "serve", "--port", "0"], stderr=subprocess.PIPE, text=True,
        env={**os.environ, "DRAGOMAN_HOME": str(home)},
    )  # fmt: skip
    assert serve.stderr is not None
    told = next(line for line in serve.stderr if "http://" in line)
    rest = threading.Thread(target=serve.stderr.read)
    rest.start()
    yield next(word for word in told.split() if word.startswith("http://"))
    serve.terminate()
    serve.wait(30)
    rest.join()
    serve.stderr.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


def is_complaint(said: ConsoleMessage) -> bool:
    """Whether the console complains about our page; the icon that browsers ask for unasked is none of its parts."""
    return said.type in ("error", "warning") and not said.location["url"].endswith("/favicon.ico")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a new visitor; nothing may be refused, broken or complained about while a test uses it."""
    visitor = browser.new_context(locale="en-US")
    opened = visitor.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("response", lambda reply: complaints.append(reply.url) if reply.status >= 400 else None)
    yield opened
    visitor.close()
    assert complaints == []


def open_chat(page: Page, address: str, locale: str = "en-US") -> None:
    page.goto(f"{address}/?locale={locale}")
    page.locator("dragoman-chat .launcher").click()
    expect(page.locator("dragoman-chat .said").first).to_be_visible(timeout=PATIENCE_MS)


def ask(page: Page, text: str) -> None:
    page.locator("dragoman-chat textarea").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("dragoman-chat .log")).to_have_attribute("aria-busy", "false", timeout=PATIENCE_MS)


def test_the_chat_opens_and_discloses_that_it_is_an_ai(page: Page, address: str) -> None:
    open_chat(page, address)
    expect(page.locator("dragoman-chat .note")).to_contain_text("AI assistant")
    expect(page.locator("dragoman-chat .badge")).to_have_text("AI")
    expect(page.locator("dragoman-chat .said").first).to_contain_text("Amberquay")
    expect(page.locator("dragoman-chat .chips button")).to_have_count(3)


def test_the_page_forbids_what_it_does_not_need_and_the_widget_still_works(page: Page, address: str) -> None:
    reply = page.goto(address)
    assert reply is not None
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    expect(page.locator("dragoman-chat .launcher")).to_be_visible()
    assert page.locator("dragoman-chat .launcher").evaluate("e => getComputedStyle(e).position") == "fixed"


def test_a_policy_question_is_answered_with_its_source(page: Page, address: str) -> None:
    open_chat(page, address, "de-DE")
    ask(page, "Wie lange kann ich etwas zurückgeben?")
    expect(page.locator("dragoman-chat .mine")).to_have_text("Wie lange kann ich etwas zurückgeben?")
    expect(page.locator("dragoman-chat .cite").first).to_have_text("1")
    sources = page.locator("dragoman-chat details").first
    expect(sources.locator("summary")).to_contain_text("Quellen")
    sources.locator("summary").click()
    expect(sources.locator("blockquote").first).to_be_visible()
    link = sources.locator("a").first.get_attribute("href")
    assert link is not None
    page.goto(link)
    expect(page.locator("article.policy")).to_be_visible()


def test_a_product_question_shows_a_card_with_price_and_picture(page: Page, address: str) -> None:
    open_chat(page, address, "de-DE")
    ask(page, "Ein Futterautomat unter 80 Euro ohne WLAN")
    card = page.locator("dragoman-chat a.card").first
    expect(card).to_contain_text("79,00")
    assert "/products/AQ-P-001" in (card.get_attribute("href") or "")
    picture = card.locator("img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("e => e.complete && e.naturalWidth > 0", arg=picture.element_handle())


def test_a_suggestion_is_asked_by_a_click(page: Page, address: str) -> None:
    open_chat(page, address)
    first = page.locator("dragoman-chat .chips button").first
    text = first.inner_text()
    first.click()
    expect(page.locator("dragoman-chat .mine")).to_have_text(text)
    expect(page.locator("dragoman-chat details")).to_have_count(1, timeout=PATIENCE_MS)


def test_the_conversation_is_still_there_on_the_next_page(page: Page, address: str) -> None:
    open_chat(page, address)
    ask(page, "How much is shipping to Germany?")
    answer = page.locator("dragoman-chat .said:not(.mine)").last.inner_text()
    page.goto(f"{address}/products/AQ-P-001?locale=en-US")
    page.locator("dragoman-chat .launcher").click()
    expect(page.locator("dragoman-chat .mine")).to_have_text("How much is shipping to Germany?")
    expect(page.locator("dragoman-chat .said:not(.mine)").last).to_have_text(answer)


def test_escape_closes_and_returns_focus_to_the_button(page: Page, address: str) -> None:
    open_chat(page, address)
    focused = "() => document.querySelector('dragoman-chat').shadowRoot.activeElement?.className"
    assert page.evaluate("() => document.querySelector('dragoman-chat').shadowRoot.activeElement.tagName") == "TEXTAREA"
    page.keyboard.press("Escape")
    expect(page.locator("dragoman-chat .panel")).to_be_hidden()
    assert page.evaluate(focused) == "launcher"


def test_the_chat_can_be_used_with_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("dragoman-chat .launcher").focus()
    page.keyboard.press("Enter")
    expect(page.locator("dragoman-chat .chips")).to_be_visible()
    page.keyboard.type("thanks")
    page.keyboard.press("Enter")
    expect(page.locator("dragoman-chat .said").last).to_contain_text("welcome", timeout=PATIENCE_MS)


def test_what_a_shopper_writes_is_text_and_never_markup(page: Page, address: str) -> None:
    open_chat(page, address)
    ask(page, "<img src=x onerror=\"document.title='owned'\"> thanks")
    expect(page.locator("dragoman-chat .mine")).to_contain_text("<img src=x")
    assert page.locator("dragoman-chat .mine img").count() == 0
    assert page.title() != "owned"


def test_arabic_runs_from_right_to_left(page: Page, address: str) -> None:
    open_chat(page, address, "ar-SA")
    host = page.locator("dragoman-chat")
    assert host.evaluate("e => [e.dir, e.lang, getComputedStyle(e.shadowRoot.querySelector('header')).direction]") == [
        "rtl", "ar", "rtl",
    ]  # fmt: skip
    box = page.locator("dragoman-chat .panel").bounding_box()
    assert box is not None
    assert box["x"] < 100
    ask(page, "ما هي مدة الإرجاع؟")
    expect(page.locator("dragoman-chat .said:not(.mine)").last).to_contain_text("30")


def test_a_person_is_one_click_away(page: Page, address: str) -> None:
    open_chat(page, address)
    page.locator("dragoman-chat button.person").click()
    expect(page.locator("dragoman-chat .said:not(.mine)").last).to_contain_text("H-", timeout=PATIENCE_MS)


def test_a_phone_gets_the_chat_on_its_whole_screen(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    open_chat(page, address)
    page.wait_for_function(
        "() => document.querySelector('dragoman-chat').shadowRoot.querySelector('.panel').getAnimations().length === 0"
    )
    box = page.locator("dragoman-chat .panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 800}
