"""Documents become passages; what cannot be read is named and left out."""

from datetime import date
from pathlib import Path

import frontmatter
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import demo_shop, documents
from knowledge.documents import Passage, expand_markets, read_document, read_folder
from knowledge.markets import EU
from knowledge.sections import PASSAGE_WEIGHT, pieces, sections, sentence_ends, weigh

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


def passages_of(folder: Path, text: str, name: str = "page.md") -> list[Passage]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return read_document(path, folder)


def refusal(folder: Path, content: str | bytes, name: str = "page.md") -> str:
    """Why a file is refused, with a sound file beside it that must still be read."""
    (folder / "sound.txt").write_text("This one is read.", "utf-8")
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    passages, problems = read_folder(folder)
    assert [passage.text for passage in passages] == ["This one is read."]
    assert [problem.path for problem in problems] == [name]
    return problems[0].problem


def test_every_field_of_the_front_matter_reaches_the_passage(tmp_path: Path) -> None:
    (passage,) = passages_of(tmp_path, HEADER + "# Shipping to the Gulf\n\n## Times\n\nFive days.\n")
    assert passage.document == "gulf"
    assert passage.title == "Shipping to the Gulf"
    assert passage.locale == "en"
    assert passage.markets == ("SA", "AE")
    assert passage.audience == "operator"
    assert (passage.valid_from, passage.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert passage.url == "/policies/gulf"
    assert passage.kind == "policy"


def test_a_document_without_front_matter_is_named_by_its_path_and_titled_by_its_heading(tmp_path: Path) -> None:
    (passage,) = passages_of(
        tmp_path, "# Rückgabe\n\nSie können Ihre Bestellung innerhalb von 30 Tagen zurückgeben.\n", "de/returns.md"
    )
    assert (passage.document, passage.title, passage.locale) == ("de/returns", "Rückgabe", "de")
    assert (passage.markets, passage.audience, passage.valid_until) == ((), "shopper", None)


def test_a_document_without_a_heading_is_titled_by_its_file(tmp_path: Path) -> None:
    (passage,) = passages_of(tmp_path, "Just a line of text.", "notes.txt")
    assert (passage.title, passage.heading) == ("notes", ())


def test_a_single_market_needs_no_list(tmp_path: Path) -> None:
    (passage,) = passages_of(tmp_path, "---\nmarkets: jp\n---\nText.\n")
    assert passage.markets == ("JP",)


def test_a_document_for_several_audiences_is_for_the_widest(tmp_path: Path) -> None:
    (passage,) = passages_of(tmp_path, "---\naudience: [operator, shopper]\n---\nText.\n")
    assert passage.audience == "shopper"


def test_a_locale_we_do_not_serve_is_kept(tmp_path: Path) -> None:
    (passage,) = passages_of(tmp_path, "---\nlocale: nl\n---\nTekst.\n")
    assert passage.locale == "nl"


def test_windows_line_ends_do_not_hide_the_front_matter(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_bytes(b"---\r\naudience: operator\r\n---\r\n# Top\r\n\r\nOne.\r\n\r\nTwo.\r\n")
    (passage,) = read_document(path, tmp_path)
    assert (passage.audience, passage.text) == ("operator", "One.\n\nTwo.")


def test_front_matter_that_is_not_yaml_is_refused_with_a_line(tmp_path: Path) -> None:
    problem = refusal(tmp_path, "---\nid: page\ntitle: Returns: how they work\n---\nText.\n")
    assert "not valid YAML in line" in problem


@pytest.mark.parametrize(
    ("line", "field"),
    [("audience: everyone", "audience"), ("valid_from: soon", "valid_from"), ("valid_until: [1]", "valid_until")],
)
def test_a_wrong_value_in_the_front_matter_is_refused_by_its_name(tmp_path: Path, line: str, field: str) -> None:
    assert refusal(tmp_path, f"---\n{line}\n---\nText.\n").startswith(f"front matter, {field}:")


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"text\x00text") == "binary, not text"


def test_a_file_in_another_encoding_is_refused_with_the_byte(tmp_path: Path) -> None:
    assert refusal(tmp_path, "Rückgabe".encode("latin-1")) == "not UTF-8 text (byte 1)"


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    assert "not a kind of document" in refusal(tmp_path, b"%PDF-1.7", "terms.pdf")


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_DOCUMENT", 1000)
    assert refusal(tmp_path, "word " * 300) == "larger than 1,000 bytes"


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "notes.md").write_text("Hidden.", "utf-8")
    (tmp_path / ".DS_Store").write_bytes(b"\x00")
    assert read_folder(tmp_path) == ([], [])


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_folder(tmp_path / "nowhere")


def test_a_passage_knows_the_path_of_headings_above_it(tmp_path: Path) -> None:
    text = "# Top\n\nIntro.\n\n## A\n\nIn A.\n\n### Deep\n\nIn deep.\n\n## B\n\nIn B.\n"
    found = {passage.text: passage.heading for passage in passages_of(tmp_path, text)}
    assert found == {"Intro.": (), "In A.": ("A",), "In deep.": ("A", "Deep"), "In B.": ("B",)}


def test_what_looks_like_a_heading_in_code_is_none(tmp_path: Path) -> None:
    (passage,) = passages_of(tmp_path, "# Top\n\n```\n# not a heading\n```\n")
    assert passage.text == "```\n# not a heading\n```"


def test_a_passage_is_about_the_countries_its_heading_names(tmp_path: Path) -> None:
    text = "---\nlocale: de\n---\n# Zahlung\n\n## Zahlung in Brasilien und Japan\n\nText.\n\n## Zahlung\n\nMehr.\n"
    assert [passage.about for passage in passages_of(tmp_path, text)] == [("BR", "JP"), ()]


def test_offsets_find_the_text_of_every_demo_passage() -> None:
    for path in DEMO.rglob("*.md"):
        body = frontmatter.loads(path.read_text("utf-8")).content
        for passage in read_document(path, DEMO):
            assert body[passage.start : passage.end].strip() == passage.text, passage.id


def test_the_demo_documents_are_read_without_a_problem() -> None:
    passages, problems = read_folder(DEMO)
    assert problems == []
    assert len({passage.id for passage in passages}) == len(passages) > 1000
    assert all(weigh(passage.text) <= 2 * PASSAGE_WEIGHT for passage in passages)


@given(st.lists(st.text("aé.! 返品。\n", min_size=1, max_size=900), min_size=1, max_size=6))
def test_cutting_loses_no_letter(paragraphs: list[str]) -> None:
    body = "\n\n".join(paragraphs)
    cut = [body[a:b] for section in sections(body) for a, b in pieces(section, body)]
    assert "".join("".join(cut).split()) == "".join(body.split())


def test_short_neighbours_share_a_passage_and_long_text_is_cut_at_sentences(tmp_path: Path) -> None:
    sentence = "Every parcel that we send is insured until it reaches your door. "
    short, *rest = passages_of(tmp_path, "# A\n\nOne.\n\nTwo.\n\n# B\n\n" + sentence * 60)
    assert short.text == "One.\n\nTwo."
    assert len(rest) > 2
    assert all(passage.text.endswith("door.") and weigh(passage.text) <= 1.2 * PASSAGE_WEIGHT for passage in rest)


def test_text_without_any_sentence_is_cut_all_the_same(tmp_path: Path) -> None:
    found = passages_of(tmp_path, "x" * 9000)
    assert "".join(passage.text for passage in found) == "x" * 9000
    assert max(len(passage.text) for passage in found) <= 2 * PASSAGE_WEIGHT


def test_a_long_table_is_cut_between_rows_under_a_repeated_header(tmp_path: Path) -> None:
    header = "| Country | Days | Carrier |\n| --- | --- | --- |\n"
    rows = [f"| Country number {n} | {n} | A carrier with quite a long name, branch {n} |" for n in range(80)]
    found = passages_of(tmp_path, "# Times\n\n" + header + "\n".join(rows) + "\n\nAfter the table.\n")
    assert len(found) > 3
    table = [line for passage in found for line in passage.text.splitlines() if line.startswith("| Country number")]
    assert table == rows
    assert all(passage.text.startswith(header) for passage in found if "| Country number" in passage.text)


def test_a_table_that_fits_is_left_whole(tmp_path: Path) -> None:
    table = "| A | B |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"
    (passage,) = passages_of(tmp_path, f"# T\n\n{table}\n")
    assert passage.text == table


def test_chinese_weighs_more_than_latin_so_its_passages_are_shorter(tmp_path: Path) -> None:
    assert weigh("退货") == 5
    assert weigh("ab") == 2
    chinese = passages_of(tmp_path, "我们会在三十天内退款给您的账户。" * 100)
    latin = passages_of(tmp_path, "We will refund. " * 100)
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


def test_a_byte_order_mark_does_not_hide_the_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf---\naudience: operator\n---\n\nSecret.\n")
    assert read_folder(tmp_path)[0][0].audience == "operator"


@pytest.mark.parametrize(
    "text",
    [
        "---\naudience: operator\n\nNever closed.\n",
        "---\naudience: 5\n---\nText.\n",
        "---\naudience: [{a: b}]\n---\nText.\n",
        "---\nmarkets: 5\n---\nText.\n",
        "---\n- a\n---\nText.\n",
        "# Only\n\n## Headings\n",
    ],
)
def test_a_file_that_cannot_be_meant_so_is_reported_and_the_rest_is_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.md").write_text(text, "utf-8")
    (tmp_path / "good.md").write_text("Good text.\n", "utf-8")
    passages, problems = read_folder(tmp_path)
    assert [passage.document for passage in passages] == ["good"]
    assert [problem.path for problem in problems] == ["bad.md"]


def test_norway_is_a_market(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nmarkets: [NO, SE]\n---\nText.\n", "utf-8")
    assert read_folder(tmp_path)[0][0].markets == ("NO", "SE")


def test_two_files_of_one_id_and_locale_are_reported(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("---\nid: same\nlocale: en\n---\nText.\n", "utf-8")
    assert "same id and locale as a.md" in read_folder(tmp_path)[1][0].problem


def test_unusual_line_separators_do_not_shift_offsets(tmp_path: Path) -> None:
    text = "# T\n\none\u2028two\x0c\n\n## B\n\nthree words here\n\n## C\n\nfour\n"
    (tmp_path / "a.md").write_text(text, "utf-8")
    assert [passage.text for passage in read_folder(tmp_path)[0]] == ["one\u2028two", "three words here", "four"]


def test_a_long_table_of_only_a_header_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# T\n\n| " + "a" * 1200 + " | b |\n| --- | --- |\n", "utf-8")
    assert read_folder(tmp_path)[1] == []
