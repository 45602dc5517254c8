"""A folder of documents: every kind of file read or refused in words, and what sources.toml adds to them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge import demo_shop, folder
from knowledge.documents import Passage
from knowledge.folder import folder_sources
from knowledge.folder_rules import RULES, Site, read_rules
from knowledge.reading import read_folder
from knowledge.sections import PASSAGE_TOKENS, count_tokens

DEMO = Path(demo_shop.__file__).parent / "policies"
PAGE = "<html lang='fr'><head><title>Retours</title></head><body><main><p>Dix jours.</p></main></body></html>"


def write(home: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, "utf-8")


def read_one(home: Path, name: str, text: str, rules: str = "") -> Passage:
    write(home, {name: text, **({RULES: rules} if rules else {})})
    (passage,), problems = read_folder(home)
    assert problems == []
    return passage


def refusal(home: Path, content: str | bytes, name: str = "page.md") -> str:
    """Why a file is refused, with a sound file beside it that must still be read."""
    (home / "sound.txt").write_text("This one is read.", "utf-8")
    (home / name).write_bytes(content.encode() if isinstance(content, str) else content)
    passages, problems = read_folder(home)
    assert [passage.text for passage in passages] == ["This one is read."]
    assert [problem.path for problem in problems] == [name]
    return problems[0].problem


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_the_line_ends_of_another_system_do_not_hide_the_front_matter(tmp_path: Path, end: bytes) -> None:
    (tmp_path / "page.md").write_bytes(b"---\naudience: operator\n---\n# Top\n\nOne.\n\nTwo.\n".replace(b"\n", end))
    (passage,), _ = read_folder(tmp_path)
    assert (passage.audience, passage.text) == ("operator", "One.\n\nTwo.")


def test_a_byte_order_mark_does_not_hide_the_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf---\naudience: operator\n---\n\nSecret.\n")
    assert read_folder(tmp_path)[0][0].audience == "operator"


def test_front_matter_that_is_not_yaml_is_refused_with_a_line(tmp_path: Path) -> None:
    problem = refusal(tmp_path, "---\nid: page\ntitle: Returns: how they work\n---\nText.\n")
    assert "not valid YAML in line" in problem


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("audience: everyone", "audience"), ("valid_from: soon", "valid_from"), ("valid_until: [1]", "valid_until"),
        ("audience: 5", "audience"), ("audience: [{a: b}]", "audience"), ("markets: 5", "markets"),
    ],
)  # fmt: skip
def test_a_wrong_value_in_the_front_matter_is_refused_by_its_name(tmp_path: Path, line: str, field: str) -> None:
    assert refusal(tmp_path, f"---\n{line}\n---\nText.\n").startswith(f"front matter, {field}:")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("---\naudience: operator\n\nNever closed.\n", "not closed"),
        ("---\n- a\n---\nText.\n", "front matter"),
        ("# Only\n\n## Headings\n", "nothing in it but headings"),
        ("", "nothing in it but headings"),
        (b"text\x00text", "binary, not text"),
        ("Rückgabe".encode("latin-1"), "not UTF-8 text (byte 1)"),
    ],
)
def test_a_file_that_cannot_be_meant_so_is_refused_and_the_rest_is_read(
    tmp_path: Path, content: str | bytes, problem: str
) -> None:
    assert problem in refusal(tmp_path, content)


def test_a_file_of_another_kind_is_refused_with_the_kinds_there_are(tmp_path: Path) -> None:
    problem = refusal(tmp_path, b"\x89PNG", "logo.png")
    assert problem.startswith("not a kind of document we read")
    assert all(kind in problem for kind in (".md", ".pdf", ".docx", ".csv", ".html"))


@pytest.mark.parametrize(
    ("name", "content"), [("terms.pdf", b"%PDF-1.7 and no more"), ("faq.csv", b"id,text\n1,a,b,c\n"), ("a.docx", b"PK")]
)
def test_a_broken_file_of_a_kind_we_read_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert refusal(tmp_path, content, name)


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST_BYTES", 1000)
    assert refusal(tmp_path, "word " * 300) == "larger than 1,000 bytes"


def test_hidden_files_folders_and_the_rules_themselves_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {".git/notes.md": "Hidden.", ".DS_Store": "\x00", RULES: ""})
    assert read_folder(tmp_path) == ([], [])


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_folder(tmp_path / "nowhere")


def test_the_demo_documents_are_read_without_a_problem() -> None:
    passages, problems = read_folder(DEMO)
    assert problems == []
    assert len({passage.id for passage in passages}) == len(passages) > 1000
    assert all(count_tokens(passage.text) <= 2 * PASSAGE_TOKENS for passage in passages)


def test_rows_of_a_table_with_answers_are_documents(tmp_path: Path) -> None:
    rows = (
        "question,answer,locale,markets,valid_until\nHow long?,Ten days.,de,BR;JP,2026-12-31\nAnd then?,Nothing.,,,\n"
    )
    write(tmp_path, {"faq.csv": rows, RULES: "[[source]]\npath = 'faq.csv'\nlocale = 'fr'\n"})
    passages, problems = read_folder(tmp_path)
    assert problems == []
    first, second = passages
    assert (first.document, first.title, first.text) == ("faq-1", "How long?", "Ten days.")
    assert (first.locale, first.markets, first.valid_until) == ("de", ("BR", "JP"), date(2026, 12, 31))
    assert (second.document, second.title, second.locale, second.markets) == ("faq-2", "And then?", "fr", ())


def test_a_table_of_facts_is_one_document(tmp_path: Path) -> None:
    passage = read_one(tmp_path, "shipping-rates.tsv", "Country\tDays\nJapan\t5\nBrazil\t9\n")
    assert (passage.document, passage.title) == ("shipping-rates", "shipping rates")
    assert "| Japan | 5 |" in passage.text


RULED = """
[[source]]
path = "*"
markets = ["US", "CA"]
audience = "operator"

[[source]]
path = "de/*"
locale = "de"
markets = "EU"
valid_from = 2026-01-01
"""


def test_a_rule_holds_for_the_files_its_pattern_names_and_the_later_wins(tmp_path: Path) -> None:
    write(tmp_path, {"de/deep/a.md": "Text.", "b.md": "Text.", RULES: RULED})
    found = {passage.document: passage for passage in read_folder(tmp_path)[0]}
    german, other = found["de/deep/a"], found["b"]
    assert (german.locale, german.markets, german.audience) == ("de", ("EU",), "operator")
    assert german.valid_from == date(2026, 1, 1)
    assert (other.markets, other.audience, other.valid_from) == (("US", "CA"), "operator", None)


def test_what_a_text_says_of_itself_outweighs_the_rules(tmp_path: Path) -> None:
    own = "---\naudience: shopper\nmarkets: [BR]\ntitle: Own\n---\nText.\n"
    passage = read_one(tmp_path, "de/a.md", own, RULED + "title = 'Ruled'\n")
    assert (passage.audience, passage.markets, passage.title, passage.locale) == ("shopper", ("BR",), "Own", "de")


def test_what_a_text_leaves_empty_the_rules_say(tmp_path: Path) -> None:
    assert read_one(tmp_path, "de/a.md", "---\nmarkets:\nlocale: ''\n---\nText.\n", RULED).markets == ("EU",)


def test_rules_outweigh_what_a_saved_page_says(tmp_path: Path) -> None:
    rules = "[[source]]\npath = '*.html'\nlocale = 'en'\nid = 'returns'\n"
    passage = read_one(tmp_path, "page.html", PAGE, rules)
    assert (passage.document, passage.locale, passage.title) == ("returns", "en", "Retours")
    assert read_one(tmp_path, "page.html", PAGE, "[[source]]\npath = '*.html'\naudience = 'operator'\n").locale == "fr"


@pytest.mark.parametrize(
    ("rules", "where"),
    [
        ("[[source]]\npath = 'a'\nmarket = 'EU'\n", "source.0.market"),
        ("[[source]]\nlocale = 'de'\n", "source.0.path"),
        ("[[sources]]\npath = 'a'\n", "sources"),
        ("[[source]]\npath = 'a'\nvalid_until = 'soon'\n", "source.0.valid_until"),
        ("[[source]]\npath = 'a'\naudience = 'everyone'\n", "audience"),
        ("[[source]]\npath = 'a'\n[[source]]\npath = 'b'\nmarkets = 5\n", "source.1.markets"),
        ("[[sitemap]]\nallow = ['/help']\n", "sitemap.0.url"),
        ("[[sitemap]]\nurl = 'https://a.example'\nid = 'x'\n", "sitemap.0.id"),
        ("[source\n", "not valid TOML"),
        ("source = 5\n", "source"),
    ],
)
def test_wrong_rules_are_one_clear_error(tmp_path: Path, rules: str, where: str) -> None:
    write(tmp_path, {RULES: rules, "a.md": "Text."})
    with pytest.raises(ValueError, match=where) as raised:
        list(folder_sources(tmp_path))
    assert type(raised.value) is ValueError
    assert "\n" not in str(raised.value)


def test_rules_in_another_encoding_are_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / RULES).write_bytes("# Rückgabe".encode("latin-1"))
    with pytest.raises(ValueError, match="not valid TOML"):
        read_rules(tmp_path)


def test_a_sitemap_is_read_with_what_is_true_of_its_pages(tmp_path: Path) -> None:
    text = "[[sitemap]]\nurl = 'https://kite.example/sitemap.xml'\nallow = ['/help/*']\nlocale = 'de'\nmarkets = 'EU'\n"
    write(tmp_path, {RULES: text})
    (site,) = read_rules(tmp_path).sitemap
    assert (site.url, site.allow, site.deny) == ("https://kite.example/sitemap.xml", ["/help/*"], [])
    assert site.terms() == {"locale": "de", "markets": "EU"}
    assert Site(url="https://kite.example").terms() == {}
    assert list(folder_sources(tmp_path)) == []


def digests(home: Path) -> dict[str, str]:
    return {source.name: source.digest for source in folder_sources(home)}


@pytest.mark.parametrize(
    "change",
    [{"a.md": "Other text."}, {RULES: "[[source]]\npath = 'a.md'\nlocale = 'de'\n"}],
)
def test_a_file_is_read_again_when_it_or_a_rule_about_it_changes_and_no_other_is(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    write(tmp_path, {"a.md": "Text.", "b.md": "Text."})
    before = digests(tmp_path)
    assert digests(tmp_path) == before
    write(tmp_path, change)
    after = digests(tmp_path)
    assert (after["a.md"] != before["a.md"], after["b.md"] == before["b.md"]) == (True, True)
