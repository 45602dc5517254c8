"""Contradictions between passages: pairs written down, the demo shop, and many passages at once."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from integrations.shipped import packaged
from knowledge.conflicts import find_conflicts
from knowledge.documents import Passage
from knowledge.reading import read_folder
from tests.knowledge.passage_pairs import Embedded, read_pairs

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    return Embedded(tmp_path_factory.mktemp("vectors"))


def judged(name: str, embedded: Embedded) -> dict[str, tuple[str, str]]:
    """What each pair of a file is and what it was taken for."""
    found = {}
    for pair, kind, a, b in read_pairs(name):
        conflicts = find_conflicts([a, b], embedded.of([a, b]), TODAY)
        found[pair] = (kind, conflicts[0].kind if conflicts else "")
    return found


def test_the_pairs_looked_at_are_told_apart(embedded: Embedded) -> None:
    told = judged("conflict_pairs_tuned.toml", embedded)
    assert {pair: both for pair, both in told.items() if both[0] != both[1]} == {}


def test_pairs_kept_apart_give_no_false_alarm_and_most_conflicts_are_found(embedded: Embedded) -> None:
    told = list(judged("conflict_pairs.toml", embedded).values())
    assert len(told) >= 40
    assert [both for both in told if both[1] and both[0] != both[1]] == []
    conflicts = [both for both in told if both[0]]
    assert sum(both[0] == both[1] for both in conflicts) / len(conflicts) >= 0.85


def test_the_demo_shop_contradicts_itself_in_its_old_terms_only(embedded: Embedded) -> None:
    passages, _ = read_folder(packaged("knowledge.demo_shop", "policies"))
    conflicts = find_conflicts(passages, embedded.of(passages), TODAY)
    assert {(conflict.kind, conflict.loser.document) for conflict in conflicts} == {("expired", "shipping-brazil-2025")}
    assert len(conflicts) == 3


def policy(document: str, text: str, **fields: object) -> Passage:
    said = {"document": document, "title": "Returns", "text": text, "locale": "en", "heading": ("Return period",)}
    return Passage(**{**said, **fields})  # type: ignore[arg-type]


ONE = policy("one", "Return an order within 30 days.")
OTHER = policy("other", "Return an order within 14 days.")


def alike(passages: list[Passage]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Vectors of passages that all lie together."""
    return np.tile(np.array([1, 0], np.float32), (len(passages), 1))


def test_a_conflict_names_both_figures_and_nobody_where_nothing_decides() -> None:
    (conflict,) = find_conflicts([ONE, OTHER], alike([ONE, OTHER]), TODAY)
    assert (conflict.kind, conflict.severity, conflict.winner) == ("same", "error", None)
    assert {conflict.passages[0].document, conflict.loser.document} == {"one", "other"}
    assert "30 days" in conflict.why
    assert "14 days" in conflict.why


def test_the_one_that_holds_comes_first() -> None:
    ended = replace(ONE, valid_until=date(2026, 1, 1))
    (conflict,) = find_conflicts([ended, OTHER], alike([ended, OTHER]), TODAY)
    assert (conflict.kind, conflict.severity, conflict.winner, conflict.loser) == ("expired", "warning", OTHER, ended)
    assert [[str(f) for f in figures] for figures in conflict.figures] == [["14 days"], ["30 days"]]
    local = replace(OTHER, markets=("BR",))
    (conflict,) = find_conflicts([ONE, local], alike([ONE, local]), TODAY)
    assert (conflict.kind, conflict.severity, conflict.winner) == ("market", "note", local)


@pytest.mark.parametrize(
    "other",
    [
        replace(OTHER, text="Return an order within two to five weeks."), replace(OTHER, kind="product"),
        replace(OTHER, text="Return an order within 30 days. In the EU you may withdraw within 14 days."),
        replace(OTHER, text="Return an order within 14 business days."), replace(OTHER, text="Return it any time."),
        replace(OTHER, text="Refunds take 14 days.", heading=("Refunds",)),
        replace(OTHER, locale="de", document="one", text="Rückgabe binnen 30 Tagen.", heading=("Rückgabe",)),
    ],
    ids=["range", "product", "both", "business days", "no figure", "refund", "translation"],
)  # fmt: skip
def test_what_can_both_be_true_is_no_conflict(other: Passage) -> None:
    assert find_conflicts([ONE, other], alike([ONE, other]), TODAY) == []


def test_passages_far_apart_are_not_compared() -> None:
    assert find_conflicts([ONE, OTHER], np.eye(2, dtype=np.float32), TODAY) == []


def test_nothing_is_no_conflict() -> None:
    assert find_conflicts([], np.empty((0, 0), np.float32), TODAY) == []


def test_a_translation_that_says_less_is_none_and_one_that_says_otherwise_is() -> None:
    german = replace(ONE, locale="de", text="Rückgabe binnen vierzehn Tagen.", heading=("Rückgabe",))
    silent = replace(german, locale="fr", text="Retour possible.")
    (conflict,) = find_conflicts([ONE, german, silent], alike([ONE] * 3), TODAY)
    assert (conflict.kind, conflict.severity, conflict.winner) == ("translation", "error", None)
    assert conflict.why == "one says 30 days in en and 14 days in de: a reader is told either."


def test_what_is_found_does_not_depend_on_the_order(embedded: Embedded) -> None:
    passages, _ = read_folder(packaged("knowledge.demo_shop", "policies"))
    vectors = embedded.of(passages)
    backward = find_conflicts(passages[::-1], vectors[::-1].copy(), TODAY)
    assert Counter(c.loser.id for c in backward) == Counter(
        c.loser.id for c in find_conflicts(passages, vectors, TODAY)
    )


def test_many_passages_take_no_pairwise_loop(embedded: Embedded) -> None:
    passages, _ = read_folder(packaged("knowledge.demo_shop", "policies"))
    vectors = embedded.of(passages)
    draw = np.random.default_rng(1)
    rows = draw.integers(0, len(passages), 4000)
    many = [
        replace(passages[row], document=f"{passages[row].document}-{place // 110}") for place, row in enumerate(rows)
    ]
    noisy = vectors[rows] + draw.normal(0, 0.025, (len(rows), vectors.shape[1])).astype(np.float32)
    noisy /= np.linalg.norm(noisy, axis=1, keepdims=True)
    start = time.process_time()
    find_conflicts(many, noisy, TODAY)
    assert time.process_time() - start < 20


def test_pairs_are_written_in_many_languages() -> None:
    for name in ("conflict_pairs.toml", "conflict_pairs_tuned.toml"):
        assert len({passage.locale for _, _, *both in read_pairs(name) for passage in both}) == 9
