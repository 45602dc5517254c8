"""A model behind an OpenAI-compatible server: the same events, the same gate, and faults in the shopper's words."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from assistant import events
from assistant.conversation import FAULT, WITHHELD
from assistant.embedded.wording import Words
from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from tools.context import Session

KEY = "sk-never-to-be-shown"
Delta = dict[str, Any]
Script = Callable[[dict[str, Any]], list[Delta] | int]
"""What the server says to a request: pieces of a streamed message, or the status of an error."""


@contextmanager
def serving(script: Script) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A chat completions server on a free port, and the requests it got."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            seen.append({**body, "path": self.path, "authorization": self.headers["authorization"]})
            said = script(body)
            if isinstance(said, int):
                self.send_error(said, "scripted fault")
                return
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            for line in frames(said):
                self.wfile.write(f"data: {line}\n\n".encode())

        def log_message(self, *_: object) -> None:
            """Say nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def frames(deltas: list[Delta]) -> Iterator[str]:
    head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "test-2026"}
    for delta in deltas:
        yield json.dumps({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    reason = "tool_calls" if any("tool_calls" in delta for delta in deltas) else "stop"
    yield json.dumps({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    usage = {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}
    yield json.dumps({**head, "choices": [], "usage": usage})
    yield "[DONE]"


def call(name: str, **arguments: str) -> list[Delta]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    asked = {"index": 0, "id": "call_1", "type": "function", "function": function}
    return [{"role": "assistant", "content": None, "tool_calls": [asked]}]


def told(body: dict[str, Any]) -> dict[str, Any] | None:
    """What the last tool said, out of its fence."""
    last = body["messages"][-1]
    if last["role"] != "tool":
        return None
    fenced = str(last["content"]).removeprefix('<data from="search_policies">\n').removesuffix("\n</data>")
    return dict(json.loads(fenced))


def answering(body: dict[str, Any]) -> list[Delta]:
    """A tool call first; then a true sentence, one with an invented figure, and one with an invented source."""
    found = told(body)
    if found is None:
        return call("search_policies", question="How long may I return an order?")
    cite = next(passage["cite"] for passage in found["passages"] if "30" in passage["text"])
    text = f"You have 30 days [{cite}]. Express costs 4711 euros. It is easy [invented#99]."
    return [{"content": text[i : i + 7]} for i in range(0, len(text), 7)]


def served(home: Path, address: str) -> Settings:
    return Settings(home=home, model="openai:test", openai_base_url=address, openai_api_key=KEY)  # type: ignore[arg-type]


async def ask(settings: Settings, text: str, language: str = "en") -> list[events.Event]:
    async with open_dragoman(settings) as dragoman:
        assistant = await dragoman.assistant()
        session = Session(id="served", language=language, market="DE")
        return [event async for event in assistant.reply(text, session)]


def answer(said: list[events.Event]) -> str:
    return "".join(event.text for event in said if isinstance(event, events.Sentence))


async def test_a_served_model_answers_through_the_same_events_and_the_same_gate(home: Path) -> None:
    with serving(answering) as (address, seen):
        said = await ask(served(home, address), "How long may I return an order?")
    assert answer(said) == "You have 30 days [1]. It is easy."
    kinds = [type(event) for event in said]
    assert kinds[:2] == [events.Step, events.StepDone]
    assert kinds[-2:] == [events.Citations, events.Finished]
    assert [len(event.entries) for event in said if isinstance(event, events.Citations)] == [1]
    assert isinstance(said[-1], events.Finished)
    assert said[-1].engine == "test-2026"
    assert said[-1].usage["total_tokens"] == 60
    assert [(request["path"], request["authorization"]) for request in seen] == [
        ("/v1/chat/completions", f"Bearer {KEY}")
    ] * 2


async def test_a_served_model_is_told_its_role_its_tools_and_fenced_data(home: Path) -> None:
    with serving(answering) as (address, seen):
        await ask(served(home, address), "How long may I return an order?")
    first, second = seen
    assert first["messages"][0]["role"] == "system"
    assert "search_policies" in {tool["function"]["name"] for tool in first["tools"]}
    fenced = second["messages"][-1]["content"]
    assert fenced.startswith('<data from="search_policies">\n')
    assert fenced.endswith("\n</data>")


async def test_an_answer_that_is_all_invented_is_withheld_in_words(home: Path) -> None:
    with serving(lambda _: [{"content": "It costs 4711 euros. Only 815 left."}]) as (address, _):
        said = await ask(served(home, address), "Was kostet der Versand nach Deutschland?", "de")
    assert "4711" not in answer(said)
    assert "815" not in answer(said)
    assert answer(said) == Words("de").say(WITHHELD) != WITHHELD


async def test_a_model_that_never_stops_calling_tools_is_stopped(home: Path) -> None:
    with serving(lambda _: call("search_policies", question="again")) as (address, seen):
        said = await ask(served(home, address), "How long may I return an order?")
    assert len(seen) == 8
    assert isinstance(said[-1], events.Finished | events.Failed)


async def test_a_tool_that_is_not_offered_is_not_run(home: Path) -> None:
    def script(body: dict[str, Any]) -> list[Delta]:
        last = body["messages"][-1]
        return [{"content": "Done."}] if last["role"] == "tool" else call("delete_order", order_id="AQ-10023")

    with serving(script) as (address, _):
        said = await ask(served(home, address), "Delete my order AQ-10023")
    assert [event.status for event in said if isinstance(event, events.StepDone)] == ["failed"]


@pytest.mark.parametrize("status", [500, 401])
async def test_a_server_that_answers_with_an_error_is_told_in_the_shoppers_language(
    home: Path, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(lambda _: status) as (address, _):
        said = await ask(served(home, address), "Wie lange kann ich etwas zurückgeben?", "de")
    assert_told_in_german(said, caplog)


async def test_a_server_that_refuses_connections_is_told_in_the_shoppers_language(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = await ask(served(home, f"http://127.0.0.1:{port}/v1"), "Wie lange kann ich etwas zurückgeben?", "de")
    assert_told_in_german(said, caplog)


def assert_told_in_german(said: list[events.Event], caplog: pytest.LogCaptureFixture) -> None:
    failed = said[-1]
    assert isinstance(failed, events.Failed)
    assert failed.message == Words("de").say(FAULT) != FAULT
    assert "Traceback" not in repr(said)
    assert KEY not in repr(said) + caplog.text
    assert failed.trace
