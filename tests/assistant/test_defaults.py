"""What the libraries do by default and must not: the rows of the table in docs/developer.md that had no test yet."""

from __future__ import annotations

import ast
import asyncio
import tomllib
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AnyMessage, HumanMessage

from assistant import events
from assistant.conversation import Assistant
from assistant.roles import ROLES
from integrations.bootstrap import Dragoman, open_dragoman
from tests.assistant.hostile_checks import dangling
from tests.assistant.openai_server import Said, call, say, serving, told
from tests.assistant.talking import answer
from tests.assistant.test_served_model import served
from tools.context import Session

ROOT = Path(__file__).resolve().parents[2]
SECRET = "postgres://shop:sk-123@db"
CALLUM = "callum_ashdown_9499"


async def talk(
    dragoman: Dragoman, text: str, customer: str = "", assistant: Assistant | None = None
) -> list[events.Event]:
    assistant = assistant or await dragoman.assistant()
    session = Session(id="d", language="en", market="GB", customer_id=customer)
    return [event async for event in assistant.reply(text, session)]


async def held(dragoman: Dragoman) -> list[AnyMessage]:
    state = await dragoman.agent("shopper").aget_state({"configurable": {"thread_id": "d"}})
    return list(state.values["messages"])


async def test_an_answer_to_a_quote_that_is_no_answer_spoils_nothing(home: Path) -> None:
    """Row 3: with interrupts, a malformed resume is kept and every right one after it fails."""
    cancel = call("cancel_order", order_id="AQ-10119", reason="no longer needed")
    with serving(lambda body: say("Please confirm.") if told(body) else cancel) as (address, _):
        async with open_dragoman(served(home, address)) as dragoman:
            await talk(dragoman, "cancel AQ-10119 please, no longer needed", CALLUM)
            await talk(dragoman, '{"type": "approve", "decisions": [5]}', CALLUM)
            await talk(dragoman, "cancel AQ-10119 please, no longer needed", CALLUM)
            said = await talk(dragoman, "yes", CALLUM)
            entries = await dragoman.ledger.entries(session_id="d")
    assert [entry.status for entry in entries].count("done") == 1, answer(said)


async def test_a_new_message_while_a_quote_waits_leaves_no_call_without_an_answer(home: Path) -> None:
    """Row 4: servers refuse a history in which a call has no answer."""
    cancel = call("cancel_order", order_id="AQ-10119", reason="no longer needed")
    with serving(lambda body: say("Please confirm.") if told(body) else cancel) as (address, seen):
        async with open_dragoman(served(home, address)) as dragoman:
            await talk(dragoman, "cancel AQ-10119 please, no longer needed", CALLUM)
            await talk(dragoman, "hang on, who pays customs?", CALLUM)
            assert list(dangling(await held(dragoman))) == []
    for body in seen:
        calls = [one["id"] for message in body["messages"] for one in message.get("tool_calls") or []]
        assert calls == [message["tool_call_id"] for message in body["messages"] if message["role"] == "tool"]


async def test_messages_sent_at_once_in_one_conversation_are_all_kept_and_answered(home: Path) -> None:
    """Row 5: runs that overlap see only their own message, and two of three are lost."""
    texts = [f"question {name}?" for name in ("one", "two", "three")]
    with serving(lambda _: say("Gladly.")) as (address, _):
        async with open_dragoman(served(home, address)) as dragoman:
            assistant = await dragoman.assistant()
            answers = await asyncio.gather(*(talk(dragoman, text, "", assistant) for text in texts))
            kept = [message.text for message in await held(dragoman) if isinstance(message, HumanMessage)]
    assert sorted(kept) == sorted(texts)
    assert [answer(one) for one in answers] == ["Gladly."] * 3


async def test_a_tool_that_breaks_runs_once_and_tells_nobody_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 7: retries run a tool three times; its exception's text is shown to the model, or as the answer."""
    runs: list[str] = []

    async def breaks(*_: Any) -> Any:
        runs.append("look")
        raise RuntimeError(SECRET)

    def script(body: dict[str, Any]) -> Said:
        return say("Please try again.") if body["messages"][-1]["role"] == "tool" else call("list_orders")

    with serving(script) as (address, seen):
        async with open_dragoman(served(home, address)) as dragoman:
            await dragoman.assistant()
            monkeypatch.setattr("tools.orders.look_up_all", breaks)
            said = await talk(dragoman, "my orders?", CALLUM)
            kept = await held(dragoman)
    assert runs == ["look"]
    assert SECRET not in f"{said} {kept} {seen}"
    assert isinstance(said[-1], events.Finished)


def test_every_tool_is_asynchronous() -> None:
    """Row 9: a tool that is not goes on in its thread after it was cancelled, and runs again."""
    for spec in ROLES.values():
        for tool in spec.tools:
            assert getattr(tool, "coroutine", None) is not None, tool.name
            assert getattr(tool, "func", None) is None, tool.name


def test_what_our_code_needs_is_declared_and_not_only_there_by_chance() -> None:
    """Row 10: sqlalchemy's asyncio needs greenlet, forms need python-multipart; only development packages have them."""
    asked = " ".join(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])
    assert "sqlalchemy[asyncio]" in asked
    assert "python-multipart" in asked or not _names() & {"Form", "File", "UploadFile"}


def _names() -> set[str]:
    """Names our server's code imports from FastAPI."""
    found: set[str] = set()
    for path in (ROOT / "integrations").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("fastapi"):
                found |= {alias.name for alias in node.names}
    return found
