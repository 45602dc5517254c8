"""A folder of documents as people really have it: odd names, links, rules that miss, impossible headers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.folder_rules import RULES
from knowledge.reading import read_folder


def write(home: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, "utf-8")
    return home


def told(home: Path) -> dict[str, str]:
    """What is said of sources that cannot be read, by name."""
    return {problem.path: problem.problem for problem in read_folder(home)[1]}


def read(home: Path) -> dict[str, str]:
    return {passage.document: passage.audience for passage in read_folder(home)[0]}


def test_a_name_that_is_not_utf_8_is_told_in_signs_that_can_be_printed_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"sound.md": "Read."})
    with open(os.fsencode(tmp_path) + b"/Gr\xf6sse.md", "wb") as file:
        file.write(b"# Sizes\n\nNine.\n")
    assert read(tmp_path) == {"sound": "shopper"}
    assert told(tmp_path) == {"Gr\\xf6sse.md": "its name is not UTF-8: rename it"}


@pytest.mark.parametrize("pattern", ["staff", "staff/", "staff/*", "./staff/*", "/staff/*", "staff\\*"])
def test_a_folder_is_meant_however_its_path_is_written(tmp_path: Path, pattern: str) -> None:
    rules = f"[[source]]\npath = '{pattern}'\naudience = 'operator'\n"
    write(tmp_path, {"staff/deep/limits.md": "Forty percent.", "staffing.md": "We hire.", RULES: rules})
    assert read(tmp_path) == {"staff/deep/limits": "operator", "staffing": "shopper"}
    assert told(tmp_path) == {}


def test_a_rule_that_fits_no_file_is_told(tmp_path: Path) -> None:
    rules = "[[source]]\npath = 'Staff/*'\naudience = 'operator'\n\n[[source]]\npath = '*.md'\nlocale = 'en'\n"
    write(tmp_path, {"staff/limits.md": "Forty percent.", RULES: rules})
    assert list(told(tmp_path)) == [f"{RULES}, 'Staff/*'"]
    assert "fits no file" in told(tmp_path)[f"{RULES}, 'Staff/*'"]


def test_folders_behind_links_are_read_once_and_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", {"far.md": "Read too."})
    docs = write(tmp_path / "docs", {"near.md": "Read."})
    (docs / "linked").symlink_to(tmp_path / "elsewhere")
    (docs / "round").symlink_to(docs)
    (docs / "lost.md").symlink_to(tmp_path / "nowhere.md")
    assert read(docs) == {"near": "shopper", "linked/far": "shopper"}
    assert told(docs) == {"lost.md": "a link to nothing"}


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"open.md": "Read.", "closed/secret.md": "Not read."})
    real = os.scandir

    def scan(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scan)
    assert told(tmp_path) == {"closed": "this folder cannot be looked into: Permission denied"}
    assert read(tmp_path) == {"open": "shopper"}


def test_what_programs_leave_behind_is_no_document(tmp_path: Path) -> None:
    left = ["Thumbs.db", "~$terms.docx", "sitemap.xml", "sitemap_pages_1.xml", "robots.txt", "site/desktop.ini"]
    write(tmp_path, {**dict.fromkeys(left, "x"), "a.md": "Read."})
    assert (read(tmp_path), told(tmp_path)) == ({"a": "shopper"}, {})


@pytest.mark.parametrize(
    ("line", "markets"),
    [("UK", ("GB",)), ("[Germany, at]", ("DE", "AT")), ("DE, EU", ("DE", "EU")), ("no", ("NO",)), ("", ())],
)
def test_markets_are_understood_as_people_write_them(tmp_path: Path, line: str, markets: tuple[str, ...]) -> None:
    write(tmp_path, {"a.md": f"---\nmarkets: {line}\n---\nText.\n"})
    assert read_folder(tmp_path)[0][0].markets == markets


def test_norwegian_is_no_truth_value(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "---\nlocale: no\n---\nTekst.\n"})
    assert read_folder(tmp_path)[0][0].locale == "no"


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("markets: [Atlantis]", "front matter, markets: 'Atlantis' is neither an ISO country code, like DE, nor EU"),
        ("locale: German", "front matter, locale: 'German' is no language as in de or en-GB"),
        ("locale: [en, de]", "front matter, locale: ['en', 'de'] is no language as in de or en-GB"),
        ("locale: 12", "front matter, locale: 12 is no language as in de or en-GB"),
        ("audience: boss", "front matter, audience: 'boss' is neither shopper nor operator"),
        ("valid_until: soon", "front matter, valid_until: soon is no day as in 2026-11-30"),
        (
            "valid_from: 2026-12-01\nvalid_until: 2026-11-01",
            "front matter, it ends, on 2026-11-01, before it begins, on 2026-12-01",
        ),
    ],
)
def test_what_a_header_cannot_mean_is_refused_in_words(tmp_path: Path, header: str, problem: str) -> None:
    write(tmp_path, {"a.md": f"---\n{header}\n---\nText.\n"})
    assert told(tmp_path) == {"a.md": problem}


def test_front_matter_that_states_nothing_is_none(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "---\n---\nText.\n", "b.md": "---\n\n---\n\nText.\n"})
    assert [passage.text for passage in read_folder(tmp_path)[0]] == ["Text.", "Text."]


def test_rules_that_are_a_folder_are_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / RULES).mkdir()
    with pytest.raises(ValueError, match=r"sources\.toml cannot be read: Is a directory"):
        read_folder(tmp_path)
