"""Words to search by, and their rows in SQLite's full-text index."""

import sqlite3
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import keywords as keywords_module
from knowledge.keywords import (
    LITTLE,
    MOST_TERMS,
    add_words,
    ask,
    codes,
    create_tables,
    keywords,
    remove_words,
    rows_with,
    terms,
)  # fmt: skip

TEXTS = (
    "Rücksendungen sind innerhalb von 30 Tagen kostenlos",
    "Die Lieferung nach Japan dauert zehn Tage",
    "返品送料は当店が負担します",
    "The charger AB-12/3 fits the lamp, AB-12/4 does not",
    "The lamp comes with a charger, and the charger with a cable; every charger is tested",
)


@pytest.fixture
def store() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    create_tables(connection)
    add_words(connection, [(row, terms(keywords(text))) for row, text in enumerate(TEXTS)])
    yield connection
    connection.close()


def rows(store: sqlite3.Connection, text: str) -> list[int]:
    """Rows that share words with a text, those with the rarest first."""
    scores: Counter[int] = Counter()
    for row, weight in zip(*rows_with(store, ask(store, text, len(TEXTS))), strict=True):
        scores[int(row)] += weight
    return [row for row, _ in scores.most_common()]


def test_words_fall_into_runs_of_five_with_their_ends_marked() -> None:
    assert keywords("Returns") == ["_retu", "retur", "eturn", "turns", "urns_"]
    assert keywords("a TV") == ["_a_", "_tv_"]


def test_cjk_falls_into_pairs_and_thai_into_threes() -> None:
    assert keywords("返品送料") == ["返品", "品送", "送料"]
    assert keywords("配") == ["配"]
    assert keywords("สวัสดี") == ["สวั", "วัส", "ัสด", "สดี"]


def test_scripts_run_together_are_told_apart() -> None:
    assert keywords("SKUの色") == ["_sku_", "の色"]


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("AB-12/3", "=ab123"), ("#W1234567", "=w1234567"), ("aq-h-001", "=aqh001"), ("1Z999AA1", "=1z999aa1"),
        ("AQ_MUG.01", "=aqmug01"), ("4006381333931", "=4006381333931"),
    ],
)  # fmt: skip
def test_a_code_is_kept_whole_besides(code: str, kept: str) -> None:
    assert codes(f"Where is {code}?") == [kept]
    assert kept in keywords(f"Where is {code}?")


@pytest.mark.parametrize("text", ["The 30 days of return", "Does it play MP3 and MP4, on A4, at 500ml?"])
def test_a_plain_word_a_small_number_or_a_format_is_no_code(text: str) -> None:
    assert codes(text) == []


def test_a_word_counts_once_however_often_it_stands_there() -> None:
    once, twice = terms(keywords("lamp")), terms(keywords("lamp lamp"))
    assert np.array_equal(once, twice)
    assert np.all(np.diff(once.astype(np.int64)) > 0)


def test_nothing_to_search_by_finds_nothing(store: sqlite3.Connection) -> None:
    assert keywords("?! … 🙂") == []
    assert rows(store, "?! … 🙂") == []
    assert rows(store, "") == []


def test_an_inflected_word_finds_its_kin(store: sqlite3.Connection) -> None:
    assert rows(store, "rücksendung")[0] == 0
    assert rows(store, "LIEFERUNGEN")[0] == 1


def test_japanese_is_found_without_spaces(store: sqlite3.Connection) -> None:
    assert rows(store, "送料") == [2]


def test_a_code_ranks_its_own_text_first(store: sqlite3.Connection) -> None:
    assert rows(store, "AB-12/3")[0] == 3


def test_the_rarer_of_two_words_says_more(store: sqlite3.Connection) -> None:
    assert rows(store, "charger cable") == [4, 3]
    asked = ask(store, "charger cable", len(TEXTS))
    weight = dict(zip(asked.terms.tolist(), asked.weights.tolist(), strict=True))
    rare, common = terms(["cable"]), terms(["charg"])
    assert weight[rare[0]] > weight[common[0]] > 0


def test_a_share_of_a_questions_words_is_between_nothing_and_all(store: sqlite3.Connection) -> None:
    asked = ask(store, "charger cable", len(TEXTS))
    none, some, all_ = asked.shares_in([terms(keywords(text)) for text in ("", TEXTS[3], TEXTS[4])])
    said = float(asked.weights.sum())
    assert none == 0 < some < all_ == pytest.approx(min(1, said / LITTLE))
    assert ask(store, "?!", len(TEXTS)).shares_in([terms(keywords("lamp"))]).tolist() == [0]


@pytest.mark.parametrize(
    ("text", "only"),
    [("AB-12/3", True), (" #W1234567? ", True), ("AB-12/3, AB-12/4", True), ("lamp AB-12/3", False), ("lamp", False)],
)
def test_a_question_of_nothing_but_codes_is_known(store: sqlite3.Connection, text: str, only: bool) -> None:
    assert ask(store, text, len(TEXTS)).only_codes is only


def test_a_passage_names_a_code_only_if_all_of_it_is_the_same(store: sqlite3.Connection) -> None:
    asked = ask(store, "ab-12-3", len(TEXTS))
    passages = [terms(keywords(text)) for text in ("The AB-12/3.", "The AB-12/4 and the AB-12/31.", "")]
    assert asked.named_in(passages).tolist() == [True, False, False]


def test_words_once_taken_out_find_nothing_and_weigh_as_if_never_there(store: sqlite3.Connection) -> None:
    before = ask(store, "lamp", len(TEXTS))
    held = [(9, terms(keywords("A lamp of oak")))]
    add_words(store, held)
    assert 9 in rows(store, "oak")
    remove_words(store, held)
    assert rows(store, "oak") == []
    assert np.array_equal(ask(store, "lamp", len(TEXTS)).weights, before.weights)


def test_common_words_are_not_read_beyond_what_a_search_may_read(
    store: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keywords_module, "POSTINGS", 3)
    read, _ = rows_with(store, ask(store, "the charger cable", len(TEXTS)))
    assert read[0] == 4
    assert len(read) <= 3


def test_a_word_in_more_rows_than_a_search_may_read_is_still_searched(
    store: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keywords_module, "POSTINGS", 1)
    assert len(rows(store, "charger")) == 1


@pytest.mark.parametrize("text", ['" OR *', "NEAR(a b)", "tokens: x", "'; drop table words; --", "bad \ud800 text"])
def test_the_query_language_of_the_index_cannot_be_spoken(store: sqlite3.Connection, text: str) -> None:
    rows(store, text)
    assert rows(store, "送料") == [2]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_found_by_any_of_its_words(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    create_tables(connection)
    own = terms(keywords(text))
    add_words(connection, [(7, own)])
    assert set(rows_with(connection, ask(connection, text, 1))[0].tolist()) <= {7}
    asked = ask(connection, text, 1)
    assert asked.shares_in([own]) == pytest.approx(min(1, float(asked.weights.sum()) / LITTLE))
    connection.close()


def test_a_very_long_question_looks_at_so_many_words_and_no_more(store: sqlite3.Connection) -> None:
    asked = ask(store, " ".join(f"word{n:04}" for n in range(5000)), len(TEXTS))
    assert len(asked.terms) == len(asked.weights) == len(asked.counts) == MOST_TERMS
    assert 1 in rows(store, "Lieferung nach Japan " * 500)
