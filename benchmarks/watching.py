"""What watching turns costs: the same turns with and without those who watch, taken in turns in one run.

A served model on loopback calls one tool and answers in 80 tokens, with no delay; the state is durable. Told are CPU
milliseconds of the whole process for a turn (traces are written after it, so they count too) and the ratio.

Run: .venv/bin/python -m benchmarks.watching
"""

import asyncio
import logging
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from integrations.settings import Settings
from integrations.threads import calm_threads

calm_threads()

from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult  # noqa: E402

from assistant.conversation import Assistant  # noqa: E402
from assistant.roles import tool_names  # noqa: E402
from integrations.bootstrap import Dragoman, open_dragoman  # noqa: E402
from integrations.observing.exporting import make_provider  # noqa: E402
from integrations.observing.logs import begin_logs  # noqa: E402
from integrations.observing.metrics import Metrics  # noqa: E402
from integrations.observing.spans import Spans  # noqa: E402
from tools.context import Session  # noqa: E402

ROUNDS = 40
"""Pairs of turns."""

SERVER = """
import sys
sys.path.insert(0, ".")
from tests.assistant.openai_server import call, say, serving, told
ANSWER = " ".join(["You may return what you ordered within the time the shop gives."] * 7)
question = "How long may I return an order?"
script = lambda body: call("search_policies", question=question) if told(body) is None else say(ANSWER, 5)
with serving(script) as (address, _):
    print(address, flush=True)
    sys.stdin.read()
"""


class Nowhere(SpanExporter):
    """Takes spans as a collector would, and sends them nowhere."""

    def export(self, spans: Sequence[Any]) -> SpanExportResult:
        """Take them."""
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Nothing is open."""


@contextmanager
def served() -> Iterator[str]:
    """The address of a model in a process of its own, so that its CPU time is not counted."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout
    assert process.stdin
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait()


async def turn(dragoman: Dragoman, assistant: Assistant) -> float:
    """CPU milliseconds of a turn with all that is written because of it."""
    session = Session(uuid.uuid4().hex, language="en", market="DE")
    started = time.process_time()
    async for _ in assistant.reply("How long may I return an order? I am anna@example.com", session):
        pass
    await dragoman.traces.drain()
    return (time.process_time() - started) * 1000


async def measure(address: str, home: Path) -> None:
    """Print the figures."""
    async with open_dragoman(Settings(home=home, model="openai:a", openai_base_url=address)) as dragoman:
        assistant = await dragoman.assistant()
        provider = make_provider()
        provider.add_span_processor(BatchSpanProcessor(Nowhere()))
        store, lines = assistant.observers
        ways: dict[str, list[Any]] = {
            "nobody": [], "store": [store], "log": [lines], "metrics": [Metrics(tool_names())],
            "spans": [Spans(provider, tool_names())],
        }  # fmt: skip
        ways["all four"] = [one for way in list(ways.values()) for one in way]
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(ROUNDS + 2):
            for name, watching in ways.items():
                assistant.observers[:] = watching
                spent = await turn(dragoman, assistant)
                if number > 1:
                    taken[name].append(spent)
        for name, times in taken.items():
            ratio = statistics.median(one / none for one, none in zip(times, taken["nobody"], strict=True))
            print(f"{name:9} {statistics.median(times):6.2f} ms of CPU a turn, {ratio:5.3f} times nobody")


def main() -> None:
    """Measure in a home of its own."""
    with tempfile.TemporaryDirectory() as folder, served() as address, Path(folder, "log").open("w") as log:
        begin_logs("info", as_json=True)
        logging.getLogger().handlers[-1].setStream(log)  # type: ignore[attr-defined]
        asyncio.run(measure(address, Path(folder)))


if __name__ == "__main__":
    main()
