"""Which searches left a question unanswered, from what was noted and what the shopper did next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assistant.embedded.router import Route
from integrations.database.searches import Disliked, Recorded
from integrations.gaps.asked import MOST_QUESTIONS, unanswered
from knowledge.gaps import ANSWERED, ENTRY_ANSWERED

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minute: float) -> datetime:
    return NOW + timedelta(minutes=minute)


def search(
    text: str = "q", score: float = 0.1, minute: float = 0, kind: str = "policies", session: str = "s"
) -> Recorded:
    return Recorded(at(minute), kind, text, "en", "DE", "shopper", session, ("terms",), score)


def sources(
    *searches: Recorded,
    intent: str = "policy_question",
    sure: float = 0.9,
    calls: tuple[float, ...] = (),
    disliked: tuple[Disliked, ...] = (),
) -> list[tuple[str, str]]:
    told = Route(((intent, sure), ("bot_question", 1 - sure)))
    found = unanswered(searches, {"s": [at(call) for call in calls]}, disliked, lambda _text, _language: told)
    return [(question.text, question.source) for question in found]


def test_a_question_about_the_shop_with_nothing_near_is_one() -> None:
    assert sources(search("a"), search("b", 0.5, 1)) == [("a", "search")]


@pytest.mark.parametrize(
    ("intent", "sure"), [("out_of_scope", 0.9), ("policy_question", 0.4), ("order_status", 0.9), ("greeting", 0.9)]
)
def test_what_is_not_recognised_or_off_topic_is_none_by_itself(intent: str, sure: float) -> None:
    assert sources(search(), intent=intent, sure=sure) == []


@pytest.mark.parametrize(("intent", "sure"), [("out_of_scope", 0.9), ("policy_question", 0.4)])
def test_it_is_one_when_a_person_was_asked_for_next(intent: str, sure: float) -> None:
    assert sources(search(), intent=intent, sure=sure, calls=(2,)) == [("q", "handoff")]


@pytest.mark.parametrize("intent", ["order_status", "person", "private_data", "greeting"])
def test_what_no_entry_answers_is_none_whatever_followed(intent: str) -> None:
    marked = (Disliked("s", at(-1), at(1)),)
    assert sources(search(), intent=intent, calls=(2,)) == []
    assert sources(search(), intent=intent, disliked=marked) == []


@pytest.mark.parametrize("call", [-1, 16])
def test_a_person_asked_for_before_or_much_later_is_another_matter(call: float) -> None:
    assert sources(search(), intent="out_of_scope", calls=(call,)) == []


def test_a_person_asked_for_belongs_to_the_turn_before() -> None:
    assert sources(search("a"), search("b", 0.1, 1), calls=(2,)) == [("a", "search"), ("b", "handoff")]


def test_an_answered_question_is_none_though_a_person_was_asked_for() -> None:
    assert sources(search(score=0.5), calls=(1,)) == []


def test_a_thumbs_down_makes_it_one_whatever_was_shown() -> None:
    mark = (Disliked("s", at(0), at(2)),)
    found = sources(search("a", 0.5, 0), search("b", 0.5, 1), search("c", 0.5, 3), disliked=mark)
    assert found == [("b", "feedback")]


def test_a_product_that_is_named_answers_and_one_that_is_near_does_unless_a_policy_is_asked_for() -> None:
    named, near = search(score=1.0, kind="products"), search(score=ANSWERED, kind="products")
    assert sources(search(), named) == []
    assert sources(search(), near, intent="product_question") == []
    assert sources(search(), near) == [("q", "search")]
    assert sources(search(), search("other", 1.0, kind="products")) == [("q", "search")]


def test_a_search_for_a_product_that_finds_nothing_is_no_entry_to_write() -> None:
    assert sources(search(score=0.0, kind="products"), intent="product_search") == []


def test_an_entry_must_be_nearer_than_a_document_to_answer() -> None:
    def found(score: float, *entries: str) -> list[str]:
        told = Route((("policy_question", 1.0),))
        searches = [search(score=score)]
        return [one.text for one in unanswered(searches, {}, (), lambda _text, _language: told, frozenset(entries))]

    between = (ANSWERED + ENTRY_ANSWERED) / 2
    assert (found(between), found(between, "terms"), found(between, "other")) == ([], ["q"], [])
    assert found(ENTRY_ANSWERED, "terms") == []


def test_a_search_without_its_session_is_still_one() -> None:
    assert sources(search(session="")) == [("q", "search")]


def test_only_the_newest_different_questions_are_looked_at() -> None:
    found = sources(*[search(str(i % 600), minute=i) for i in range(1200)])
    assert len(found) == 2 * MOST_QUESTIONS
    assert found[0] == ("100", "search")
