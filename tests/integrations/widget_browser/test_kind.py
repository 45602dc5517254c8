"""Kind to shoppers and to the page: nothing kept unasked, nothing hidden, a person always near, a rule for greetings."""

from __future__ import annotations

import base64
import json

import pytest
from playwright.sync_api import Page, expect

from tests.integrations.widget_browser.stage import Stage, custom, text
from tests.integrations.widget_browser.states import OUTCOME, QUOTE, choose, set_up, take_over
from tests.integrations.widget_browser.visits import ask, focused, inside, open_chat, reopen, settled, write

HELD = "() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]"


def test_before_the_click_there_is_one_request_and_nothing_else(page: Page, stage: Stage) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(stage.address)))
    page.goto(f"{stage.address}/?bare=1")
    before = set(page.evaluate("() => Object.keys(window)"))
    asked.clear()
    page.goto(stage.address)
    expect(inside(page, ".launcher")).to_be_visible()
    page.wait_for_timeout(300)
    assert asked == ["/", "/widget.js"]
    assert page.evaluate(HELD) == [[], [], ""]
    assert set(page.evaluate("() => Object.keys(window)")) - before == set()
    assert stage.calls == []


def test_opened_and_used_it_takes_three_files(page: Page, stage: Stage) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(stage.address)))
    open_chat(page, stage.address)
    ask(page, "hello")
    files = [path for path in asked if path.startswith("/widget")]
    assert len(files) == len(set(files)) == 3


def test_it_says_it_is_an_ai_before_anything_comes_from_the_server(rough_page: Page, stage: Stage) -> None:
    stage.down = True
    rough_page.goto(stage.address)
    inside(rough_page, ".launcher").click()
    expect(inside(rough_page, ".note")).to_contain_text("AI assistant")
    expect(inside(rough_page, ".badge").first).to_have_text("AI")
    expect(inside(rough_page, "button.person")).to_be_visible()
    expect(inside(rough_page, ".fate.failed")).to_contain_text("no connection")
    stage.down = False
    inside(rough_page, ".fate.failed button").click()
    expect(inside(rough_page, ".chip").first).to_be_visible()


def test_nothing_is_kept_before_the_first_message(page: Page, stage: Stage) -> None:
    open_chat(page, stage.address)
    assert page.evaluate(HELD) == [[], [], ""]
    ask(page, "hello")
    local, session, cookies = page.evaluate(HELD)
    assert (local, len(session), cookies) == ([], 1, "")


@pytest.mark.parametrize("how", ["attribute", "server"])
def test_where_consent_is_needed_nothing_is_kept_before_it(page: Page, stage: Stage, how: str) -> None:
    stage.session = {"consent_needed": how == "server"}
    open_chat(page, stage.address, **({"consent": "needed"} if how == "attribute" else {}))
    ask(page, "hello")
    assert page.evaluate(HELD) == [[], [], ""]
    inside(page, ".consent button").first.click()
    assert len(page.evaluate(HELD)[1]) == 1
    page.reload()
    reopen(page)
    expect(inside(page, ".mine")).to_have_count(1)
    if how == "server":
        expect(inside(page, ".consent")).to_have_count(0)


def test_refused_consent_is_kept_to(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address, consent="needed")
    ask(page, "hello")
    inside(page, ".consent button").last.click()
    ask(page, "again")
    inside(page, "button.person").click()
    expect(inside(page, ".waiting")).to_be_visible()
    assert page.evaluate(HELD) == [[], [], ""]
    expect(inside(page, ".consent")).to_have_count(0)


def test_a_person_is_waited_for_joins_types_writes_and_leaves(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "hello")
    inside(page, "button.person").click()
    waiting = inside(page, ".waiting")
    for words in ("A person will be with you soon.", "about 4 minutes", "Open until 18:00", "H-1A2B"):
        expect(waiting).to_contain_text(words)
    inside(page, "button.person").click()
    assert len(stage.called("/v1/handoff")) == 1
    take_over(stage, "Mara")
    expect(inside(page, ".head h2")).to_have_text("Mara")
    expect(inside(page, ".head .badge")).to_have_text("Person")
    expect(inside(page, ".note")).to_contain_text("You are chatting with a person.")
    expect(inside(page, ".human.said")).to_contain_text("Hello, I see your order.")
    expect(waiting).to_have_count(0)
    stage.last.tell(custom("notice", code="typing", text="Mara is typing"))
    expect(inside(page, ".step")).to_contain_text("Mara is typing")
    inside(page, ".composer textarea").press_sequentially("thanks")
    page.wait_for_timeout(200)
    assert stage.called("/v1/typing") == [{"typing": True}]
    stage.last.tell(custom("person_message", name="Mara", text="Done!", at="2026-11-30T10:00:00Z"))
    expect(inside(page, ".human.said").last).to_contain_text("Done!")
    expect(inside(page, ".step")).to_have_count(0)
    gone = {"reference": "H-1A2B", "status": "resolved", "name": "Mara", "message": "", "open_now": True, "email": ""}
    stage.last.tell(custom("handoff", **gone))
    expect(inside(page, ".note")).to_contain_text("AI assistant")
    expect(inside(page, ".head .badge")).to_have_text("AI")
    expect(inside(page, "form.rating")).to_be_visible()


def test_what_a_person_corrects_or_takes_back_is_corrected_or_gone(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "hello")
    inside(page, "button.person").click()
    expect(inside(page, ".waiting")).to_be_visible()
    take_over(stage, "Mara")
    stage.last.tell(custom("person_message", id="7", name="Mara", text="It is 24 days.", at=""))
    stage.last.tell(custom("person_message", id="8", name="Mara", text="Wrong window.", at=""))
    stage.last.tell(custom("person_message", id="7", name="Mara", text="It is 42 days.", at="", edited=True))
    stage.last.tell(custom("person_message", id="8", name="Mara", text="", at="", edited=True))
    expect(inside(page, ".human.said").last).to_contain_text("It is 42 days.")
    expect(inside(page, ".human.said")).to_have_count(2)


def test_a_person_who_is_there_is_there_after_a_reload(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "hello")
    stage.handoff = {"reference": "H-1", "status": "claimed", "name": "Mara"}
    page.reload()
    inside(page, ".launcher").click()
    expect(inside(page, ".head h2")).to_have_text("Mara")
    stage.last.tell(custom("person_message", name="Mara", text="Still here.", at=""))
    expect(inside(page, ".human.said")).to_contain_text("Still here.")


def test_a_message_while_closed_marks_the_launcher(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "hello")
    inside(page, "button.person").click()
    take_over(stage)
    expect(inside(page, ".human.said")).to_be_visible()
    inside(page, ".close").click()
    stage.last.tell(custom("person_message", name="Mara", text="Are you there?", at=""))
    expect(inside(page, ".launcher")).to_have_attribute("aria-label", "Open chat (1)")
    inside(page, ".launcher").click()
    expect(inside(page, ".human.said").last).to_contain_text("Are you there?")


def test_a_return_is_ticked_quoted_changed_and_confirmed_once(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "order")
    inside(page, ".order button").first.click()
    returns = inside(page, "form.return")
    returns.locator(".main").click()
    expect(returns.locator(".fault")).to_have_text("Please choose at least one item.")
    expect(returns.locator("input[type=checkbox]").last).to_be_disabled()
    returns.locator("input[type=checkbox]").first.check()
    returns.locator(".tick select").first.select_option("2")
    returns.locator(".main").click()
    quote = inside(page, ".action")
    expect(quote.locator(".lines li")).to_have_count(3)
    expect(quote).to_contain_text("€43.00")
    quote.locator("button").last.click()
    expect(returns).to_be_visible()
    assert stage.called("/v1/actions/op-1/cancel") == [{}]
    returns.locator(".way input").last.check()
    returns.locator(".main").click()
    expect(quote).to_be_visible()
    quote.locator("button").first.dblclick()
    expect(inside(page, ".action.done")).to_contain_text("is registered")
    assert stage.called("/v1/actions/op-1/confirm") == [{"token": "yes-1"}]
    first, second = stage.called("/v1/actions")
    assert first == {"action": "return_items", "arguments": {
        "order_id": "AQ-10423", "item_ids": ["L-1-a", "L-1-a"], "payment_method_id": "p1",
    }}  # fmt: skip
    assert second["action"] == "exchange_items"
    assert second["arguments"]["new_item_ids"] == ["L-1-s", "L-1-s"]
    assert focused(page).startswith("box action")


def test_a_confirmation_that_fails_can_be_pressed_again(rough_page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(rough_page, stage.address)
    ask(rough_page, "quote")
    stage.replies["/v1/actions/op-1/confirm"] = (500, {})
    inside(rough_page, ".action .main").click()
    expect(inside(rough_page, ".action .fault")).to_contain_text("went wrong")
    stage.replies["/v1/actions/op-1/confirm"] = (200, OUTCOME)
    inside(rough_page, ".action .main").click()
    expect(inside(rough_page, ".action.done")).to_be_visible()


def test_a_later_outcome_takes_the_place_of_its_quote(page: Page, stage: Stage) -> None:
    answers = iter([[*text("Please check."), custom("action", **QUOTE)], [*text("Done."), custom("action", **OUTCOME)]])
    stage.answer = lambda _: next(answers)
    open_chat(page, stage.address)
    ask(page, "return it")
    ask(page, "yes")
    expect(inside(page, ".action")).to_have_count(1)
    expect(inside(page, ".action.done")).to_have_count(1)


def test_a_product_goes_into_the_cart_by_the_page_which_may_say_no(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "cards")
    page.evaluate(
        "() => { window.cart = []; window.refuse = false; addEventListener('dragoman:add-to-cart', e => { cart.push(e.detail); if (refuse) e.preventDefault() }) }"
    )
    card = inside(page, ".card").first
    for words in ("Duskling Lamp", "€47.90", "Lowest price of the last 30 days: €39.90", "In stock"):
        expect(card).to_contain_text(words)
    card.locator("button.main").click()
    expect(card.locator("button.main")).to_have_text("Added to cart")
    assert page.evaluate("() => cart") == [{"product_id": "L-1", "variant_id": "L-1-a", "quantity": 1}]
    page.evaluate("() => { refuse = true }")
    second = inside(page, ".card").nth(1)
    expect(second.locator(".stock")).to_have_text("Only 3 left")
    second.locator("button.main").click()
    expect(second.locator("button.main")).to_have_text("Add to cart")
    expect(inside(page, ".card").nth(2).locator("button.main")).to_be_disabled()
    expect(inside(page, ".card").nth(2).locator(".stock")).to_have_text("Out of stock")
    assert (card.locator("a").get_attribute("href") or "") == f"{stage.address}/products/L-1"


def test_an_order_is_found_by_its_number_and_an_address_or_postcode(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "identify")
    form = inside(page, "form.identify")
    form.locator("input").first.fill("AQ-10423")
    form.locator(".main").click()
    expect(form.locator(".fault")).to_have_text("Please fill this in.")
    expect(form.locator("input").last).to_have_attribute("aria-invalid", "true")
    form.locator("input").last.fill("10115")
    stage.replies["/v1/identify"] = (200, {"identified": False, "code": "no_match"})
    form.locator(".main").click()
    expect(form.locator(".fault")).to_contain_text("do not match")
    form.locator("input").last.fill("a@shop.example")
    stage.replies["/v1/identify"] = (200, {"identified": True, "order_id": "AQ-10423"})
    form.locator(".main").click()
    expect(inside(page, ".mine").last).to_contain_text("Order AQ-10423")
    assert stage.called("/v1/identify") == [
        {"order_id": "AQ-10423", "postcode": "10115"}, {"order_id": "AQ-10423", "email": "a@shop.example"},
    ]  # fmt: skip
    settled(page)


def test_a_message_that_is_too_long_says_so_and_loses_nothing(page: Page, stage: Stage) -> None:
    open_chat(page, stage.address)
    box, fault = inside(page, ".composer textarea"), inside(page, ".composer .fault")
    box.fill("x" * 5000)
    expect(fault).to_have_text("5,000 / 4,000")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.press("Enter")
    assert len(box.input_value()) == 5000
    assert stage.said == []
    box.fill("😀" * 4000)
    expect(fault).to_have_text("")
    box.press("Enter")
    settled(page)
    assert stage.said == ["😀" * 4000]


def test_a_photo_is_sent_with_the_message_and_what_cannot_be_is_named(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    picked = inside(page, "input[type=file]")
    picked.set_input_files({"name": "tool.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"})
    expect(inside(page, ".composer .fault")).to_contain_text("tool.exe cannot be sent")
    picked.set_input_files({"name": "big.png", "mimeType": "image/png", "buffer": b"x" * 5_000_001})
    expect(inside(page, ".composer .fault")).to_contain_text("big.png is too large (at most 5 MB)")
    assert stage.called("/v1/attachments") == []
    picked.set_input_files({"name": "lamp.png", "mimeType": "image/png", "buffer": b"\x89PNG"})
    expect(inside(page, ".tray li")).to_contain_text("lamp.png")
    write(page, "It is broken")
    settled(page)
    expect(inside(page, ".mine .file")).to_contain_text("lamp.png")
    assert stage.called("/v1/chat")[-1]["attachments"] == ["a1"]
    expect(inside(page, ".tray")).to_be_hidden()


def test_it_is_rated_once_and_answers_are_judged(page: Page, stage: Stage) -> None:
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "hello")
    inside(page, ".thumb").first.click()
    expect(inside(page, ".thumb").first).to_have_attribute("aria-pressed", "true")
    choose(page, 3)
    inside(page, "form.rating .main").click()
    expect(inside(page, "form.rating .fault")).not_to_be_empty()
    inside(page, ".star input").nth(3).check()
    inside(page, "form.rating textarea").fill("Quick")
    inside(page, "form.rating .main").click()
    expect(inside(page, ".note-line").last).to_contain_text("Thank you")
    choose(page, 3)
    expect(inside(page, "form.rating")).to_have_count(0)
    assert stage.called("/v1/rating") == [{"stars": 4, "comment": "Quick"}]
    assert stage.called("/v1/feedback")[0]["score"] == 1


def test_the_transcript_can_be_taken_or_sent_and_everything_deleted(rough_page: Page, stage: Stage) -> None:
    page = rough_page
    set_up(stage)
    open_chat(page, stage.address)
    ask(page, "hello")
    with page.expect_download() as taken:
        choose(page, 1)
    assert taken.value.suggested_filename.endswith(".html")
    choose(page, 2)
    stage.replies["/v1/transcript"] = (409, {"error": {"code": "no_mail", "message": "No."}})
    inside(page, "input[type=email]").fill("a@shop.example")
    inside(page, ".log form .main").last.click()
    expect(inside(page, ".log form .fault").last).to_contain_text("E-mail is not set up here")
    stage.replies["/v1/transcript"] = (202, {})
    inside(page, ".log form .main").last.click()
    expect(inside(page, ".note-line").last).to_contain_text("on its way to a@shop.example")
    choose(page, 4)
    inside(page, ".log form .plain").last.click()
    assert stage.called("/v1/erase") == []
    choose(page, 4)
    inside(page, ".log form .main").last.click()
    expect(inside(page, ".note-line")).to_have_text("Your conversation has been deleted. Records of orders stay.")
    expect(inside(page, ".mine")).to_have_count(0)
    assert page.evaluate(HELD) == [[], [], ""]
    ask(page, "again")
    assert len(stage.conversations) == 2


def test_a_greeting_by_rule_comes_once_a_visit(page: Page, stage: Stage) -> None:
    rule = "greet=Need+a+hand%3F&greet-after=0.2&greet-on=/products/*&greet-cart=50"
    page.goto(f"{stage.address}/?{rule}")
    page.wait_for_timeout(500)
    expect(inside(page, ".hail")).to_have_count(0)
    page.goto(f"{stage.address}/products/1?{rule}")
    page.wait_for_timeout(500)
    expect(inside(page, ".hail")).to_have_count(0)
    page.evaluate("dispatchEvent(new CustomEvent('dragoman:cart', { detail: { total: 60 } }))")
    expect(inside(page, ".hail")).to_contain_text("Need a hand?")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    inside(page, ".hail button").last.click()
    expect(inside(page, ".hail")).to_have_count(0)
    page.reload()
    page.wait_for_timeout(400)
    page.evaluate("dispatchEvent(new CustomEvent('dragoman:cart', { detail: { total: 60 } }))")
    page.wait_for_timeout(200)
    expect(inside(page, ".hail")).to_have_count(0)


def test_the_page_is_told_what_happens(page: Page, stage: Stage) -> None:
    set_up(stage)
    page.goto(stage.address)
    page.evaluate(
        "() => { window.told = []; for (const n of ['open', 'close', 'message', 'answer', 'handoff', 'rating'])"
        " addEventListener('dragoman:' + n, e => told.push(n)) }"
    )
    reopen(page)
    ask(page, "hello")
    inside(page, ".thumb").first.click()
    inside(page, "button.person").click()
    expect(inside(page, ".waiting")).to_be_visible()
    inside(page, ".close").click()
    assert page.evaluate("() => told") == ["open", "message", "answer", "rating", "handoff", "close"]
    page.evaluate("() => addEventListener('dragoman:message', e => e.preventDefault())")
    reopen(page)
    write(page, "not sent")
    page.wait_for_timeout(200)
    assert stage.said == ["hello"]


def test_it_wears_the_shops_colours_and_name(page: Page, stage: Stage) -> None:
    page.goto(
        f"{stage.address}/?theme=dark&position=start&title=Lumen+helper&greeting=Hi+there&label=Ask+us&logo=/images/logo.svg"
    )
    page.evaluate(
        "() => { const s = new CSSStyleSheet(); s.replaceSync('dragoman-chat { --dragoman-accent: rgb(255, 220, 0); --dragoman-radius: 4px }"
        " dragoman-chat::part(header) { background: rgb(1, 2, 3) }'); document.adoptedStyleSheets = [s] }"
    )
    launcher = inside(page, ".launcher")
    expect(launcher).to_have_attribute("aria-label", "Ask us")
    assert launcher.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 220, 0)"
    box = launcher.bounding_box()
    assert box is not None
    assert box["x"] < 100
    reopen(page)
    expect(inside(page, ".head h2")).to_have_text("Lumen helper")
    expect(inside(page, ".log .said").first).to_contain_text("Hi there")
    assert inside(page, ".mark img").get_attribute("src") == f"{stage.address}/images/logo.svg"
    looks = inside(page, ".panel").evaluate(
        "e => [getComputedStyle(e).borderTopLeftRadius, getComputedStyle(e.querySelector('.head')).backgroundColor, getComputedStyle(e).backgroundColor]"
    )
    assert looks == ["4px", "rgb(1, 2, 3)", "rgb(25, 27, 32)"]
    dark = inside(page, ".send").last.evaluate("e => getComputedStyle(e).color")
    assert "0 0 0" in dark or "rgb(0, 0, 0)" in dark, "black is what can be read on yellow"


def test_a_hostile_style_sheet_of_the_page_changes_nothing(page: Page, stage: Stage) -> None:
    look = "e => { const c = getComputedStyle(e); return ['letterSpacing', 'textTransform', 'fontSize', 'lineHeight', 'color', 'borderTopWidth', 'display', 'opacity'].map(k => c[k]) }"
    open_chat(page, stage.address)
    parts = [".composer textarea", ".launcher", ".chip", ".head h2", ".note"]
    before = [inside(page, part).first.evaluate(look) for part in parts]
    page.evaluate(
        "() => { const s = new CSSStyleSheet(); s.replaceSync('* { letter-spacing: 9px !important; text-transform: uppercase !important; font-size: 30px !important;"
        " line-height: 3 !important; color: lime !important; border: 9px dashed red !important; opacity: .3 !important }'); document.adoptedStyleSheets = [s] }"
    )
    assert [inside(page, part).first.evaluate(look) for part in parts] == before


def test_texts_of_the_server_in_another_language_give_way_to_ours(page: Page, stage: Stage) -> None:
    open_chat(page, stage.address, lang="sv")
    expect(inside(page, ".log .said").first).to_contain_text("Hej! Hur kan jag hjälpa dig?")
    expect(inside(page, ".chip").first).to_have_text("Var är min order?")
    assert json.loads(json.dumps(stage.called("/v1/sessions")))[0]["locale"] == "sv"


def test_another_language_or_another_customer_is_another_conversation(page: Page, stage: Stage) -> None:
    """A fresh token of the same customer is not."""

    def token(subject: str, until: int) -> str:
        body = base64.urlsafe_b64encode(json.dumps({"sub": subject, "exp": until}).encode()).decode().rstrip("=")
        return f"head.{body}.signature"

    chat = page.locator("dragoman-chat")
    sign_in = "(e, token) => e.setAttribute('identity-token', token)"
    open_chat(page, stage.address, **{"identity-token": token("ana", 1)})
    ask(page, "hello")
    chat.evaluate(sign_in, token("ana", 2))
    page.wait_for_timeout(100)
    expect(inside(page, ".mine")).to_have_count(1)
    open_chat(page, stage.address, **{"identity-token": token("ana", 3)})
    expect(inside(page, ".mine")).to_have_count(1)
    chat.evaluate(sign_in, token("ben", 4))
    expect(inside(page, ".mine")).to_have_count(0)
    expect(inside(page, ".chip").first).to_be_visible()
    chat.evaluate("e => e.setAttribute('locale', 'de')")
    expect(inside(page, ".note")).to_contain_text("KI-Assistenten")
    ask(page, "hallo")
    assert [body["locale"] for body in stage.called("/v1/sessions")] == ["en", "en", "de"]


def test_a_session_that_is_refused_says_why(rough_page: Page, stage: Stage) -> None:
    """As a bot check does; the proof that the page was given goes with the next try."""
    stage.replies["/v1/sessions"] = (403, {"error": {"code": "bot_check", "message": "Show that you are a person."}})
    rough_page.goto(stage.address)
    inside(rough_page, ".launcher").click()
    expect(inside(rough_page, ".fate.failed")).to_contain_text("Show that you are a person.")
    stage.replies.clear()
    rough_page.locator("dragoman-chat").evaluate("e => e.setAttribute('proof', 'solved')")
    inside(rough_page, ".fate.failed button").click()
    expect(inside(rough_page, ".chip").first).to_be_visible()
    assert [body.get("proof") for body in stage.called("/v1/sessions")] == [None, "solved"]
