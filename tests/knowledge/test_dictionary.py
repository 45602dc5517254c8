"""Words of other languages mean something in English, inflected and joined as they are written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from knowledge.dictionary import meanings
from knowledge.filters import Filter
from knowledge.keywords import keywords, tell, terms
from knowledge.retrieval import Retriever
from tests.knowledge.conftest import Letters, open_index, passage, sync

MEANT = [
    ("de", "Zahnbürsten", "toothbrush"), ("de", "Trainingsjacken", "jacket"), ("de", "Küchenmesser", "knife"),
    ("fr", "trépieds de voyage", "tripod"), ("fr", "vestes", "jacket"), ("es", "chaquetas deportivas", "jacket"),
    ("it", "scarpe", "shoe"), ("pt-BR", "jaquetas", "jacket"), ("pl", "kurtki", "jacket"), ("tr", "ceketler", "jacket"),
    ("tr", "mutfak bıçakları", "knife"), ("id", "sepatu", "shoe"), ("ja", "電子辞書", "dictionary"),
    ("ja", "トラックジャケット", "jacket"), ("zh-CN", "旅行三脚架", "tripod"), ("zh-TW", "地毯", "carpet"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "english"), MEANT)
def test_a_word_means_its_english(language: str, text: str, english: str) -> None:
    assert english in {part for word in meanings(text, language) for phrase in word for part in phrase}


def test_a_compound_is_read_in_its_parts() -> None:
    first, last = meanings("Trainingsjacken", "de")
    assert ("training",) in first
    assert ("jacket",) in last


def test_small_words_say_nothing_and_names_mean_themselves() -> None:
    assert meanings("und für", "de") == ()
    assert meanings("Zentrava", "fr") == ((("zentrava",),),)


def test_english_and_unknown_languages_are_left_alone() -> None:
    assert meanings("jackets", "en") == meanings("куртки", "ru") == ()


def test_the_passage_that_says_more_of_it_has_the_larger_share() -> None:
    texts = ("Goods > Track Jackets", "Goods > Jackets", "Goods > Mugs")
    held = [terms(keywords(text)) for text in texts]
    both, one, none = tell(meanings("トラックジャケット", "ja")).shares_in(held)
    assert both > one > none


def test_a_path_in_english_is_found_by_its_words(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    goods = ("Mugs", "Tripods", "Jackets", "Lamps", "Carpets", "Toothbrushes")
    sync(index, *(passage(name, f"Goods > {name}") for name in goods))
    search = Retriever(index, Letters().query)
    found = [
        search.search(text, Filter(), 1, language, least=-1)[0].passage.document
        for text, language in (("Zahnbürsten", "de"), ("三脚架", "zh-CN"), ("kurtki", "pl"), ("kilimler", "tr"))
    ]
    assert found == ["Toothbrushes", "Tripods", "Jackets", "Carpets"]


def test_a_word_without_end_is_soon_done_with() -> None:
    begin = time.process_time()
    meanings("haus" * 15 + "x", "de")
    meanings("haus" * 5000, "de")
    meanings("辞典" * 5000, "ja")
    assert time.process_time() - begin < 1
