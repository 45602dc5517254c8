"""Nothing that comes from a server, a model or a document runs, calls out or becomes a part of the page's machinery."""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.integrations.widget_browser.stage import Event, Stage, custom, step, text
from tests.integrations.widget_browser.vectors import VECTORS
from tests.integrations.widget_browser.visits import ask, inside, open_chat

INSPECT = """e => {
  const all = [...e.shadowRoot.querySelectorAll('*')];
  const links = all.filter(n => n.hasAttribute('href')).map(n => n.href);
  return {
    fired: window.fired || null,
    faults: window.faults || null,
    outlined: getComputedStyle(document.body).outlineWidth,
    links: links.filter(l => !/^(https?|mailto):/.test(l)),
    handlers: all.filter(n => [...n.attributes].some(a => /^on|^style$|^srcset$|^srcdoc$/.test(a.name))).map(n => n.outerHTML.slice(0, 80)),
    strange: all.filter(n => /^(script|iframe|object|embed|style|link|meta|base|video|audio|picture|template|math|dialog)$/i.test(n.localName)).map(n => n.localName),
    images: all.filter(n => n.localName === 'img' && new URL(n.src).origin !== location.origin).map(n => n.src),
    forms: all.filter(n => n.localName === 'form' && n.hasAttribute('action')).length,
  };
}"""


NOTE_FAULTS = "() => addEventListener('dragoman:fault', e => (window.faults ||= []).push(e.detail.message))"


def everywhere(vector: str) -> list[Event]:
    """An answer that carries a vector in every place a text can stand."""
    card = {
        "product_id": vector, "name": vector, "summary": vector, "price": "1", "price_to": vector, "currency": vector,
        "available": True, "url": vector, "image": vector, "stock": 1, "lowest_30_days": vector, "checked_at": vector,
        "variants": [{"variant_id": vector, "name": vector, "price": "1", "currency": "EUR", "available": True, "stock": 1}] * 2,
    }  # fmt: skip
    order = {
        "order_id": vector, "status": vector, "status_words": vector, "placed_at": vector, "total": vector, "currency": vector,
        "items": [{"item_id": vector, "product_id": vector, "name": vector, "variant": vector, "quantity": 2, "price": vector, "image": vector}],
        "timeline": [{"status": vector, "words": vector, "at": vector, "place": vector, "current": True}], "carrier": vector,
        "tracking_number": vector, "tracking_url": vector, "expected": vector, "checked_at": vector, "actions": ["return_items"],
    }  # fmt: skip
    action = {
        "action": vector,
        "status": "needs_confirmation",
        "rule": vector,
        "message": f"• {vector}: 1",
        "quote": None,
    }
    source = {"number": 1, "document": vector, "title": vector, "quote": vector, "locale": vector, "url": vector}
    return [
        step(vector), *text(vector, " [1]\n\n| ", vector, " |\n|---|\n\n- ", vector, "\n\n> ", vector),
        custom("cards", cards=[card]), custom("order", order=order), custom("citations", citations=[source]),
        custom("identify", missing=[vector], order_id=vector),
        custom("action", **action, operation_id=vector, token=vector), custom("suggestions", suggestions=[vector]),
        custom("notice", code=vector, text=vector), custom("person_message", name=vector, text=vector, at=vector),
        custom("handoff", reference=vector, status="returned", message=vector, name=vector, open_now=True, email=vector),
        custom(vector, anything=vector),
    ]  # fmt: skip


def assert_harmless(page: Page, what: str) -> None:
    found: dict[str, Any] = page.locator("dragoman-chat").evaluate(INSPECT)
    assert found == {
        "fired": None, "faults": None, "outlined": found["outlined"], "links": [], "handlers": [], "strange": [], "images": [], "forms": 0,
    }, what  # fmt: skip
    assert found["outlined"] != "7px", what


def test_there_are_two_hundred_vectors() -> None:
    assert len(set(VECTORS)) >= 200


@pytest.mark.parametrize("csp", ["", "nonce"])
def test_no_vector_does_anything_in_an_answer(page: Page, stage: Stage, csp: str) -> None:
    """All as blocks of one answer; under a nonce and trusted types, where the page may not even complain."""
    stage.answer = lambda _: text(*(f"{vector}\n\n" for vector in VECTORS))
    open_chat(page, stage.address, csp=csp)
    ask(page, "Hello")
    assert_harmless(page, "all")
    assert inside(page, ".answer .text").evaluate("n => n.childElementCount") > 150


def test_no_vector_does_anything_in_any_part_of_a_reply(page: Page, stage: Stage) -> None:
    chosen = random.Random(7).sample(VECTORS, 24)
    stage.answer = lambda message: everywhere(chosen[int(message)])
    open_chat(page, stage.address, csp="nonce")
    page.evaluate(NOTE_FAULTS)
    for number, vector in enumerate(chosen):
        ask(page, str(number))
        assert_harmless(page, vector)


@pytest.mark.prove
def test_none_of_all_vectors_does_anything_in_any_part_of_a_reply(page: Page, stage: Stage) -> None:
    stage.answer = lambda message: everywhere(VECTORS[int(message)])
    open_chat(page, stage.address, csp="nonce")
    for number, vector in enumerate(VECTORS):
        if number and number % 30 == 0:
            page.evaluate("sessionStorage.clear()")
            open_chat(page, stage.address, csp="nonce")
        ask(page, str(number))
        assert_harmless(page, vector)


def test_a_hostile_session_and_hostile_refusals_are_text(rough_page: Page, stage: Stage) -> None:
    vector = "<img src=x onerror=window.fired=1>"
    stage.session = {
        "greeting": vector, "suggestions": [vector], "disclosure": vector,
        "shop": {"name": vector, "privacy_url": "javascript:window.fired=1", "logo": "//evil.example/x"},
    }  # fmt: skip
    open_chat(rough_page, stage.address)
    stage.replies["/v1/chat"] = (422, {"error": {"code": vector, "message": vector}})
    inside(rough_page, ".chip").first.click()
    expect(inside(rough_page, ".fate.failed")).to_contain_text(vector)
    assert_harmless(rough_page, "session")


def test_what_a_shopper_writes_is_text(page: Page, stage: Stage) -> None:
    open_chat(page, stage.address, csp="nonce")
    ask(page, "<b>bold</b> **stars** <img src=x onerror=window.fired=1>")
    expect(inside(page, ".mine .text")).to_have_text("<b>bold</b> **stars** <img src=x onerror=window.fired=1>")
    assert_harmless(page, "shopper")


def test_random_texts_are_shown_alike_whole_and_in_pieces(page: Page, stage: Stage) -> None:
    """Markdown fuzzed: a text that grows piece by piece ends as the same nodes as the text at once."""
    chance = random.Random(20261130)
    marks = ["**", "*", "_", "`", "```", "[", "](", ")", "[1]", "- ", "1. ", "\n", "\n\n", "| a |", "|--|", "> ", "# ", "!",
             "https://a.example/x", "word", "日本語", "عربي", " ", "<b>", "&amp;", "\\", "~~~", "  - ", "\t", "\r\n"]  # fmt: skip
    texts = ["".join(chance.choices(marks, k=chance.randint(3, 60))) for _ in range(24)]

    def answer(message: str) -> list[Event]:
        whole = texts[int(message) // 2]
        cuts = sorted(chance.sample(range(len(whole)), min(len(whole), 6))) if int(message) % 2 else []
        return text(*(whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)))

    stage.answer = answer
    open_chat(page, stage.address)
    for number in range(0, len(texts) * 2, 2):
        stage.pause = 0
        ask(page, str(number))
        stage.pause = 0.03
        ask(page, str(number + 1))
        whole, pieces = (inside(page, ".answer").nth(n).evaluate("n => n.innerHTML") for n in (-2, -1))
        assert pieces == whole, repr(texts[number // 2])
    assert_harmless(page, "random")
