"""Vectors on a real Chroma server that homes share: the same is found, nothing mixed, nothing left behind."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge import generation
from knowledge.filters import Filter
from knowledge.index import Change, Index
from tests.knowledge.chroma_server import Server, open_served, running_server
from tests.knowledge.conftest import Letters, nearest, open_index, passage, sync

LOW = 80
"""EXACT in these tests: among more passages than this Chroma is asked."""

MANY = [passage(f"m{n}", f"Number {n} of {chr(97 + n % 26) * (n % 7 + 1)}.") for n in range(100)]
GERMAN = [passage(f"g{n}", f"Nummer {n} von {chr(97 + n % 26) * (n % 5 + 1)}.", locale="de") for n in range(100)]
A, B = passage("a", "zzz zzz zzz"), passage("b", "qqq qqq qqq")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that these tests share; none stops it."""
    with running_server(tmp_path_factory.mktemp("chroma")) as started:
        yield started


Opened = Callable[..., Index]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Opens the index of a home on a server, and closes it after the test."""
    monkeypatch.setattr(generation, "EXACT", LOW)
    with contextlib.ExitStack() as stack:

        def open_home(at: Server, home: str = "home") -> Index:
            index = open_served(tmp_path / home, at.url)
            stack.callback(index.close)
            return index

        yield open_home


def shop_of(folder: Path, home: str = "home") -> str:
    return (folder / home / "index" / "shop").read_text("utf-8")


def ten(index: Index, text: str) -> list[str]:
    return [name for name, _ in nearest(index, text, Filter(), 10)]


def rows_on_server(index: Index, locale: str = "en") -> set[int]:
    rows, _ = index.generation().collections().nearest(locale, Letters().row("text"), 500)
    return set(rows.tolist())


def test_every_vector_is_on_the_server_and_none_in_the_home(tmp_path: Path, server: Server, opened: Opened) -> None:
    index = opened(server)
    assert sync(index, *MANY, *GERMAN, A).added == 201
    build = index.generation().build
    assert server.counts(shop_of(tmp_path)) == {f"{build}.en": 101, f"{build}.de": 100}
    assert not list((tmp_path / "home").rglob("chroma*"))


def test_the_same_is_found_as_in_a_folder(tmp_path: Path, server: Server, opened: Opened) -> None:
    index, folder = opened(server), open_index(tmp_path)
    for each in (index, folder):
        sync(each, *MANY, *GERMAN)
    for text in ("Number 3 of ddd", "Nummer 17", "rrrr", "a question of zeal"):
        assert ten(index, text) == ten(folder, text)
    folder.close()


def test_an_incremental_sync_adds_at_once_and_removes_a_generation_later(
    tmp_path: Path, server: Server, opened: Opened
) -> None:
    index = opened(server)
    sync(index, *MANY, A)
    build, dropped = index.generation().build, 100
    assert sync(index, *MANY, B) == Change(added=1, removed=1, kept=100)
    assert index.generation().build == build
    assert ten(index, "qqq")[0] == B.id
    assert A.id not in ten(index, "zzz")
    assert dropped in rows_on_server(index)
    sync(index, *MANY, B, passage("c"))
    assert rows_on_server(index) == {*range(100), 101, 102}
    assert server.counts(shop_of(tmp_path)) == {f"{build}.en": 102}


def test_two_homes_on_one_server_do_not_mix(tmp_path: Path, server: Server, opened: Opened) -> None:
    one, two = opened(server, "one"), opened(server, "two")
    sync(one, *MANY)
    sync(two, *GERMAN, *(passage(f"o{n}", f"Other {n}") for n in range(100)))
    assert {name[0] for name in ten(one, "Other 7")} == {"m"}
    assert {name[0] for name in ten(two, "Number 7")} <= {"g", "o"}
    sync(one, A)
    assert len(rows_on_server(two)) == 100
    assert shop_of(tmp_path, "one") != shop_of(tmp_path, "two")


def test_builds_no_reader_needs_are_deleted_and_what_others_keep_is_not(
    tmp_path: Path, server: Server, opened: Opened
) -> None:
    index = opened(server)
    sync(index, A)
    shop = shop_of(tmp_path)
    others = ["someone-elses", f"dragoman.{shop}2.1.en", f"dragoman-{shop}.1.en", "dragoman.1.en"]
    for name in others:
        server.create(name)
    builds = [index.generation().build]
    for passages in ([B], [*MANY], [A, B]):
        sync(index, *passages)
        builds.append(index.generation().build)
        assert set(server.counts(shop)) == {f"{build}.en" for build in builds[-2:]}
    assert set(others) <= server.collections().keys()


def test_a_crash_between_adding_and_the_pointer_leaves_the_old_and_the_next_sync_is_right(
    server: Server, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = opened(server)
    base, new = [*MANY, *GERMAN], [passage(f"n{n}", f"zzz {n}", locale="de") for n in range(10)]
    sync(index, *base)
    before, real = ten(index, "zzz 1"), os.replace

    def full(old: Any, new: Any) -> None:
        if Path(new).name == "current":
            raise OSError("no space left on device")
        real(old, new)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(OSError, match="no space"):
            sync(index, *base, *new)
    assert ten(index, "zzz 1") == ten(opened(server), "zzz 1") == before
    sync(index, *base, *(passage(f"e{n}", f"Other words {n}") for n in range(10)))
    assert not any(name.startswith("n") for name in ten(index, "zzz 1"))
    german = index.generation().nearest(lambda _: Letters().row("zzz 1"), Filter(), 10)["de"][0]
    assert len(german) == 10
    assert set(german.tolist()) <= set(index.generation().columns.of_locale("de").tolist())
