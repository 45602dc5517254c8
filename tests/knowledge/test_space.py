"""Where vectors are compared: centred by locale, each part as heavy as it says, silent where it knows nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.embeddings import Part, Vectors
from knowledge.space import Space, unit

WHOLE = (Part(3),)
TWO = (Part(2), Part(3, weight=0.25, languages=frozenset({"de", "pt"})))
ROW = np.array([3, 4, 0, 6, 8], np.float32)


def vector(*values: float) -> Vectors:
    return np.array(values, np.float32)


def test_centring_takes_away_what_a_language_shares() -> None:
    space = Space(WHOLE, {"de": vector(0, 4, 0), "en": vector(0, 0, 0)}, {})
    assert np.allclose(space.passages(np.stack([vector(3, 4, 0)]), ["de"]), [[1, 0, 0]])
    assert np.allclose(space.passages(np.stack([vector(3, 4, 0)]), ["en"]), [[0.6, 0.8, 0]])


def test_an_unknown_locale_is_centred_on_the_mean_of_those_known() -> None:
    space = Space(WHOLE, {"de": vector(0, 4, 0), "en": vector(0, 0, 2)}, {})
    assert np.allclose(space.passages(np.stack([vector(1, 2, 1)]), ["xx"]), [[1, 0, 0]])


def test_without_any_means_vectors_are_only_made_unit() -> None:
    space = Space(WHOLE, {}, {})
    assert np.allclose(space.passages(np.stack([vector(3, 4, 0)]), ["de"]), [[0.6, 0.8, 0]])
    assert np.allclose(space.query(vector(3, 4, 0), "de", "en"), [0.6, 0.8, 0])


def test_questions_have_means_of_their_own_and_those_of_passages_where_there_are_none() -> None:
    means, asked = {"de": vector(0, 4, 0)}, {"de": vector(3, 0, 0)}
    row = np.stack([vector(3, 4, 0)])
    assert np.allclose(Space(WHOLE, means, asked).questions(row, ["de"]), [[0, 1, 0]])
    assert np.allclose(Space(WHOLE, means, {}).questions(row, ["de"]), [[1, 0, 0]])
    assert np.allclose(Space(WHOLE, means, asked).query(row[0], "de", "en"), [0, 1, 0])


def test_a_query_is_centred_in_the_language_it_is_asked_in() -> None:
    asked = {"de": vector(3, 0, 0), "en": vector(0, 4, 0)}
    space = Space(WHOLE, {}, asked)
    assert np.allclose(space.query(vector(3, 4, 0), "de", "en"), space.query(vector(3, 4, 0), "de", "de"))
    assert np.allclose(space.query(vector(3, 4, 0), "en", "de"), [1, 0, 0])


def test_each_part_counts_as_much_as_its_weight_however_long_it_was() -> None:
    for row in (ROW, ROW * np.array([100, 100, 1, 1, 1], np.float32)):
        (placed,) = Space(TWO, {}, {}).passages(row[np.newaxis], ["de"])
        first, second = np.linalg.norm(placed[:2]), np.linalg.norm(placed[2:])
        assert second / first == pytest.approx(0.5)
        assert np.allclose(placed[:2] / first, [0.6, 0.8])


@pytest.mark.parametrize(
    ("language", "locale", "both"),
    [("de", "pt-BR", True), ("de", "de", True), ("id", "de", False), ("de", "id", False), ("id", "id", False)],
)
def test_a_part_that_does_not_know_both_languages_says_nothing(language: str, locale: str, both: bool) -> None:
    row = Space(TWO, {}, {}).query(ROW, language, locale)
    assert bool(np.any(row[2:])) is both
    assert np.linalg.norm(row) == pytest.approx(1)


def test_where_no_part_knows_the_languages_nothing_is_near() -> None:
    space = Space((Part(5, languages=frozenset({"de"})),), {}, {})
    assert not np.any(space.query(ROW, "id", "de"))


def test_no_passages_have_no_rows() -> None:
    assert Space(TWO, {}, {}).passages(np.empty((0, 5), np.float32), []).shape == (0, 5)


def test_nothing_is_no_direction_and_does_no_harm() -> None:
    assert np.array_equal(unit(np.zeros((2, 3), np.float32)), np.zeros((2, 3)))
    space = Space(WHOLE, {"de": vector(1, 2, 3)}, {})
    assert np.isfinite(space.passages(np.stack([vector(1, 2, 3)]), ["de"])).all()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["de", "id", "xx"]), st.sampled_from(["de", "pt-BR", "xx"]))
def test_every_vector_is_unit(seed: int, language: str, locale: str) -> None:
    random = np.random.default_rng(seed)
    rows = random.normal(size=(4, 5)).astype(np.float32)
    means = {name: random.normal(size=5).astype(np.float32) for name in ("de", "id")}
    space = Space(TWO, means, means if seed % 2 else {})
    placed = [space.passages(rows, [locale] * 4), space.questions(rows, [language] * 4)]
    placed.append(space.query(rows[0], language, locale)[np.newaxis])
    assert all(np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5) for found in placed)
    assert all(found.dtype == np.float32 for found in placed)
