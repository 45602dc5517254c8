"""The index on disk: generations that appear whole, read by any process, and damage that is told apart."""

import fcntl
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge import index as index_module
from knowledge import writing
from knowledge.chroma import Collections
from knowledge.filters import Filter
from knowledge.generation import IndexDamaged
from knowledge.index import Change, IndexBusy, Means
from knowledge.passage_store import PassageStore
from knowledge.sources import made_of
from tests.knowledge.conftest import Letters, found, held, matching, nearest, open_index, passage, sources_of, sync

A, B, C = passage("a"), passage("b"), passage("c")
MANY = [passage(f"m{n}", f"Number {n} of many.") for n in range(12)]


def generations(folder: Path) -> list[Path]:
    return [path for path in (folder / "index").iterdir() if path.is_dir()]


def test_an_index_never_filled_says_so(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    assert not index.exists()
    with pytest.raises(IndexDamaged, match="nothing has been indexed"):
        index.generation()


def test_a_sync_makes_the_index_hold_exactly_what_it_is_given(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    assert sync(index, A, B) == Change(added=2, removed=0, kept=0)
    assert held(index) == {"a", "b"}
    assert sync(index, B, C) == Change(added=1, removed=1, kept=1)
    assert held(index) == {"b", "c"}
    assert found(index, Filter()) == {"b", "c"}


def test_only_new_texts_and_labels_are_embedded(tmp_path: Path) -> None:
    embedder = Letters()
    index = open_index(tmp_path, embedder)
    titled = passage("d", title="Shipping times")
    sync(index, A, B)
    sync(index, A, B, titled)
    assert embedder.asked == [A.searchable, B.searchable, titled.searchable, "query: Shipping times"]


def test_a_sync_that_changes_nothing_publishes_nothing(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    sync(index, A, B)
    name = index.generation().name
    assert sync(index, A, B) == Change(added=0, removed=0, kept=2)
    assert index.generation().name == name


def test_a_passage_comes_back_as_it_was_given(tmp_path: Path) -> None:
    given = passage(
        "p", "Free from 50 €. 送料無料 🙂", heading=("One", "Two"), start=3, end=9, markets=("EU",),
        audience="operator", valid_from=date(2026, 1, 2), valid_until=date(2026, 7, 4), url="/p", kind="product",
        product_id="P-1", about=("JP",), number=4,
    )  # fmt: skip
    index = open_index(tmp_path)
    sync(index, given)
    (back,) = index.generation().everything()
    assert (back, back.number, back.id) == (given, 4, given.id)
    assert index.generation().everything("product") == [given]
    assert index.generation().everything("policy") == []


def test_another_opener_sees_the_new_generation(tmp_path: Path) -> None:
    writer, reader = open_index(tmp_path), open_index(tmp_path)
    sync(writer, A)
    assert held(reader) == {"a"}
    sync(writer, A, B)
    assert held(reader) == {"a", "b"}


@pytest.mark.parametrize("after", [[B], [*MANY, A]])
def test_a_reader_in_the_middle_of_a_search_keeps_its_generation(tmp_path: Path, after: list[Any]) -> None:
    writer, reader = open_index(tmp_path), open_index(tmp_path)
    sync(writer, A, *MANY)
    generation, row = reader.generation(), Letters().row("the text of a")
    sync(writer, *after)
    near = generation.nearest(lambda _: row, Filter(), 50)["en"][0]
    assert {p.id for p, _ in generation.read(near)} == {p.id for p in (A, *MANY)}
    assert len(generation.collections().nearest("en", row, 50)[0]) == len(MANY) + 1


def test_old_generations_are_deleted_but_for_the_one_just_left(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    for passages in ([A], [B], [C], [A, B], [A, C]):
        sync(index, *passages)
    assert len(generations(tmp_path)) == 2


def crashing(step: Callable[..., Any], done: bool) -> Callable[..., Any]:
    """The step, but the disk is full before it or after it; of replaced files only the pointer counts."""

    def run(*values: Any, **named: Any) -> Any:
        if step is os.replace and Path(values[1]).name != "current":
            return step(*values)
        if done:
            step(*values, **named)
        raise OSError("no space left on device")

    return run


STEPS = [
    (Letters, "passages"), (PassageStore, "add"), (PassageStore, "set_sources"), (PassageStore, "mark_mains"),
    (PassageStore, "set_meta"), (writing, "_write_vectors"), (writing, "placed"), (Collections, "add"),
    (os, "replace"),
]  # fmt: skip


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize(("home", "name"), STEPS)
@pytest.mark.parametrize("base", [[A], [A, *MANY]], ids=["anew", "onto"])
def test_a_crash_while_writing_leaves_the_old_generation_and_the_next_sync_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: list[Any], home: Any, name: str, done: bool
) -> None:
    index, before, after = open_index(tmp_path), {p.id for p in base}, [*base[1:], B, C]
    sync(index, *base)
    with monkeypatch.context() as patched:
        patched.setattr(home, name, crashing(getattr(home, name), done))
        with pytest.raises(OSError, match="no space"):
            sync(index, *after)
    if (home, name, done) != (os, "replace", True):
        for reader in (index, open_index(tmp_path)):
            assert set(reader.generation().ids()) == before
            assert {i for i, _ in nearest(reader, "text", Filter(), 50)} == before
            assert set(matching(reader, "a text of many", Filter(), 50)) == before
            rows, _ = reader.generation().collections().nearest("en", Letters().row("text"), 50)
            assert set(rows.tolist()) >= set(reader.generation().columns.rows.tolist())
    sync(index, *after)
    assert set(open_index(tmp_path).generation().ids()) == {p.id for p in after}
    assert found(open_index(tmp_path), Filter(), "a text of many") == {p.document for p in after}
    sync(index, B)
    assert len(generations(tmp_path)) == 2


def test_a_second_writer_is_refused_and_readers_are_not(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    sync(index, A)
    with (tmp_path / "index" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IndexBusy, match="another process"):
            sync(open_index(tmp_path), A, B)
        assert held(open_index(tmp_path)) == {"a"}
    assert sync(open_index(tmp_path), A, B).added == 1


def test_an_index_of_another_embedder_is_not_read_but_built_again(tmp_path: Path) -> None:
    sync(open_index(tmp_path), A, B)
    newer = Letters()
    newer.identity = "letters/16/2"
    index = open_index(tmp_path, newer)
    with pytest.raises(IndexDamaged, match="another embedder"):
        index.generation()
    assert sync(index, A, B) == Change(added=2, removed=0, kept=0)
    assert held(index) == {"a", "b"}


def test_an_index_of_another_format_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(open_index(tmp_path), A)
    monkeypatch.setattr(index_module, "FORMAT", "next")
    with pytest.raises(IndexDamaged, match="version"):
        open_index(tmp_path).generation()


@pytest.mark.parametrize("lost", ["passages.sqlite3", "vectors.npy", "."])
def test_a_generation_with_a_part_missing_is_damaged_and_mended_by_a_sync(tmp_path: Path, lost: str) -> None:
    sync(open_index(tmp_path), A)
    (generation,) = generations(tmp_path)
    part = generation / lost
    shutil.rmtree(part) if part.is_dir() else part.unlink()
    mended = open_index(tmp_path)
    with pytest.raises(IndexDamaged):
        mended.generation()
    assert mended.exists()
    sync(mended, A)
    assert held(mended) == {"a"}


@pytest.mark.parametrize("name", ["passages.sqlite3", "vectors.npy"])
def test_a_file_that_is_something_else_is_damage(tmp_path: Path, name: str) -> None:
    sync(open_index(tmp_path), A)
    (generations(tmp_path)[0] / name).write_bytes(b"not what it was" * 100)
    with pytest.raises(IndexDamaged, match="cannot be read"):
        open_index(tmp_path).generation()


def test_vectors_of_other_passages_are_damage(tmp_path: Path) -> None:
    sync(open_index(tmp_path), A, B)
    np.save(generations(tmp_path)[0] / "vectors.npy", np.zeros((1, 16), np.float16))
    with pytest.raises(IndexDamaged, match="lost vectors"):
        open_index(tmp_path).generation()


def test_a_generation_counts_its_passages_by_locale(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    sync(index, A, B, passage("a", locale="de"))
    assert index.generation().count() == 3
    assert index.generation().locales() == {"de": 1, "en": 2}


def test_a_document_is_known_piece_by_piece_and_each_piece_in_each_language(tmp_path: Path) -> None:
    index, german = open_index(tmp_path), passage("a", "Der Text.", locale="de")
    sync(index, *(passage("a", f"Part {number}", number=number) for number in (10, 2, 0, 1)), german)
    assert [p.text for p in index.generation().of_document("a", "en")] == ["Part 0", "Part 1", "Part 2", "Part 10"]
    assert index.generation().siblings("a", 0) == {"en": passage("a", "Part 0"), "de": german}
    assert index.generation().siblings("z", 0) == {}


def test_an_index_may_hold_nothing(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    assert index.sync([]) == Change(0, 0, 0)
    assert (held(index), found(index, Filter())) == (set(), set())
    sync(index, A)
    assert sync(index) == Change(0, 1, 0)
    assert (held(index), found(index, Filter())) == (set(), set())
    assert sync(index, A, B).added == 2


def test_a_locale_that_is_no_tag_is_indexed_like_any_other(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    sync(index, *(passage("a", locale=locale) for locale in ("en", "e n", "../x", "日本")))
    assert len(nearest(index, "text", Filter(), 9)) == 4
    counted = {locale: index.generation().collections().count(locale) for locale in index.generation().locales()}
    assert counted == {"en": 1, "e n": 1, "../x": 1, "日本": 1}


def test_vectors_come_in_the_order_they_are_asked_for_and_are_those_of_passages_not_indexed_yet(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.sync([made_of("x", [B, A]), *sources_of([C])])
    both = index.generation().vectors([A.id, C.id, B.id])
    assert np.array_equal(both[::-1], index.generation().vectors([B.id, C.id, A.id]))
    assert np.allclose(np.linalg.norm(both, axis=1), 1, atol=1e-2)
    assert np.allclose(index.placed([A, C, B]), both, atol=1e-2)


def test_a_shops_own_mean_takes_the_place_of_the_shipped_one_where_there_are_enough(tmp_path: Path) -> None:
    shipped = {"en": np.ones(16, np.float32), "de": np.ones(16, np.float32)}
    index = open_index(tmp_path, means=Means(shipped, {}))
    sync(index, *(passage(f"d{n}") for n in range(30)), *(passage(f"g{n}", locale="de") for n in range(29)))
    means = index.generation().means
    assert not np.array_equal(means["en"], shipped["en"])
    assert np.array_equal(means["de"], shipped["de"])
