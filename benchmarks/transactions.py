"""What the database takes of a turn: the CPU of all that is asked of it, and of nothing else.

Turns of conversations that go on at once are replayed as the widget's server makes them, over SQLite in a file and over
PostgreSQL: the token, the message with the floor, the first frame, what the assistant reads, six sentences, the end.
The agent's state and traces are left out. The server's own processes are not counted.

Run: python -m benchmarks.transactions [--chats 20] [--rounds 10]
"""

import argparse
import asyncio
import statistics
import tempfile
import time
import uuid
from pathlib import Path

import uvloop

from integrations.database.actions import ActionLedger
from integrations.database.engine import open_engine, prepare
from integrations.database.sessions import SessionStore
from integrations.database.turns import Exchange, TurnStore, now
from tests.postgres import running_postgres
from tools.context import Session

FRAME = '{"type":"TEXT_MESSAGE_CONTENT","messageId":"x","delta":"Thank you so much, we are happy to hear from you."}'
SENTENCES, WARM = 6, 3


async def turn(sessions: SessionStore, turns: TurnStore, ledger: ActionLedger, name: str, token: str) -> None:
    """All that a turn asks of the database."""
    this = uuid.uuid4().hex
    await sessions.ticket(token)
    last, standing = await turns.take_in(name, this, "How do you do?")
    assert last is not None
    assert standing
    await turns.keep_frames(name, this, [(last + 1, FRAME)], answering=[this])
    await sessions.handoffs.last(name)
    await ledger.entries(limit=30, session_id=name)
    await turns.inbox.open(name)
    for number in range(SENTENCES):
        await turns.keep_frames(name, this, [(last + 2 + number, FRAME)])
    end = [(last + 2 + SENTENCES + number, FRAME) for number in range(2)]
    await turns.keep(name, Exchange(this, "How do you do?", "x" * 400, {}, now()), end, leaving=standing.holder)


async def measure(url: str, chats: int, rounds: int) -> list[float]:
    """CPU milliseconds a turn, of each round."""
    engine = open_engine(url)
    kept = await prepare(engine)
    sessions, turns, ledger = SessionStore(kept), TurnStore(kept), ActionLedger(kept)
    names = [uuid.uuid4().hex for _ in range(chats)]
    tokens = [await sessions.start(Session(id=name, channel="widget")) for name in names]
    taken = []
    for _ in range(rounds + WARM):
        began = time.process_time()
        await asyncio.gather(*(turn(sessions, turns, ledger, *who) for who in zip(names, tokens, strict=True)))
        taken.append((time.process_time() - began) * 1000 / chats)
    await engine.dispose()
    return taken[WARM:]


def main() -> None:
    """Print the question, the figures and how they were taken."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--chats", type=int, default=20)
    reader.add_argument("--rounds", type=int, default=10)
    asked = reader.parse_args()
    print(__doc__)
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server, server.fresh() as url:
        for name, where in (("SQLite", f"sqlite:///{Path(folder, 'turns.sqlite3')}"), ("PostgreSQL", url)):
            taken = uvloop.run(measure(where, asked.chats, asked.rounds))
            print(f"{name:10} {statistics.median(taken):5.2f} CPU ms a turn, least {min(taken):.2f}")


if __name__ == "__main__":
    main()
