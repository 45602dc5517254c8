"""Words to search by, and their ranking in SQLite's full-text index."""

import sqlite3
from collections.abc import Iterator

import pytest

from knowledge.keywords import create_keyword_table, keywords, match_keywords, write_keywords

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
    create_keyword_table(connection)
    write_keywords(connection, enumerate(TEXTS))
    yield connection
    connection.close()


def rows(store: sqlite3.Connection, text: str) -> list[int]:
    return [row for row, _ in match_keywords(store, text, 10)]


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
    [("AB-12/3", "=ab123"), ("#W1234567", "=w1234567"), ("aq-h-001", "=aqh001"), ("1Z999AA1", "=1z999aa1")],
)
def test_a_code_is_kept_whole_besides(code: str, kept: str) -> None:
    assert kept in keywords(f"Where is {code}?")


def test_a_plain_word_or_small_number_is_no_code() -> None:
    assert not [word for word in keywords("The 30 days of return") if word.startswith("=")]


def test_nothing_to_search_by_finds_nothing(store: sqlite3.Connection) -> None:
    assert keywords("?! … 🙂") == []
    assert rows(store, "?! … 🙂") == []


def test_an_inflected_word_finds_its_kin(store: sqlite3.Connection) -> None:
    assert rows(store, "rücksendung")[0] == 0
    assert rows(store, "LIEFERUNGEN")[0] == 1


def test_japanese_is_found_without_spaces(store: sqlite3.Connection) -> None:
    assert rows(store, "送料") == [2]


def test_a_code_ranks_its_own_text_first(store: sqlite3.Connection) -> None:
    assert rows(store, "AB-12/3")[0] == 3


def test_a_text_that_repeats_the_word_ranks_above_one_that_names_it_once(store: sqlite3.Connection) -> None:
    found = match_keywords(store, "charger", 10)
    assert [row for row, _ in found] == [4, 3]
    assert found[0][1] > found[1][1]


def test_no_more_rows_come_back_than_asked_for(store: sqlite3.Connection) -> None:
    assert len(match_keywords(store, "charger", 1)) == 1


@pytest.mark.parametrize("text", ['" OR *', "NEAR(a b)", "tokens: x", "'; drop table words; --", "bad \ud800 text"])
def test_the_query_language_of_the_index_cannot_be_spoken(store: sqlite3.Connection, text: str) -> None:
    match_keywords(store, text, 10)
    assert rows(store, "送料") == [2]


def test_a_very_long_question_is_still_answered(store: sqlite3.Connection) -> None:
    assert 1 in rows(store, "Lieferung " + " ".join(f"word{n:04}" for n in range(5000)))
