"""A shop of several processes, to measure and to hurt: PostgreSQL, Chroma, web processes behind one socket."""

import asyncio
import os
import signal
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.cli.web_processes import listen, web_process
from integrations.processes.chroma import own_chroma
from integrations.processes.keeping import keep
from integrations.processes.postgres import own_postgres
from integrations.settings import Settings
from tools.context import Session


@dataclass
class ShopUp:
    """The shop, as its neighbours see it: a port; and as its operator does: processes, and what is told of them."""

    port: int
    settings: Settings
    told: list[str]
    gone: Path
    """While this file is there, Chroma does not start."""

    def pids(self, part: str) -> list[int]:
        """Our processes whose command line has a part."""
        return [pid for pid in children(os.getpid()) if part in command_of(pid)]

    def hurt(self, part: str, sig: signal.Signals = signal.SIGKILL, which: int = 0) -> None:
        """Send a signal to one of those processes."""
        found = sorted(self.pids(part))
        if found:
            os.kill(found[which % len(found)], sig)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Dragoman]:
        """The shop's data, from this process."""
        async with open_dragoman(self.settings) as shop:
            yield shop

    async def sessions(self, number: int, customer: str = "") -> list[tuple[str, str]]:
        """New conversations and their tokens: written into the database, for one address may open 60 a minute."""
        async with self.opened() as shop:
            made = [
                Session(id=uuid.uuid4().hex, channel="widget", language="en", market="DE", customer_id=customer)
                for _ in range(number)
            ]
            return [(session.id, await shop.sessions.start(session)) for session in made]


@asynccontextmanager
async def shop_up(processes: int, **settings: str) -> AsyncIterator[ShopUp]:
    """A shop that is up over a new demo home, and down afterwards."""
    with tempfile.TemporaryDirectory() as folder, listen("127.0.0.1", 0) as listening:
        home, gone, sockets = rooms(folder)
        postgres, url = own_postgres(home / "postgres", sockets)
        chroma, address = own_chroma(home / "chroma")
        wait = f'while [ -e {gone} ]; do sleep 0.2; done; exec "$@"'
        chroma = replace(chroma, command=["sh", "-c", wait, "chroma", *chroma.command])
        told: list[str] = []
        held = {"DRAGOMAN_DATABASE_URL": url, "DRAGOMAN_CHROMA_URL": address, "DRAGOMAN_HOME": str(home), **settings}
        first, *others = [web_process(number + 1, listening) for number in range(processes)]
        stages = [[postgres, chroma], [first], others]
        task = asyncio.create_task(keep(stages, told.append, {**os.environ, **held}))
        try:
            while f"web {processes} is ready" not in told:
                await asyncio.sleep(0.1)
                assert not task.done(), told
            local = Settings(home=home, database_url=url, chroma_url=address)
            yield ShopUp(listening.getsockname()[1], local, told, gone)
        finally:
            if not task.done():
                os.kill(os.getpid(), signal.SIGTERM)  # as its operator stops it
            await asyncio.wait([task])


def rooms(folder: str) -> tuple[Path, Path, Path]:
    """A home, the mark that keeps Chroma away, and where PostgreSQL listens; others than us may come in."""
    os.chmod(folder, 0o755)
    home, gone, sockets = (Path(folder, name) for name in ("home", "gone", "s"))
    home.mkdir()
    sockets.mkdir()
    return home, gone, sockets


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    return [int(held) for held in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid: int) -> str:
    """A process's command line."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def memory_of(pid: int) -> float:
    """Megabytes of memory that a process has to itself, shared pages by their share."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(told.split("Pss:")[1].split()[0]) / 1024


__all__ = ["ShopUp", "children", "command_of", "memory_of", "shop_up"]
