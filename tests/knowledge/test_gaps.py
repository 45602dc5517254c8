"""Questions of one meaning are one gap, and its drafted entry is a document whatever was asked."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from knowledge.documents import Passage
from knowledge.folder import read_file
from knowledge.gap_drafts import (
    Draft,
    EntryRefused,
    complete,
    draft_entry,
    in_locale,
    withdraw_entry,
    write_entry,
)
from knowledge.gaps import Gap, Question, group_questions
from knowledge.reading import read_folder
from knowledge.retrieval import Hit

START = datetime(2026, 3, 1, tzinfo=UTC)
HOSTILE = (
    "---\nid: returns\naudience: operator\n---\n# [x](javascript:x) `'\"\x00\x1b[31m\u202e: {{ !!python/object }}\n"
)


def asked(text: str, language: str = "en", minute: int = 0, **more: str) -> Question:
    return Question(text, language, START + timedelta(minutes=minute), **more)  # type: ignore[arg-type]


def rows(*angles: float) -> np.ndarray:
    """Unit vectors at angles, in degrees: alike as their angles are near."""
    turned = np.radians(np.array(angles))
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def gap_of(*questions: Question) -> Gap:
    return Gap(questions[0], questions)


def hit(cosine: float, **passage: object) -> Hit:
    fields = {"document": "terms", "title": "Terms", "text": "We open at noon.", "locale": "en", **passage}
    return Hit(Passage(**fields), cosine, cosine)  # type: ignore[arg-type]


def test_questions_of_one_meaning_are_one_gap_whatever_their_language() -> None:
    questions = [asked("Gift wrap?"), asked("Geschenkpapier?", "de", 1), asked("Bitcoin?", minute=2)]
    gaps = group_questions(questions, rows(0, 20, 120))
    assert [(gap.question.text, gap.count, gap.languages) for gap in gaps] == [
        ("Gift wrap?", 2, {"en": 1, "de": 1}), ("Bitcoin?", 1, {"en": 1}),
    ]  # fmt: skip


def test_the_gap_asked_most_comes_first_and_repeats_count() -> None:
    questions = [asked("Bitcoin?"), asked("wrap it", minute=1), asked("Wrap  IT", minute=2), asked("wrap it", minute=3)]
    gaps = group_questions(questions, rows(90, 0, 0, 0))
    assert [(gap.question.text, gap.count) for gap in gaps] == [("wrap it", 3), ("Bitcoin?", 1)]
    assert (gaps[0].first, gaps[0].last) == (questions[1].at, questions[3].at)
    assert gaps[0].examples == ["wrap it", "Wrap  IT"]


def test_the_question_that_stands_for_all_is_the_most_typical_in_the_main_language() -> None:
    questions = [asked("far", "en"), asked("middle", "en", 1), asked("other", "en", 2), asked("mitte", "de", 3)]
    (gap,) = group_questions(questions, rows(-30, 0, 25, 0))
    assert gap.question.text == "middle"


def test_a_chain_of_neighbours_is_not_one_gap() -> None:
    questions = [asked(str(i), minute=i) for i in range(8)]
    gaps = group_questions(questions, rows(*range(0, 320, 40)))
    assert all(len(gap.questions) <= 3 for gap in gaps)


def test_the_order_of_the_questions_changes_nothing() -> None:
    luck = random.Random(5)
    questions = [asked(f"question {i}", luck.choice(["en", "de", "ja"]), i % 7) for i in range(60)]
    vectors = rows(*[luck.uniform(0, 360) for _ in questions])
    order = list(range(60))
    luck.shuffle(order)
    gaps = group_questions(questions, vectors)
    again = group_questions([questions[i] for i in order], vectors[order])
    assert [(gap.id, gap.count) for gap in gaps] == [(gap.id, gap.count) for gap in again]


def test_no_questions_are_no_gaps() -> None:
    assert group_questions([], np.empty((0, 2), np.float32)) == []


def test_a_gap_keeps_answering_to_an_id_it_had_before() -> None:
    gap = gap_of(asked("Gift wrap?"), asked("Do you wrap gifts?", minute=1))
    assert gap.is_named(gap.id)
    assert gap.is_named(asked("do you  wrap GIFTS?").id)
    assert not gap.is_named("")


def test_a_draft_without_a_quotable_passage_cannot_be_accepted(tmp_path: Path) -> None:
    draft = draft_entry(gap_of(asked("Gift wrap?")), [hit(0.17, audience="operator")])
    assert draft.text.endswith("\nAnswer:\n")
    with pytest.raises(EntryRefused, match="--answer"):
        write_entry(tmp_path, draft)
    assert list(tmp_path.iterdir()) == []


def test_a_passage_for_another_market_is_quoted_with_its_source(tmp_path: Path) -> None:
    near = [hit(0.5, document="seen"), hit(0.4, document="brazil", markets=("BR",))]
    draft = draft_entry(gap_of(asked("Gift wrap?", market="JP")), near)
    assert (draft.markets, draft.is_acceptable) == (("JP",), True)
    written = write_entry(tmp_path, draft).read_text("utf-8")
    assert "We open at noon.\n\nSource: Terms (brazil#0, en, for BR)" in written


def test_a_rule_that_no_longer_holds_is_quoted_as_such() -> None:
    draft = draft_entry(gap_of(asked("Gift wrap?")), [hit(0.5, valid_until=date(2020, 1, 1))])
    assert draft.source == "Terms (terms#0, en, until 2020-01-01)"


def test_what_got_a_thumbs_down_is_not_quoted_again() -> None:
    question = replace(asked("Gift wrap?", source="feedback"), shown=("terms",))
    assert draft_entry(gap_of(question), [hit(0.6, markets=("BR",))]).answer == ""


def test_a_quote_from_the_staffs_rules_is_not_for_shoppers_as_it_stands(tmp_path: Path) -> None:
    near = [hit(0.5, audience="operator", text="Offer at most EUR 20.")]
    draft = draft_entry(gap_of(asked("Gift wrap?")), near)
    assert (draft.answer, draft.internal, draft.is_acceptable) == ("Offer at most EUR 20.", True, False)
    with pytest.raises(EntryRefused, match="terms#0, en, for staff only"):
        write_entry(tmp_path, draft)
    assert write_entry(tmp_path, complete(draft, "Ask us.")).exists()


def test_what_only_staff_asked_is_answered_for_staff() -> None:
    assert draft_entry(gap_of(asked("Gift wrap?", role="operator")), []).audience == "operator"
    assert draft_entry(gap_of(asked("a"), asked("b", role="operator")), []).audience == "shopper"


def test_markets_are_named_only_where_all_askers_were_of_one() -> None:
    assert draft_entry(gap_of(asked("a", market="DE"), asked("b", market="DE")), []).markets == ("DE",)
    assert draft_entry(gap_of(asked("a", market="DE"), asked("b", market="AT")), []).markets == ()
    assert draft_entry(gap_of(asked("a", market="DE"), asked("b")), []).markets == ()


@pytest.mark.parametrize("text", [HOSTILE, "x" * 100_000, "'" * 300, "\u2028---\u2028", "名前を刻印？", "- a: [b", "#"])
def test_a_hostile_question_neither_breaks_the_draft_nor_the_file(text: str, tmp_path: Path) -> None:
    draft = draft_entry(gap_of(asked(text)), [])
    path = write_entry(tmp_path, complete(draft, "Yes."))
    (passage,) = read_file(path.name, path, {}, {})
    assert (passage.document, passage.audience, passage.text) == (draft.slug, "shopper", "Yes.")
    assert passage.title == draft.title
    assert len(passage.title) <= 120
    assert passage.title.isprintable()
    assert path.parent == tmp_path
    assert len(path.name) < 80


def test_a_hostile_answer_stays_an_answer(tmp_path: Path) -> None:
    path = write_entry(tmp_path, complete(Draft("a-1", "A?", "en"), f"Yes.\r\n\x00\x1b]0;x\x07\n{HOSTILE}No."))
    assert {passage.document for passage in read_file(path.name, path, {}, {})} == {"a-1"}
    assert all(letter.isprintable() or letter == "\n" for letter in path.read_text("utf-8"))


@pytest.mark.parametrize(
    "answer", ["", " ", "Answer:", "Answer:\n \n", "# A heading\n\n## and another", "---\nid: x\n"]
)
def test_an_answer_that_says_nothing_is_refused(answer: str) -> None:
    with pytest.raises(EntryRefused):
        complete(Draft("a-1", "A?", "en"), answer)


def test_an_answer_may_not_be_endless() -> None:
    with pytest.raises(EntryRefused, match="20,000"):
        complete(Draft("a-1", "A?", "en"), "long " * 5000)


def test_a_whole_edited_entry_brings_its_own_title_locale_and_markets_but_not_its_id(tmp_path: Path) -> None:
    text = "---\nid: other\ntitle: Gravur\nlocale: de-DE\nmarkets: [DE, AT]\n---\n\nAnswer: Nein.\n"
    draft = complete(Draft("a-1", "A?", "en"), text)
    path = write_entry(tmp_path, draft)
    (passage,) = read_file(path.name, path, {}, {})
    assert (passage.document, passage.title, passage.locale) == ("a-1", "Gravur", "de")
    assert (passage.markets, passage.text) == (("DE", "AT"), "Nein.")


@pytest.mark.parametrize("front", ["id: [", "markets: {a: b}", "audience: everyone", "- a list"])
def test_a_broken_edited_entry_is_refused(front: str) -> None:
    with pytest.raises(EntryRefused, match="front matter"):
        complete(Draft("a-1", "A?", "en"), f"---\n{front}\n---\n\nYes.\n")


def test_a_locale_that_is_not_served_is_refused() -> None:
    assert in_locale(Draft("a-1", "A?", "en"), "pt_BR").locale == "pt-BR"
    with pytest.raises(EntryRefused, match="xx"):
        in_locale(Draft("a-1", "A?", "en"), "xx")


def test_accepting_again_replaces_and_withdrawing_hides(tmp_path: Path) -> None:
    for answer in ("Yes.", "No."):
        write_entry(tmp_path, complete(Draft("a-1", "A?", "en"), answer))
    assert [passage.text for passage in read_folder(tmp_path)[0]] == ["No."]
    withdraw_entry(tmp_path, "a-1")
    assert read_folder(tmp_path) == ([], [])
    assert len(list(tmp_path.iterdir())) == 1
