"""Answers arrive whole whatever the network does: cut anywhere, offline, reloaded, read in two tabs."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.integrations.widget_browser.stage import Conversation, Stage, custom, step, text
from tests.integrations.widget_browser.visits import ask, inside, open_chat, reopen, settled, shown, write

RICH = [
    step("Looking that up"),
    *text("We ship in **2", "–4 days** [1].\n\n- Express is ", "faster\n", "- 日本語とعربي too\n\n"),
    *text("| a | b |\n|---|---|\n| 1 | 2 |\n\nSee [the", " page](https://shop.example/a_(b)) `x*y`."),
    custom("citations", citations=[
        {"number": 1, "document": "d", "title": "Shipping", "quote": "2–4 days", "locale": "en", "url": "/policies/d"},
    ]),
    custom("suggestions", suggestions=["And returns?"]),
]  # fmt: skip


def plain_answer(page: Page, stage: Stage) -> str:
    """What an answer looks like that nothing disturbed."""
    stage.answer = lambda _: RICH
    open_chat(page, stage.address)
    ask(page, "How long?")
    return shown(page)


def on_the_wire(held: Conversation) -> list[bytes]:
    """A conversation's frames as bytes."""
    return [
        f"id: {number}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()
        for number, event in enumerate(held.frames, 1)
    ]


@pytest.mark.parametrize(("newline", "pieces", "comments"), [("\r\n", 0, True), ("\r\n", 1, False), ("\n", 1, True), ("\r", 3, True)])  # fmt: skip
def test_a_stream_in_any_line_ending_and_any_pieces_is_the_same_answer(
    page: Page, stage: Stage, newline: str, pieces: int, comments: bool
) -> None:
    whole = plain_answer(page, stage)
    stage.newline, stage.pieces, stage.comments = newline, pieces, comments
    stage.conversations.clear()
    page.evaluate("sessionStorage.clear()")
    open_chat(page, stage.address)
    ask(page, "How long?")
    assert shown(page) == whole


def cut_everywhere(page: Page, stage: Stage, whole: str, places: list[int]) -> None:
    """Cut a stream at each place, in a conversation of its own; the answer must be the same each time."""
    for place in places:
        stage.conversations.clear()
        stage.cut = [place]
        page.evaluate("sessionStorage.clear()")
        page.goto(f"{stage.address}/")
        reopen(page)
        ask(page, "How long?")
        assert stage.cut == []
        assert shown(page) == whole, f"cut after {place} bytes"
        assert stage.said == ["How long?"]


def test_a_stream_cut_at_any_event_resumes_to_the_same_answer(rough_page: Page, stage: Stage) -> None:
    whole = plain_answer(rough_page, stage)
    frames = on_the_wire(stage.last)
    ends = [sum(map(len, frames[:n])) for n in range(1, len(frames))]
    cut_everywhere(rough_page, stage, whole, [1, *ends])


NETWORK = """events => {
  // The network, in the page: an answer's bytes come in two pieces, or break off and are asked for again.
  const real = window.fetch, coder = new TextEncoder();
  window.network = { at: 0, breaks: false, asked: 0, last: 0 };
  window.fetch = (url, told = {}) => {
    if (!String(url).endsWith('/v1/chat')) return real(url, told);
    const after = Number(told.headers['last-event-id'] || -1), { turn } = JSON.parse(told.body);
    if (after < 0) { network.from = network.last; network.turn = turn; network.last += events.length + 2 }
    network.asked++;
    const run = network.turn;
    const all = [{ type: 'RUN_STARTED', runId: run }, ...events, { type: 'RUN_FINISHED', runId: run }];
    const bytes = coder.encode(all.map((event, n) => [network.from + n + 1, event]).filter(([id]) => id > after)
      .map(([id, event]) => `id: ${id}\\r\\ndata: ${JSON.stringify(event)}\\r\\n\\r\\n`).join(''));
    if (after < 0) network.size = bytes.length;
    const body = new ReadableStream({ async start(stream) {
      if (after >= 0) { stream.enqueue(bytes); return stream.close() }
      stream.enqueue(bytes.slice(0, network.at));
      await new Promise(done => setTimeout(done));
      if (network.breaks) return stream.error(new TypeError('network error'));
      stream.enqueue(bytes.slice(network.at));
      stream.close();
    } });
    return Promise.resolve(new Response(body, { status: 200, headers: { 'content-type': 'text/event-stream' } }));
  };
}"""

EVERY_BYTE = """async breaks => {
  const chat = document.querySelector('dragoman-chat'), log = chat.shadowRoot.querySelector('.log');
  const answer = async at => {
    Object.assign(network, { at, breaks });
    log.replaceChildren();
    await chat.send('How long?');
    for (;;) {
      await new Promise(done => setTimeout(done));
      if (log.getAttribute('aria-busy') === 'false' && log.querySelector('.thumbs')) return log.innerHTML;
    }
  };
  const whole = await answer(1e9), differ = [], size = network.size;
  for (let at = 1; at < size; at++) if (await answer(at) !== whole) differ.push(at);
  return [size, differ, network.asked, whole];
}"""


@pytest.mark.prove
@pytest.mark.parametrize("breaks", [False, True], ids=["pieces", "breaks"])
def test_a_stream_cut_at_any_byte_is_the_same_answer(page: Page, stage: Stage, breaks: bool) -> None:
    """In two pieces cut at every byte; and broken off at every byte, then followed from the last frame seen."""
    page.goto(stage.address)
    page.evaluate(NETWORK, RICH)
    reopen(page)
    size, differ, asked, whole = page.evaluate(EVERY_BYTE, breaks)
    assert differ == []
    assert size > 1000
    assert asked >= (2 * size - 2 if breaks else size)
    assert "2–4 days" in whole


def test_a_stream_cut_twice_resumes_within_a_second_and_a_half(rough_page: Page, stage: Stage) -> None:
    stage.answer = lambda _: text(*(f"word{n} " for n in range(40)))
    open_chat(rough_page, stage.address)
    stage.cut = [300, 700]
    stage.pause = 0.01
    write(rough_page, "Count")
    expect(inside(rough_page, ".answer").last).to_contain_text("word39", timeout=1500 + 40 * 20)
    settled(rough_page)
    assert stage.cut == []


def test_a_message_written_offline_waits_says_so_and_is_sent_once(rough_page: Page, stage: Stage) -> None:
    open_chat(rough_page, stage.address)
    ask(rough_page, "first")
    rough_page.context.set_offline(True)
    write(rough_page, "while away")
    expect(inside(rough_page, ".fate.queued")).to_contain_text("You are offline")
    rough_page.context.set_offline(False)
    expect(inside(rough_page, ".answer").last).to_contain_text("You said: while away", timeout=1500)
    expect(inside(rough_page, ".fate")).to_have_count(0)
    assert stage.said == ["first", "while away"]


def test_the_network_goes_in_the_middle_of_an_answer_and_comes_back(rough_page: Page, stage: Stage) -> None:
    stage.answer = lambda _: text(*(f"word{n} " for n in range(60)))
    stage.pause = 0.02
    open_chat(rough_page, stage.address)
    write(rough_page, "Count")
    expect(inside(rough_page, ".answer").last).to_contain_text("word5")
    rough_page.context.set_offline(True)
    expect(inside(rough_page, ".lost")).to_contain_text("Connection lost")
    time.sleep(1.5)
    rough_page.context.set_offline(False)
    expect(inside(rough_page, ".answer").last).to_contain_text("word59", timeout=1500)
    settled(rough_page)
    expect(inside(rough_page, ".lost")).to_have_count(0)
    assert stage.said == ["Count"]


def test_a_server_that_is_down_gets_the_message_when_it_is_back(rough_page: Page, stage: Stage) -> None:
    open_chat(rough_page, stage.address)
    stage.down = True
    write(rough_page, "hello")
    expect(inside(rough_page, ".fate.queued")).to_be_visible()
    stage.down = False
    expect(inside(rough_page, ".answer").last).to_contain_text("You said: hello", timeout=1500)
    assert stage.said == ["hello"]


def test_a_message_that_is_refused_says_why_and_can_be_sent_again(rough_page: Page, stage: Stage) -> None:
    open_chat(rough_page, stage.address)
    stage.replies["/v1/chat"] = (429, {"error": {"code": "too_many", "message": "Too many messages."}})
    write(rough_page, "hello")
    expect(inside(rough_page, ".fate.failed")).to_contain_text("Too many messages.")
    stage.replies.clear()
    inside(rough_page, ".fate.failed button").click()
    expect(inside(rough_page, ".answer").last).to_contain_text("You said: hello")
    assert stage.said == ["hello"]


def test_a_reload_takes_the_answer_up_in_its_middle(page: Page, stage: Stage) -> None:
    stage.answer = lambda _: text(*(f"word{n} " for n in range(60)))
    stage.pause = 0.02
    open_chat(page, stage.address)
    write(page, "Count")
    expect(inside(page, ".answer").last).to_contain_text("word5")
    page.reload()
    inside(page, ".launcher").click()
    expect(inside(page, ".answer").last).to_contain_text("word5")
    expect(inside(page, ".log")).to_have_attribute("aria-busy", "true")
    expect(inside(page, ".answer").last).to_contain_text("word59")
    expect(inside(page, ".mine")).to_have_count(1)
    assert stage.said == ["Count"]


def test_what_was_shown_is_shown_alike_after_a_reload(page: Page, stage: Stage) -> None:
    before = plain_answer(page, stage)
    page.reload()
    reopen(page)
    settled(page)
    again = shown(page)
    assert again == before.replace(chips_of(before), "")


def chips_of(markup: str) -> str:
    """The quick replies of an answer, which are not offered again later."""
    start = markup.index('<div class="chips">')
    return markup[start : markup.index("</div>", start) + len("</div>")]


def test_two_tabs_have_one_conversation(visitor: BrowserContext, page: Page, stage: Stage) -> None:
    open_chat(page, stage.address)
    ask(page, "in the first tab")
    other = visitor.new_page()
    open_chat(other, stage.address)
    expect(inside(other, ".mine")).to_have_text(["You: in the first tab"])
    ask(other, "in the second tab")
    expect(inside(page, ".mine").last).to_contain_text("in the second tab")
    expect(inside(page, ".answer").last).to_contain_text("You said: in the second tab")
    assert len(stage.conversations) == 1
    assert stage.said == ["in the first tab", "in the second tab"]


def test_an_answer_can_be_stopped_and_typing_is_never_blocked(page: Page, stage: Stage) -> None:
    stage.answer = lambda _: text(*(f"word{n} " for n in range(80)))
    stage.pause = 0.02
    open_chat(page, stage.address)
    write(page, "Count")
    expect(inside(page, ".halt")).to_be_visible()
    inside(page, ".composer textarea").press_sequentially("meanwhile")
    expect(inside(page, ".composer textarea")).to_have_value("meanwhile")
    inside(page, ".halt").click()
    page.wait_for_timeout(50)
    assert stage.called("/v1/chat/cancel")
    settled(page)
    expect(inside(page, ".halt")).to_be_hidden()


def test_two_messages_in_a_row_are_both_answered(page: Page, stage: Stage) -> None:
    open_chat(page, stage.address)
    write(page, "one")
    write(page, "two")
    settled(page)
    expect(inside(page, ".answer .said")).to_have_count(2)
    assert sorted(stage.said) == ["one", "two"]


def test_what_is_written_first_arrives_first(page: Page, stage: Stage) -> None:
    told: list[str] = []

    def slow(route: Route) -> None:
        message = (route.request.post_data_json or {}).get("message", "")
        told.append(f"sent {message}")
        page.wait_for_timeout(300 if message == "one" else 0)
        route.continue_()

    open_chat(page, stage.address)
    page.route("**/v1/chat", slow)
    page.on("response", lambda response: told.append("taken") if response.url.endswith("/v1/chat") else None)
    write(page, "one")
    write(page, "two")
    settled(page)
    assert told[:3] == ["sent one", "taken", "sent two"]


def test_a_session_that_expired_is_renewed_unseen(rough_page: Page, stage: Stage) -> None:
    open_chat(rough_page, stage.address)
    ask(rough_page, "before")
    stage.expired.update(stage.conversations)
    ask(rough_page, "after")
    expect(inside(rough_page, ".answer").last).to_contain_text("You said: after")
    expect(inside(rough_page, ".note-line")).to_have_count(0)
    assert len(stage.called("/v1/sessions/renew")) == 1
    assert len(stage.conversations) == 1


def test_a_session_that_is_gone_is_begun_anew_and_says_so(rough_page: Page, stage: Stage) -> None:
    open_chat(rough_page, stage.address)
    ask(rough_page, "before")
    stage.conversations.clear()
    ask(rough_page, "after")
    expect(inside(rough_page, ".answer").last).to_contain_text("You said: after")
    expect(inside(rough_page, ".note-line")).to_contain_text("expired")


def test_going_to_another_page_without_loading_it_keeps_the_chat(page: Page, stage: Stage) -> None:
    open_chat(page, stage.address)
    ask(page, "hello")
    page.evaluate(
        "() => { history.pushState({}, '', '/products/7'); const b = document.createElement('body'); b.append('new'); document.body.replaceWith(b) }"
    )
    expect(inside(page, ".panel")).to_be_visible()
    ask(page, "still there?")
    assert [body["page"] for body in stage.called("/v1/chat")] == ["/", "/products/7"]
