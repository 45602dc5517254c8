"""What a turn costs in CPU, beside other agents doing the same job in the same run.

One turn: the model calls one tool, then answers with 80 tokens; the server is another process and takes no time. Ours
is the whole product: Assistant.reply with all its tools, guardrails, gate, masking, the shop's database, and the
conversation kept in SQLite. The others have one tool that returns a fixed text of the same size; where one keeps
conversations in SQLite it does so, the others keep nothing.

CPU of this process, all threads. Contenders take turns, so that a busy machine is busy for all; the least of the rounds
is nearest to a quiet machine.

Run: make peers (an environment of its own: the others' clients are no dependency of ours), or
     python -m benchmarks.turns [--rounds 12] [--long 100]
"""

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

from integrations.settings import Settings
from integrations.threads import calm_threads

calm_threads()

from assistant.events import Sentence, StepDone  # noqa: E402
from benchmarks import peers  # noqa: E402
from benchmarks.fake_server import serving  # noqa: E402
from integrations.bootstrap import Dragoman, open_dragoman  # noqa: E402
from tools.context import Session  # noqa: E402

QUESTION = "Where is my order AQ-10100?"
CUSTOMER = "theresa_wolfram_4481"
Turn = Callable[[str], Awaitable[str]]
"""One turn of a conversation, by its name; returns the answer."""


def of_dragoman(assistant: object) -> Turn:
    """The product's turn, its tool's success made sure of."""

    async def turn(thread: str) -> str:
        session = Session(id=thread, language="en", market="DE", customer_id=CUSTOMER)
        events = [event async for event in assistant.reply(QUESTION, session)]  # type: ignore[attr-defined]
        assert [event.status for event in events if isinstance(event, StepDone)] == ["ok"], events
        return "".join(event.text for event in events if isinstance(event, Sentence))

    return turn


async def measured(turn: Turn, thread: str) -> float:
    """CPU milliseconds of one turn."""
    started = time.process_time()
    said = await turn(thread)
    assert len(said.split()) >= 60, said
    return (time.process_time() - started) * 1000


async def short_turns(contenders: dict[str, Turn], rounds: int) -> dict[str, list[float]]:
    """The first turn of new conversations, contenders in turn; two rounds first to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 2):
        for name, turn in contenders.items():
            milliseconds = await measured(turn, uuid.uuid4().hex)
            if number > 1:
                taken[name].append(milliseconds)
    return taken


async def long_turns(contenders: dict[str, Turn], turns: int, conversations: int = 3) -> dict[str, list[list[float]]]:
    """Each turn of long conversations, contenders in turn: a list of turns for each conversation."""
    taken: dict[str, list[list[float]]] = {name: [] for name in contenders}
    for _ in range(conversations):
        threads = {name: (uuid.uuid4().hex, []) for name in contenders}  # type: ignore[var-annotated]
        for _ in range(turns):
            for name, (thread, each) in threads.items():
                each.append(await measured(contenders[name], thread))
        for name, (_, each) in threads.items():
            taken[name].append(each)
    return taken


def at(conversations: list[list[float]], turn: int, around: int) -> float:
    """The least of the conversations, of the median of turns up to this one."""
    return min(statistics.median(each[max(1, turn - around) : turn]) for each in conversations)


async def stored(path: Path, turn: Turn, turns: int) -> list[int]:
    """Bytes that each turn of a conversation wrote to its store: the rows it left, in all, and what it replaced."""
    import aiosqlite

    thread, sizes = uuid.uuid4().hex, []
    async with aiosqlite.connect(path) as database:
        for _ in range(turns):
            before = await _rows(database, thread)
            await turn(thread)
            after = await _rows(database, thread)
            sizes.append(sum(size for row, size in after.items() if row not in before))
    return sizes


async def _rows(database: object, thread: str) -> dict[tuple[str, ...], int]:
    rows: dict[tuple[str, ...], int] = {}
    async with database.execute("select name from sqlite_master where type = 'table'") as found:  # type: ignore[attr-defined]
        tables = {name async for (name,) in found}
    for table, columns, kept in (("checkpoints", "checkpoint_id", "checkpoint"),
                                 ("writes", "checkpoint_id || task_id || idx", "value")):  # fmt: skip
        if table not in tables:
            continue
        asked = f"select {columns}, length({kept}) from {table} where thread_id = ?"
        async with database.execute(asked, (thread,)) as found:  # type: ignore[attr-defined]
            rows |= {(table, row[0]): row[1] async for row in found}
    return rows


async def contenders_at(address: str, folder: Path, stack: contextlib.AsyncExitStack, tool: str) -> dict[str, Turn]:
    """Everyone who can be imported, ours first."""
    model = f"fake+n=80+tool={tool}"
    home = folder / "home"
    settings = Settings(home=home, model=f"openai:{model}", openai_base_url=address)
    dragoman: Dragoman = await stack.enter_async_context(open_dragoman(settings))
    found: dict[str, Turn] = {"dragoman": of_dragoman(await dragoman.assistant())}
    for name, build in peers.BUILDERS.items():
        try:
            found[name] = await build(peers.Job(address, model, tool, folder, stack))
        except ImportError as error:
            print(f"{name}: not installed ({error.name})")
    return found


def tell_short(taken: dict[str, list[float]]) -> None:
    """Print what first turns cost."""
    ours = min(taken["dragoman"])
    print(f"\n{'CPU ms a turn':34}{'least':>8}{'median':>8}{'ours / it':>11}")
    for name, each in taken.items():
        print(f"{name:34}{min(each):8.1f}{statistics.median(each):8.1f}{ours / min(each):11.2f}")


def tell_long(taken: dict[str, list[list[float]]], turns: int) -> None:
    """Print what turns of long conversations cost."""
    print(f"\n{'CPU ms of a turn':34}{'turn 2':>8}{'turn 20':>9}{f'turn {turns}':>9}{'ratio':>8}")
    for name, conversations in taken.items():
        second, last = at(conversations, 3, 2), at(conversations, turns, 8)
        print(f"{name:34}{second:8.1f}{at(conversations, 20, 8):9.1f}{last:9.1f}{last / second:8.2f}")


async def main() -> None:
    """Print the question, the figures and how they were taken."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--rounds", type=int, default=12)
    reader.add_argument("--long", type=int, default=100)
    asked = reader.parse_args()
    print(__doc__)
    with serving() as address, tempfile.TemporaryDirectory() as scratch:
        async with contextlib.AsyncExitStack() as stack:
            short = await contenders_at(address, Path(scratch, "short"), stack, "show_order")
            tell_short(await short_turns(short, asked.rounds))
        if asked.long:
            async with contextlib.AsyncExitStack() as stack:
                folder = Path(scratch, "long")
                both = await contenders_at(address, folder, stack, "show_product")
                both = {name: both[name] for name in ("dragoman", peers.STOCK) if name in both}
                tell_long(await long_turns(both, asked.long), asked.long)
                print(f"\n{'bytes a turn stores':34}{'turn 2':>8}{'turn 20':>9}{f'turn {asked.long}':>9}")
                files = {"dragoman": folder / "home" / "conversations.sqlite3", peers.STOCK: folder / "stock.sqlite3"}
                for name, turn in both.items():
                    sizes = await stored(files[name], turn, asked.long)
                    print(f"{name:34}{sizes[1]:8}{sizes[19]:9}{sizes[-1]:9}")


if __name__ == "__main__":
    asyncio.run(main())
