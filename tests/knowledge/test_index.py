"""The index on disk: generations that appear whole, filters that hold, damage that is told apart."""

import fcntl
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge import index as index_module
from knowledge.documents import Passage
from knowledge.embeddings import VectorCache, Vectors
from knowledge.filters import Filter
from knowledge.generation import IndexDamaged
from knowledge.index import Change, Index, IndexBusy, centre, main_locales
from knowledge.retrieval import Retriever


class Letters:
    """An embedder that counts letters, and what it was asked for."""

    identity = "letters/16/1"
    dimension = 16

    def __init__(self) -> None:
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> Vectors:
        row = np.zeros(self.dimension, np.float32)
        for letter in text.lower():
            row[ord(letter) % self.dimension] += 1
        return row / np.linalg.norm(row)


def passage(document: str, text: str = "", **fields: object) -> Passage:
    said = text or f"The text of {document}."
    return Passage(**{"document": document, "title": document, "text": said, "locale": "en", **fields})  # type: ignore[arg-type]


A, B, C = passage("a"), passage("b"), passage("c")


def open_index(folder: Path, embedder: Letters | None = None) -> Index:
    return Index(folder / "index", VectorCache(folder / "vectors.sqlite3", embedder or Letters()), {})


def held(index: Index) -> set[str]:
    return {name.split("@")[0] for name in index.generation().ids()}


def found(index: Index, wanted: Filter, text: str = "The text of") -> set[str]:
    """Documents that both the vectors and the keywords let through; they must agree."""
    generation = index.generation()
    near = generation.nearest(Letters().query(text), wanted, 100)
    words = generation.matching(text, wanted, 100)
    assert near.keys() == words.keys()
    return {name.split("@")[0] for name in near}


def test_an_index_never_filled_says_so(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    assert not index.exists()
    with pytest.raises(IndexDamaged, match="nothing has been indexed"):
        index.generation()


def test_a_sync_makes_the_index_hold_exactly_what_it_is_given(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    assert index.sync([A, B]) == Change(added=2, removed=0, kept=0)
    assert held(index) == {"a", "b"}
    assert index.sync([B, C]) == Change(added=1, removed=1, kept=1)
    assert held(index) == {"b", "c"}
    assert found(index, Filter()) == {"b", "c"}


def test_only_new_texts_are_embedded(tmp_path: Path) -> None:
    embedder = Letters()
    index = open_index(tmp_path, embedder)
    index.sync([A, B])
    index.sync([A, B, C])
    assert embedder.asked == [A.searchable, B.searchable, C.searchable]


def test_a_sync_that_changes_nothing_publishes_nothing(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.sync([A, B])
    name = index.generation().name
    assert index.sync([A, B]) == Change(added=0, removed=0, kept=2)
    assert index.generation().name == name


def test_a_changed_text_replaces_the_old(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.sync([A, B])
    assert index.sync([passage("a", "Something else entirely."), B]) == Change(added=1, removed=1, kept=1)
    assert [p.text for p in index.generation().of_document("a", "en")] == ["Something else entirely."]


def test_a_passage_comes_back_as_it_was_given(tmp_path: Path) -> None:
    given = passage(
        "p", "Free from 50 €. 送料無料 \ud83d", heading=("One", "Two"), start=3, end=9, markets=("EU",),
        audience="operator", valid_from=date(2026, 1, 2), valid_until=date(2026, 3, 4), url="/p", kind="product",
        product_id="P-1", about=("JP",), number=4,
    )  # fmt: skip
    index = open_index(tmp_path)
    index.sync([given])
    (back,) = index.generation().passages([given.id]).values()
    assert back == given
    assert back.number == 4


def test_another_opener_sees_the_new_generation(tmp_path: Path) -> None:
    writer, reader = open_index(tmp_path), open_index(tmp_path)
    writer.sync([A])
    assert held(reader) == {"a"}
    writer.sync([A, B])
    assert held(reader) == {"a", "b"}


def test_a_reader_in_the_middle_of_a_search_keeps_its_generation(tmp_path: Path) -> None:
    writer, reader = open_index(tmp_path), open_index(tmp_path)
    writer.sync([A])
    generation = reader.generation()
    writer.sync([B])
    assert list(generation.nearest(Letters().query("a"), Filter(), 5)) == [A.id]
    assert list(generation.matching("the text", Filter(), 5)) == [A.id]


def test_old_generations_are_deleted_but_for_the_one_just_left(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    for passages in ([A], [B], [C], [A, B], [A, C]):
        index.sync(passages)
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) == 2


@pytest.mark.parametrize("step", ["_write_passages", "_write_vectors", "centre"])
def test_a_crash_while_publishing_leaves_the_old_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    index = open_index(tmp_path)
    index.sync([A])

    def crash(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(index_module, step, crash)
        with pytest.raises(OSError, match="no space"):
            index.sync([A, B])
    assert held(index) == held(open_index(tmp_path)) == {"a"}
    assert found(index, Filter()) == {"a"}
    assert index.sync([A, B]).added == 1
    assert held(open_index(tmp_path)) == {"a", "b"}


def test_a_second_writer_is_refused_and_readers_are_not(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.sync([A])
    with (tmp_path / "index" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IndexBusy, match="another process"):
            open_index(tmp_path).sync([A, B])
        assert held(open_index(tmp_path)) == {"a"}
    assert open_index(tmp_path).sync([A, B]).added == 1


def test_an_index_of_another_embedder_is_not_read_but_built_again(tmp_path: Path) -> None:
    open_index(tmp_path).sync([A, B])
    newer = Letters()
    newer.identity = "letters/16/2"
    index = open_index(tmp_path, newer)
    with pytest.raises(IndexDamaged, match="another embedder"):
        index.generation()
    assert index.sync([A, B]) == Change(added=2, removed=0, kept=0)
    assert held(index) == {"a", "b"}


def test_an_index_of_another_format_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_index(tmp_path).sync([A])
    monkeypatch.setattr(index_module, "FORMAT", "next")
    with pytest.raises(IndexDamaged, match="version"):
        open_index(tmp_path).generation()


@pytest.mark.parametrize("lost", ["passages.sqlite3", "chroma", "."])
def test_a_generation_with_a_part_missing_is_damaged_and_mended_by_a_sync(tmp_path: Path, lost: str) -> None:
    index = open_index(tmp_path)
    index.sync([A])
    damaged = tmp_path / "copy"
    shutil.copytree(tmp_path, damaged)
    part = damaged / "index" / index.generation().name / lost
    shutil.rmtree(part) if part.is_dir() else part.unlink()
    mended = open_index(damaged)
    with pytest.raises(IndexDamaged):
        mended.generation()
    assert mended.exists()
    mended.sync([A])
    assert held(mended) == {"a"}


def test_a_store_that_is_no_database_is_damage(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.sync([A])
    (tmp_path / "index" / index.generation().name / "passages.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(IndexDamaged, match="cannot be read"):
        open_index(tmp_path).generation()


@pytest.fixture(scope="module")
def filtered(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = open_index(tmp_path_factory.mktemp("filtered"))
    index.sync([
        passage("everywhere"), passage("brazil", markets=("BR",)), passage("union", markets=("EU",)),
        passage("either", markets=("JP", "GB")), passage("desk", audience="operator"),
        passage("past", valid_until=date(2026, 6, 30)), passage("future", valid_from=date(2026, 7, 1)),
        passage("lamp", kind="product", product_id="P-1"), passage("chair", kind="product", product_id="P-2"),
    ])  # fmt: skip
    return index


DAY = date(2026, 7, 1)
UNMARKED = {"everywhere", "lamp", "chair", "future"}


def test_operators_find_what_shoppers_do_not(filtered: Index) -> None:
    shopper, operator = found(filtered, Filter(on=DAY)), found(filtered, Filter(on=DAY, audience="operator"))
    assert operator - shopper == {"desk"}
    assert shopper < operator


@pytest.mark.parametrize(
    ("market", "more"),
    [("BR", {"brazil"}), ("DE", {"union"}), ("JP", {"either"}), ("US", set()), ("", {"brazil", "union", "either"})],
)
def test_a_market_finds_what_is_for_it_or_for_everywhere(filtered: Index, market: str, more: set[str]) -> None:
    assert found(filtered, Filter(market=market, on=DAY)) == UNMARKED | more


@pytest.mark.parametrize(
    ("day", "valid"), [(date(2026, 6, 30), {"past"}), (date(2026, 7, 1), {"future"}), (date(2000, 1, 1), {"past"})]
)
def test_the_first_and_the_last_day_of_validity_both_count(filtered: Index, day: date, valid: set[str]) -> None:
    assert found(filtered, Filter(on=day)) & {"past", "future"} == valid


def test_a_kind_and_products_narrow_the_search(filtered: Index) -> None:
    assert found(filtered, Filter(on=DAY, kinds=("product",))) == {"lamp", "chair"}
    assert found(filtered, Filter(on=DAY, product_ids=("P-2", "P-9"))) == {"chair"}
    assert found(filtered, Filter(on=DAY, kinds=("policy",), product_ids=("P-2",))) == set()


def test_other_languages_are_found_only_where_a_document_has_neither_the_readers_nor_english(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.sync([
        passage("both"), passage("both", locale="de"), passage("both", locale="ja"), passage("german", locale="de"),
        passage("english"),
    ])  # fmt: skip
    wanted = Filter(language="ja")
    assert found(index, wanted) == {"both", "german", "english"}
    locales = {name.split("@")[1][:2] for name in index.generation().nearest(Letters().query("text"), wanted, 9)}
    assert locales == {"ja", "en", "de"}
    assert len(index.generation().nearest(Letters().query("text"), wanted, 9)) == 4


def test_a_generation_counts_its_passages_by_locale(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.sync([A, B, passage("a", locale="de")])
    assert index.generation().count() == 3
    assert index.generation().locales() == {"de": 1, "en": 2}


def test_the_same_piece_is_known_in_each_language(tmp_path: Path) -> None:
    german = passage("a", "Der Text.", locale="de")
    index = open_index(tmp_path)
    index.sync([A, german, passage("a", "More.", number=1)])
    assert index.generation().siblings("a", 0) == {"en": A.id, "de": german.id}
    assert index.generation().siblings("z", 0) == {}


def test_passages_of_a_document_come_in_order(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.sync([passage("a", f"Part {number}", number=number) for number in (10, 2, 0, 1)])
    assert [p.text for p in index.generation().of_document("a", "en")] == ["Part 0", "Part 1", "Part 2", "Part 10"]


def test_centring_takes_away_what_a_language_shares() -> None:
    rows = np.array([[3, 4, 0], [0, 0, 2]], np.float32)
    centred = centre(rows, ["de", "xx"], {"de": np.array([0, 4, 0], np.float32)})
    assert np.allclose(centred, [[1, 0, 0], [0, 0, 1]])


def test_a_document_is_found_in_english_where_it_has_it_else_in_its_first_language() -> None:
    passages = [passage("a", locale="de"), passage("a"), passage("b", locale="ja"), passage("b", locale="de")]
    assert main_locales(passages) == {"a": "en", "b": "de"}


def test_a_change_of_who_may_read_a_passage_is_a_change(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.sync([A])
    change = index.sync([passage("a", audience="operator")])
    assert change == Change(1, 1, 0)
    assert found(index, Filter()) == set()


def test_an_index_may_hold_nothing(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.sync([A])
    index.sync([])
    assert held(index) == set()
    assert index.generation().nearest(Letters().query("a"), Filter(), 5) == {}


def test_a_twin_in_the_readers_language_that_may_not_be_shown_is_not(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    hidden = [passage("a", "Der Text.", locale="de", audience="operator"), B]
    index.sync([A, *hidden])
    hits = Retriever(index, Letters().query).search("The text of a.", Filter(), 5, "de", least=-1)
    assert {hit.passage.text for hit in hits} == {A.text, B.text}
