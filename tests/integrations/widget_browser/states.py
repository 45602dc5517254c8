"""Everything the widget can show, on the stage: what the tests of looks and of access go through."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.integrations.widget_browser.stage import Event, Stage, custom, step, text
from tests.integrations.widget_browser.visits import PNG, ask, inside, write

CARDS = [
    {
        "product_id": f"L-{n}", "name": name, "summary": "Warm light, dims to one per cent, no app.", "price": price,
        "price_to": None, "currency": "EUR", "available": n != 3, "url": f"/products/L-{n}", "image": f"/images/L-{n}.svg",
        "stock": 3 if n == 2 else 40, "lowest_30_days": "39.90" if n == 1 else None, "checked_at": "2026-11-30T09:02:00Z",
        "variants": [
            {"variant_id": f"L-{n}-a", "name": "amber", "price": price, "currency": "EUR", "available": n != 3, "stock": 3 if n == 2 else 40},
            {"variant_id": f"L-{n}-s", "name": "slate", "price": price, "currency": "EUR", "available": False, "stock": 0},
        ],
    }
    for n, (name, price) in enumerate([("Duskling Lamp", "47.90"), ("Nightfern Lamp", "37.90"), ("Tonewell Speaker", "160.00")], 1)
]  # fmt: skip

ORDER: dict[str, Any] = {
    "order_id": "AQ-10423", "status": "shipped", "status_words": "On its way", "placed_at": "2026-11-18T09:12:00Z",
    "items": [{"item_id": "L-1-a", "product_id": "L-1", "name": "Duskling Lamp", "variant": "amber", "quantity": 2, "price": "47.90", "image": "/images/L-1.svg"}],
    "total": "95.80", "currency": "EUR",
    "timeline": [
        {"status": "placed", "words": "Ordered", "at": "2026-11-18T09:12:00Z", "place": "", "current": False},
        {"status": "shipped", "words": "On its way", "at": "2026-11-22T06:15:00Z", "place": "Leipzig", "current": True},
        {"status": "delivered", "words": "Delivered", "at": "", "place": "", "current": False},
    ],
    "carrier": "DHL", "tracking_number": "00340434161094", "tracking_url": "https://track.example/1",
    "expected": "Expected on Monday, 23 November.", "checked_at": "2026-11-30T09:02:00Z", "actions": ["return_items", "exchange_items"],
}  # fmt: skip

OPTIONS: dict[str, Any] = {
    "order_id": "AQ-10423", "currency": "EUR",
    "items": [
        {"item_id": "L-1-a", "name": "Duskling Lamp", "variant": "amber", "quantity": 2, "price": "47.90", "image": "/images/L-1.svg",
         "returnable": True, "why_not": None, "exchanges": [{"item_id": "L-1-s", "name": "slate", "price": "47.90", "available": True}]},
        {"item_id": "G-1", "name": "Gift card", "variant": "", "quantity": 1, "price": "20.00", "image": "", "returnable": False,
         "why_not": "Gift cards cannot be sent back.", "exchanges": []},
    ],
    "reasons": [{"code": "small", "words": "Too small"}, {"code": "broken", "words": "Arrived broken"}],
    "methods": [{"payment_method_id": "p1", "words": "Visa ending in 4411"}, {"payment_method_id": "p2", "words": "gift card"}],
    "until": "2026-12-22",
}  # fmt: skip

QUOTE: dict[str, Any] = {
    "action": "return_items", "status": "needs_confirmation", "rule": "CONFIRMATION_REQUIRED", "operation_id": "op-1", "token": "yes-1",
    "message": "Return items of order AQ-10423\n• Duskling Lamp (amber): €47.90\n• Postage: -€4.90\nTotal: €43.00\nYou get back €43.00.",
    "quote": {"lines": []},
}  # fmt: skip
OUTCOME = {**QUOTE, "status": "done", "token": "", "message": "Your return for order AQ-10423 is registered."}

SOURCES = custom("citations", citations=[
    {"number": 1, "document": "d", "title": "Delivery", "quote": "We deliver in 2–4 days.", "locale": "en", "url": "/policies/d"},
    {"number": 2, "document": "e", "title": "Express", "quote": "Express takes a day.", "locale": "en", "url": "https://shop.example/e"},
])  # fmt: skip

ANSWERS: dict[str, list[Event]] = {
    "long": [
        *text("Delivery takes **2–4 days** [1]. Express is faster [2]:\n\n- Standard\n- Express\n\n| Way | Days |\n|---|---|\n"),
        *text("| Standard | 2–4 |\n| Express | 1 |\n\n> Quoted. See [the page](https://shop.example/x) or `AQ-1`."), SOURCES,
        custom("suggestions", suggestions=["And to Norway?", "What does it cost?"]),
    ],
    "cards": [*text("Two lamps fit."), custom("cards", cards=CARDS)],
    "order": [*text("It is on its way."), custom("order", order=ORDER)],
    "identify": [*text("Which order?"), custom("identify", missing=["order_id", "email"], order_id="")],
    "quote": [*text("Please check."), custom("action", **QUOTE)],
    "slow": [step("Looking at the product data"), *text(*("and so on " for _ in range(4000)))],
}  # fmt: skip


def set_up(stage: Stage) -> None:
    """Let the stage answer by these names."""
    stage.answer = lambda message: ANSWERS.get(message, text(f"You said: {message}"))
    stage.files["a1"] = PNG
    stage.replies = {
        "/v1/orders/AQ-10423/return-options": (200, OPTIONS), "/v1/actions": (200, QUOTE),
        "/v1/actions/op-1/confirm": (200, OUTCOME), "/v1/actions/op-1/cancel": (200, OUTCOME),
        "/v1/identify": (200, {"identified": True, "order_id": "AQ-10423"}), "/v1/rating": (204, {}), "/v1/feedback": (204, {}),
        "/v1/handoff": (200, {"reference": "H-1A2B", "open_now": True, "opens": "09:00", "closes": "18:00", "wait_minutes": 4,
                              "message": "A person will be with you soon."}),
        "/v1/attachments": (201, {"attachment_id": "a1", "name": "lamp.png", "media_type": "image/png", "bytes": 70}),
        "/v1/transcript": (202, {}), "/v1/erase": (200, {"erased": True, "kept": "Records of orders stay."}),
    }  # fmt: skip


def show_everything(page: Page, stage: Stage) -> None:
    """Fill one conversation with every kind of part the log can hold."""
    for name in ("long", "cards", "identify"):
        ask(page, name)
    inside(page, "form.identify .main").click()
    expect(inside(page, "form.identify .fault")).not_to_be_empty()
    ask(page, "order")
    inside(page, ".order button").first.click()
    expect(inside(page, "form.return")).to_be_visible()
    inside(page, "form.return input[type=checkbox]").first.check()
    inside(page, "form.return .way input").last.check()
    ask(page, "quote")
    choose(page, 2)
    choose(page, 4)
    choose(page, 3)
    inside(page, ".star input").nth(3).check()
    stage.replies["/v1/chat"] = (429, {"error": {"code": "too_many", "message": "Too many messages."}})
    write(page, "refused")
    expect(inside(page, ".fate.failed")).to_be_visible()
    del stage.replies["/v1/chat"]
    inside(page, "button.person").click()
    expect(inside(page, ".waiting")).to_be_visible()


def choose(page: Page, number: int) -> None:
    """An entry of the menu."""
    inside(page, ".menu-place > button").click()
    inside(page, ".menu button").nth(number).click()


def take_over(stage: Stage, name: str = "Mara") -> None:
    """A person has the conversation and says something."""
    claimed = {"reference": "H-1A2B", "status": "claimed", "name": name, "message": "", "open_now": True, "email": ""}
    stage.last.tell(custom("handoff", **claimed))
    stage.last.tell(custom("person_message", name=name, text="Hello, I see your order.", at="2026-11-30T09:10:00Z"))
