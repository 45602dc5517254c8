"""The sentence gate: what is not borne by the evidence is not shown, however the stream is cut."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.guardrails.claims import read
from assistant.guardrails.evidence import Evidence
from assistant.guardrails.outgoing import SentenceGate
from assistant.guardrails.verdict import judge

TOLD = {
    "at": "2026-11-03T22:05:00+00:00",
    "price": "1234.50",
    "passages": [
        {"cite": "returns#7", "document": "returns", "title": "Returns", "text": "30 days to return", "locale": "en"},
        {"cite": "shipping#8", "document": "shipping", "title": "Shipping", "text": "12 euros", "url": "/s"},
    ],
}


def gate(*written: str, language: str = "en") -> SentenceGate:
    evidence = Evidence(language)
    evidence.add_told(TOLD)
    for text in written:
        evidence.add_text(text)
    return SentenceGate(evidence)


def shown(text: str, language: str = "en") -> str:
    opened = gate(language=language)
    return "".join([*opened.feed(text), *opened.finish()])


def test_a_sentence_with_an_unsupported_figure_is_left_out() -> None:
    opened = gate()
    assert [*opened.feed("You have 30 days. You have 60 days. Bye."), *opened.finish()] == [
        "You have 30 days.",
        " Bye.",
    ]
    assert opened.dropped == [" You have 60 days."]


def test_a_figure_the_shopper_wrote_may_be_repeated() -> None:
    asked, unasked = gate("where is AQ-10099"), gate()
    assert [*asked.feed("Order AQ-10099"), *asked.finish()] == ["Order AQ-10099"]
    assert [*unasked.feed("Order AQ-10099"), *unasked.finish()] == []


@pytest.mark.parametrize("price", ["1.234,50 €", "€1,234.50", "1234.5", "1\u202f234,50 €", "١٬٢٣٤٫٥٠"])
def test_a_price_is_the_same_in_every_spelling(price: str) -> None:
    assert shown(f"It costs {price}.") == f"It costs {price}."


@pytest.mark.parametrize("price", ["1.234,60 €", "€1,235.50", "12345.0", "١٬٢٣٥٫٥٠"])
def test_a_price_that_differs_is_left_out(price: str) -> None:
    assert shown(f"It costs {price}.") == ""


DATES = [
    ("en", "3 November 2026"), ("en", "November 3rd"), ("en", "Tuesday, 3 November"), ("en", "2026-11-03"),
    ("de", "3.11.2026"), ("de", "Dienstag, dem 3. November"), ("fr", "3 novembre 2026"),
    ("es", "3 de noviembre de 2026"),
    ("pt-BR", "3 de novembro de 2026"), ("pt-BR", "03/11/2026"), ("id", "3 November 2026"), ("ar", "٣ نوفمبر ٢٠٢٦"),
    ("ja", "2026年11月3日（火曜日）"), ("zh-CN", "11月3日"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "date"), DATES)
def test_a_date_is_the_same_in_every_spelling(language: str, date: str) -> None:
    assert shown(date, language) == date


@pytest.mark.parametrize(("language", "date"), [
    ("en", "4 November 2026"), ("en", "November 3rd, 2025"), ("en", "Monday, 3 November"), ("de", "3.9.2026"),
    ("fr", "3 décembre"), ("es", "4 de noviembre"), ("pt-BR", "04/10/2026"), ("id", "3 Desember"),
    ("ar", "٩ نوفمبر ٢٠٢٦"),
    ("ja", "2026年11月9日"), ("zh-CN", "12月3日"),
])  # fmt: skip
def test_another_date_is_left_out(language: str, date: str) -> None:
    assert shown(date, language) == ""


@pytest.mark.parametrize("time", ["22:05", "22.05", "10:05 PM", "22h05"])
def test_a_time_is_the_same_in_every_spelling(time: str) -> None:
    assert shown(f"Scanned at {time}") == f"Scanned at {time}"


@pytest.mark.parametrize("time", ["22:15", "09:05"])
def test_another_time_is_left_out(time: str) -> None:
    assert shown(f"Scanned at {time}") == ""


@pytest.mark.parametrize(
    ("language", "text"), [("ar", "لديك ٣٠ يوما."), ("ja", "３０日以内です。"), ("ja", "30日以内です。")]
)
def test_digits_of_other_scripts_are_read(language: str, text: str) -> None:
    assert shown(text, language) == text


@pytest.mark.parametrize(
    ("language", "text"), [("ar", "لديك ٩٩ يوما."), ("ja", "９９日以内です。"), ("ja", "99日以内です。")]
)
def test_unsupported_digits_of_other_scripts_are_left_out(language: str, text: str) -> None:
    assert shown(text, language) == ""


def test_citations_are_numbered_in_the_order_they_are_used() -> None:
    opened = gate()
    text = "".join([*opened.feed("Cheap [shipping#8]. Easy [returns#7]. Again [shipping#8].\n"), *opened.finish()])
    assert text.strip() == "Cheap [1]. Easy [2]. Again [1]."
    assert [(entry.number, entry.document, entry.quote) for entry in opened.citations] == [
        (1, "shipping", "12 euros"),
        (2, "returns", "30 days to return"),
    ]


def test_a_citation_behind_the_full_stop_belongs_to_its_sentence() -> None:
    opened = gate()
    assert list(opened.feed("You have 60 days. [returns#7] Bye. ")) == []
    assert list(opened.finish()) == [" Bye. "]
    assert opened.citations == ()


def test_an_unknown_citation_is_removed() -> None:
    opened = gate()
    assert "".join([*opened.feed("It is easy [invented#1]."), *opened.finish()]) == "It is easy."
    assert opened.citations == ()


def test_an_empty_answer_shows_nothing() -> None:
    assert shown(" \n ").strip() == ""


def test_a_sentence_is_shown_only_when_it_is_complete() -> None:
    opened = gate()
    assert list(opened.feed("You have 3")) == []
    assert list(opened.feed("0 days. ")) == []
    assert list(opened.feed("Or")) == ["You have 30 days."]


PIECES = [
    "You have 30 days", " You have 60 days", "1.234,50 €", "22:05", "30日", "９９日", ". ", ".", "! ", "。", "؟ ", "\n",
    " ", " [returns#7]", "[returns#7]", "[shipping#8]", " [invented#1]", "[note]", "」", "” ", "1. ", "\t", "• ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.lists(st.integers(0, 200), max_size=6))
def test_a_stream_shows_the_same_wherever_it_is_cut(text: str, cuts: list[int]) -> None:
    whole, cut = gate(), gate()
    places = [0, *sorted(place % (len(text) + 1) for place in cuts), len(text)]
    once = "".join([*whole.feed(text), *whole.finish()])
    parts = [sentence for a, b in pairwise(places) for sentence in cut.feed(text[a:b])]
    assert "".join([*parts, *cut.finish()]) == once
    assert (cut.citations, "".join(cut.dropped)) == (whole.citations, "".join(whole.dropped))


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_nothing_unsupported_is_ever_shown(text: str) -> None:
    said = {claim.text for claim in read(shown(text), "en").claims}
    assert not {"60 days", "99"} & said


def test_several_numbers_run_together_are_read_apart() -> None:
    texts = [claim.text for claim in read("3.5.2026 and 10, 20, 30", "en").claims]
    assert texts == ["3.5.2026", "10", "20", "30"]


ORDER = {
    "order": {"order_id": "AQ-1", "currency": "CNY", "total": "917", "items": [{"name": "Bag", "price": "149"}],
              "delivered_at": "2026-12-24"},
}  # fmt: skip
TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(("language", "borne", "unborne"), [
    ("en", "You paid 917 yuan, 149 each.", "You paid 917 yuan, 148 each."),
    ("en", "It is due on the 24th.", "It is due on the 23rd."),
    ("de", "Es kommt am 24. an.", "Es kommt am 23. an."),
    ("pt-BR", "Chega no dia 24.", "Chega no dia 23."),
    ("zh-CN", "24号送到。", "23号送到。"),
    ("en", "You have 25 days left.", "You have 26 days left."),
    ("de", "Es bleiben noch 25 Tage.", "Es bleiben noch 24 Tage."),
])  # fmt: skip
def test_a_figure_without_its_unit_a_day_without_its_month_and_days_that_are_left(
    language: str, borne: str, unborne: str
) -> None:
    evidence = Evidence(language, TODAY)
    evidence.add_told(ORDER)
    assert not judge(borne, evidence).reasons
    assert judge(unborne, evidence).reasons


@pytest.mark.parametrize(("text", "numbers"), [
    ("لست متأكدًا من أن هذا يجيب عن سؤالك", []), ("لست أعلم", []), ("صالح لست ساعات", ["لست ساعات"]),
    ("يكفي لست قطع", ["لست قطع"]), ("لستة أيام", ["لستة أيام"]),
])  # fmt: skip
def test_i_am_not_is_no_six_in_arabic(text: str, numbers: list[str]) -> None:
    assert [claim.text for claim in read(text, "ar").claims] == numbers


def test_a_size_whose_number_is_a_word_is_read() -> None:
    evidence = Evidence("es", TODAY)
    evidence.add_told({"products": [{"name": "Tidbit", "summary": "Un depósito de 5 litros."}]})
    assert not judge("Tiene cinco litros.", evidence).reasons
    assert judge("Tiene seis litros.", evidence).reasons


def test_the_hours_of_a_range_are_times() -> None:
    evidence = Evidence("de", TODAY)
    evidence.add_told({"opens": "08:00", "closes": "18:00"})
    assert not judge("Erreichbar von 8 bis 18 Uhr.", evidence).reasons
    assert judge("Erreichbar von 9 bis 18 Uhr.", evidence).reasons
