"""Vectors by what was embedded: none twice, a cut run resumes, and what ships is not computed."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.vector_cache import VectorCache, vector_key, write_shipped
from tests.knowledge.conftest import Letters


def test_a_text_is_embedded_once_however_often_it_is_wanted(tmp_path: Path) -> None:
    embedder = Letters()
    cache = VectorCache(tmp_path / "v.sqlite3", embedder)
    first = cache.passages(["a", "b", "a"])
    again = cache.passages(["b", "c", "a"])
    assert sorted(embedder.asked) == ["a", "b", "c"]
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(again[2], first[0])


def test_rows_come_in_the_order_of_the_texts(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v.sqlite3", Letters())
    cache.passages(["b"])
    assert np.allclose(cache.passages(["a", "b", "c"]), Letters().passages(["a", "b", "c"]), atol=1e-3)


def test_no_texts_have_no_rows(tmp_path: Path) -> None:
    assert VectorCache(tmp_path / "v.sqlite3", Letters()).passages([]).shape == (0, 16)


def test_a_question_and_a_passage_of_the_same_words_are_kept_apart(tmp_path: Path) -> None:
    embedder = Letters()
    cache = VectorCache(tmp_path / "v.sqlite3", embedder)
    cache.passages(["a"])
    cache.queries(["a"])
    assert embedder.asked == ["a", "query: a"]


def test_a_run_cut_in_the_middle_resumes_where_it_was(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(100)]
    broken = Letters(fail_at="text 70")
    with pytest.raises(RuntimeError, match="power"):
        VectorCache(tmp_path / "v.sqlite3", broken).passages(texts)
    embedder = Letters()
    assert VectorCache(tmp_path / "v.sqlite3", embedder).passages(texts).shape == (100, 16)
    assert set(broken.asked).isdisjoint(embedder.asked)
    assert set(broken.asked) | set(embedder.asked) == set(texts)
    assert len(broken.asked) == 64


def test_two_caches_share_one_file(tmp_path: Path) -> None:
    one, other = Letters(), Letters()
    first, second = (VectorCache(tmp_path / "v.sqlite3", embedder) for embedder in (one, other))
    held = first.passages(["a", "b"])
    assert np.array_equal(second.passages(["a", "b"]), held)
    assert other.asked == []


def test_another_model_does_not_get_the_first_ones_vectors(tmp_path: Path) -> None:
    VectorCache(tmp_path / "v.sqlite3", Letters()).passages(["a"])
    newer = Letters()
    newer.identity = "letters/16/2"
    VectorCache(tmp_path / "v.sqlite3", newer).passages(["a"])
    assert newer.asked == ["a"]


def test_progress_counts_only_what_is_new(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v.sqlite3", Letters())
    cache.passages([f"text {number}" for number in range(10)])
    told: list[tuple[int, int]] = []
    cache.passages([f"text {number}" for number in range(50)], lambda done, of: told.append((done, of)))
    assert told == [(32, 40), (40, 40)]


def test_what_was_shipped_is_not_embedded(tmp_path: Path) -> None:
    source = VectorCache(tmp_path / "source.sqlite3", Letters())
    assert write_shipped(tmp_path / "shipped.npz", source, ["a", "b", "a"], ["q"]) == 3
    embedder = Letters()
    cache = VectorCache(tmp_path / "v.sqlite3", embedder, [tmp_path / "shipped.npz", tmp_path / "absent.npz"])
    assert np.array_equal(cache.passages(["a", "b"]), source.passages(["a", "b"]))
    assert np.array_equal(cache.queries(["q"]), source.queries(["q"]))
    assert embedder.asked == []


def test_filling_keeps_passages_and_questions_and_tells_how_far_it_is(tmp_path: Path) -> None:
    embedder, told = Letters(), list[tuple[int, int]]()
    cache = VectorCache(tmp_path / "v.sqlite3", embedder)
    cache.passages(["text 1"])
    cache.fill([f"text {n}" for n in range(40)], ["q", "q", "r"], lambda done, of: told.append((done, of)))
    assert told == [(32, 41), (39, 41), (41, 41)]
    embedder.asked.clear()
    cache.passages(["text 7"])
    cache.queries(["q", "r"])
    assert embedder.asked == []


def test_filling_with_what_is_known_says_nothing(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    cache = VectorCache(tmp_path / "v.sqlite3", Letters())
    for _ in range(2):
        cache.fill(["a"], [], lambda done, of: told.append((done, of)))
    assert told == [(1, 1)]


def test_more_texts_than_one_statement_takes(tmp_path: Path) -> None:
    embedder, texts = Letters(), [f"text {number}" for number in range(1201)]
    cache = VectorCache(tmp_path / "v.sqlite3", embedder)
    assert np.allclose(cache.passages(texts), cache.passages(texts[::-1])[::-1])
    assert len(embedder.asked) == 1201


def test_a_damaged_file_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "v.sqlite3").write_bytes(b"not a database" * 100)
    assert VectorCache(tmp_path / "v.sqlite3", Letters()).passages(["a"]).shape == (1, 16)


def test_a_question_asked_again_is_not_embedded_again(tmp_path: Path) -> None:
    embedder = Letters()
    cache = VectorCache(tmp_path / "v.sqlite3", embedder)
    assert np.array_equal(cache.query("Where is it?"), cache.query("Where is it?"))
    assert embedder.asked == ["query: Where is it?"]


def test_a_key_tells_apart_model_kind_and_text() -> None:
    keys = {vector_key("m", "passage", "a"), vector_key("m", "query", "a"), vector_key("n", "passage", "a")}
    assert len(keys | {vector_key("m", "passage", "b")}) == 4
    assert vector_key("m", "query", "\ud800")
