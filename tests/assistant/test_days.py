"""Until when: dates, months and spans, and nothing where a text can be read two ways."""

from datetime import date

import pytest

from assistant.embedded.days import day_in

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "pause it until 2027-02-01", date(2027, 2, 1)),
        ("en", "until 13/2/2027", date(2027, 2, 13)),
        ("en", "until 2/13/2027", date(2027, 2, 13)),
        ("en", "until 1/2/2027 please", None),
        ("de", "bis zum 1.2.2027", date(2027, 2, 1)),
        ("de", "bis märz", date(2027, 3, 1)),
        ("de", "bis 24. dezember", date(2026, 12, 24)),
        ("fr", "jusqu'au 15 février", date(2027, 2, 15)),
        ("es", "hasta el 3 de enero de 2028", date(2028, 1, 3)),
        ("pt-BR", "até 1º de março", date(2027, 3, 1)),
        ("id", "sampai 5 januari", date(2027, 1, 5)),
        ("ar", "حتى 3 مارس", date(2027, 3, 3)),
        ("ja", "来年の2月10日まで", date(2027, 2, 10)),
        ("zh-CN", "到12月1日", date(2026, 12, 1)),
        ("en", "for 3 months", date(2027, 2, 22)),
        ("en", "for two weeks", date(2026, 12, 6)),
        ("de", "drei monate lang", date(2027, 2, 22)),
        ("fr", "pendant un mois", date(2026, 12, 22)),
        ("ja", "3か月休止", date(2027, 2, 22)),
        ("zh-CN", "暂停两个月", date(2027, 1, 22)),
        ("ar", "لمدة شهرين", date(2027, 1, 22)),
        ("en", "until 31/2/2027", None),
        ("en", "as long as possible", None),
    ],
)
def test_the_day_a_text_names(language: str, text: str, day: date | None) -> None:
    assert day_in(text, language, TODAY) == day


def test_a_month_after_the_last_of_january_ends_with_february() -> None:
    assert day_in("for one month", "en", date(2027, 1, 31)) == date(2027, 2, 28)
