"""Which of two passages on one matter holds."""

from datetime import date

import pytest

from knowledge.conflicts import more_specific
from knowledge.documents import Passage
from knowledge.precedence import meeting_day, prevailing

TODAY = date(2026, 11, 22)
BEFORE, AFTER = date(2026, 6, 30), date(2027, 1, 1)


def passage(document: str, **fields: object) -> Passage:
    return Passage(**{"document": document, "title": document, "text": "30 days", "locale": "en", **fields})  # type: ignore[arg-type]


EVERYWHERE = passage("everywhere")
BRAZIL = passage("brazil", markets=("BR",))
UNION = passage("union", markets=("EU",))
GERMANY = passage("germany", markets=("DE",))
ABOUT_JAPAN = passage("about-japan", about=("JP",))
ENDED = passage("ended", valid_until=BEFORE)
ENDED_BRAZIL = passage("ended-brazil", markets=("BR",), valid_until=BEFORE)
COMING = passage("coming", valid_from=AFTER)
NEWER = passage("newer", valid_from=date(2026, 7, 1))
OLDER = passage("older", valid_from=date(2025, 7, 1))

CASES = [
    (EVERYWHERE, BRAZIL, "BR", "brazil"), (EVERYWHERE, BRAZIL, "DE", "everywhere"),
    (EVERYWHERE, BRAZIL, "", "everywhere"),
    (UNION, GERMANY, "DE", "germany"), (UNION, GERMANY, "FR", "union"), (UNION, EVERYWHERE, "FR", "union"),
    (EVERYWHERE, ABOUT_JAPAN, "JP", "about-japan"), (EVERYWHERE, ABOUT_JAPAN, "US", "everywhere"),
    (EVERYWHERE, ENDED_BRAZIL, "BR", "everywhere"), (EVERYWHERE, COMING, "BR", "everywhere"),
    (OLDER, NEWER, "", "newer"), (BRAZIL, NEWER, "BR", "brazil"), (EVERYWHERE, passage("twin"), "", None),
    (ENDED, COMING, "", None), (BRAZIL, GERMANY, "US", None), (EVERYWHERE, NEWER, "", "newer"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "market", "winner"), CASES)
def test_the_valid_the_narrower_then_the_newer_one_is_shown(
    a: Passage, b: Passage, market: str, winner: str | None
) -> None:
    for one, other in ((a, b), (b, a)):
        chosen = more_specific(one, other, market, TODAY)
        assert (chosen and chosen.document) == winner


def test_the_first_and_the_last_day_count() -> None:
    first, last = passage("first", valid_from=TODAY), passage("last", valid_until=TODAY)
    assert more_specific(first, COMING, "", TODAY) is first
    assert more_specific(last, COMING, "", TODAY) is last


MEETINGS = [
    (EVERYWHERE, BRAZIL, TODAY), (UNION, GERMANY, TODAY), (BRAZIL, GERMANY, None), (EVERYWHERE, ENDED, TODAY),
    (EVERYWHERE, COMING, AFTER), (ENDED, ENDED_BRAZIL, None), (ENDED, COMING, None), (COMING, COMING, AFTER),
    (passage("desk", audience="operator"), EVERYWHERE, TODAY),
    (passage("desk", audience="operator"), passage("market", audience="marketer"), None),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "day"), MEETINGS)
def test_passages_meet_where_one_reader_can_be_shown_both(a: Passage, b: Passage, day: date | None) -> None:
    assert meeting_day(a, b, TODAY) == meeting_day(b, a, TODAY) == day


def test_what_decides_is_named() -> None:
    told = [prevailing(a, b, TODAY)[0] for a, b in ((EVERYWHERE, ENDED), (EVERYWHERE, BRAZIL), (OLDER, NEWER))]
    assert told == ["expired", "market", "expired"]
    assert prevailing(EVERYWHERE, passage("twin"), TODAY)[:2] == ("same", None)
    assert "ended on 2026-06-30" in prevailing(EVERYWHERE, ENDED, TODAY)[2]
