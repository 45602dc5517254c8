"""What an audit of the documents finds."""

from datetime import date, timedelta

import numpy as np

from knowledge.audit import Finding, audit, ordered
from knowledge.documents import Passage
from knowledge.embeddings import Vectors

TODAY = date(2026, 11, 22)


def passage(document: str, locale: str = "en", **fields: object) -> Passage:
    return Passage(**{"document": document, "title": document.title(), "text": "Said.", "locale": locale, **fields})  # type: ignore[arg-type]


def apart(passages: list[Passage]) -> Vectors:
    return np.eye(len(passages), dtype=np.float32)


def found(passages: list[Passage], **retrieved: int) -> list[Finding]:
    locales = sorted({p.locale for p in passages})
    return audit(passages, apart(passages), retrieved, locales, TODAY)


def test_a_document_that_ended_or_is_to_end_soon_is_a_warning_and_one_to_come_a_note() -> None:
    told = found([
        passage("past", valid_until=TODAY - timedelta(days=1)), passage("today", valid_until=TODAY),
        passage("soon", valid_until=TODAY + timedelta(days=30)), passage("later", valid_until=date(2027, 12, 1)),
        passage("future", valid_from=TODAY + timedelta(days=1)),
    ])  # fmt: skip
    assert [(f.document, f.kind, f.severity) for f in told] == [
        ("past", "expired", "warning"), ("soon", "expires soon", "warning"), ("today", "expires soon", "warning"),
        ("future", "not yet valid", "note"),
    ]  # fmt: skip
    assert "2026-11-21" in told[0].why


def test_a_document_of_many_passages_is_told_once() -> None:
    told = found([passage("past", number=n, valid_until=date(2026, 1, 1)) for n in range(3)])
    assert len(told) == 1


def test_a_language_most_documents_have_is_missed_in_the_others() -> None:
    everywhere = [passage(name, locale) for name in ("a", "b", "c") for locale in ("en", "de")]
    (finding,) = found([*everywhere, passage("d"), passage("a", "ja")])
    assert (finding.kind, finding.document, finding.locale, finding.what) == ("untranslated", "d", "en", "no de")
    assert found([passage("a"), passage("b"), passage("c"), passage("a", "de")]) == []


def test_a_translation_with_clearly_fewer_sections_is_told() -> None:
    english = [passage("a", heading=(f"H{n}",), number=n) for n in range(4)]
    german = [passage("a", "de", heading=(f"U{n}",), number=n) for n in range(2)]
    (finding,) = found([*english, *german])
    assert (finding.kind, finding.locale, finding.what) == ("untranslated", "de", "2 of 4 sections")
    french = [passage("a", "fr", heading=(f"T{n}",), number=n) for n in range(3)]
    assert found([*english, *french]) == []


def test_pieces_of_one_section_are_no_sections() -> None:
    english = [passage("a", heading=("H",), number=n) for n in range(4)]
    assert found([*english, passage("a", "ja", heading=("見出し",))]) == []


def test_a_document_no_search_found_is_a_note_once_there_were_searches() -> None:
    passages = [passage("found"), passage("lost"), passage("lost", "de"), passage("lamp", kind="product")]
    told = [f for f in found(passages, found=3) if f.kind == "never retrieved"]
    assert [(f.document, f.locale, f.severity) for f in told] == [("lost", "en", "note")]
    assert found([passage("lost")]) == found([passage("lost")], found=0) == []


def test_conflicts_are_among_the_findings_and_errors_come_first() -> None:
    one = passage("one", text="Return it within 30 days.", heading=("Return period",))
    other = passage("two", text="Return it within 14 days.", heading=("Return period",))
    past = passage("past", valid_until=date(2026, 1, 1))
    vectors = np.array([[0, 1], [1, 0], [1, 0]], np.float32)
    told = audit([past, one, other], vectors, {}, ["en"], TODAY)
    assert [(f.kind, f.severity) for f in told] == [("conflict", "error"), ("expired", "warning")]
    assert "30 days" in told[0].why
    assert {told[0].document, *told[0].others} == {"two", "one [en]"}


def test_the_most_severe_come_first() -> None:
    ended = Finding("expired", "warning", "old", "de", "Old", "ended", "remove it")
    note = Finding("not yet valid", "note", "a", "en", "A", "later", "wait")
    assert ordered([note, ended]) == [ended, note]


def test_nothing_known_is_nothing_found() -> None:
    assert audit([], np.empty((0, 0), np.float32), {"gone": 2}, [], TODAY) == []
