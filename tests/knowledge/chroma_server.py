"""A real Chroma server for tests, started as its users start it."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from knowledge.index import Index
from knowledge.vector_cache import VectorCache
from tests.knowledge.conftest import Letters

CHROMA = Path(sys.executable).with_name("chroma")
COLLECTIONS = "tenants/default_tenant/databases/default_database/collections"


class Server:
    """A Chroma server of a folder, which can be stopped and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = [CHROMA, "run", "--path", self.folder, "--host", "127.0.0.1", "--port", self.url.rpartition(":")[2]]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            with contextlib.suppress(httpx.TransportError):
                return self.get("heartbeat").close()
            time.sleep(0.1)
        raise AssertionError("the Chroma server did not start")

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.url}/api/v2/{path}")

    def collections(self) -> dict[str, str]:
        """Ids of all collections, by name."""
        return {entry["name"]: entry["id"] for entry in self.get(COLLECTIONS).json()}

    def counts(self, shop: str) -> dict[str, int]:
        """How many vectors each collection of a shop holds, by its build and locale."""
        start = f"dragoman.{shop}."
        own = {name: key for name, key in self.collections().items() if name.startswith(start)}
        return {name.removeprefix(start): self.get(f"{COLLECTIONS}/{own[name]}/count").json() for name in own}

    def create(self, name: str) -> None:
        """A collection that is not ours."""
        httpx.post(f"{self.url}/api/v2/{COLLECTIONS}", json={"name": name}).raise_for_status()

    def delete(self, name: str) -> None:
        """Take a collection away."""
        httpx.delete(f"{self.url}/api/v2/{COLLECTIONS}/{name}").raise_for_status()


@contextlib.contextmanager
def running_server(folder: Path) -> Iterator[Server]:
    """A server over a folder; the test is skipped, saying so, where there is none to run."""
    if not CHROMA.exists():
        pytest.skip("the command chroma, which runs the server, is not in this environment")
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def open_served(folder: Path, url: str) -> Index:
    """The index of a home whose vectors are on a server."""
    folder.mkdir(exist_ok=True)
    return Index(folder / "index", VectorCache(folder / "vectors.sqlite3", Letters()), None, url)
