"""Markdown as lines a chat can show: running text, and the rows of a table with their headings."""

from __future__ import annotations

import re

from knowledge.countries import OTHERS, countries_in
from knowledge.markets import EU


def around_table(markdown: str) -> tuple[str, list[str], str]:
    """A passage's running text before its table, the lines of the table, and the text behind its first line."""
    lines = markdown.splitlines()
    rows = [line for line in lines if _is_row(line)]
    begins = lines.index(rows[0]) if rows else len(lines)
    before, after = (
        plain_text("\n".join(line for line in part if not _is_row(line))) for part in (lines[:begins], lines[begins:])
    )
    return before, rows, after


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def plain_text(markdown: str) -> str:
    """Markdown without its marks, in running lines."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"[*_`]{1,3}(\S[^*_`]*)[*_`]{1,3}", r"\1", text)
    text = re.sub(r"(?m)^\s*[-*+]\s+", "• ", text)
    paragraphs = [" ".join(part.split()) if "•" not in part else part for part in re.split(r"\n\s*\n", text)]
    return "\n".join(part.strip() for part in paragraphs if part.strip())


def table_rows(lines: list[str], country: str = "", locale: str = "en") -> list[str]:
    """A table as lines a chat can show: each row with its column names; only a country's rows where it has any, else
    the row for all others. A table by countries has nothing to show for a country that it does not name.
    """
    header, *body = _cells(lines)
    chosen = _rows_for(body, country, locale) if country else body
    shown = chosen or ([] if _by_country(body, locale) else body)
    return [f"• {_row_text(header, row)}" for row in shown]


def silent_on(lines: list[str], country: str, locale: str) -> bool:
    """Whether a table tells something by countries, and nothing for this one."""
    return bool(lines and country) and not table_rows(lines, country, locale)


def has_others(lines: list[str], locale: str) -> bool:
    """Whether a table by countries has a row for all that it does not name."""
    body = _cells(lines)[1:]
    return _by_country(body, locale) and any(_is_others(row, locale) for row in body)


def _cells(lines: list[str]) -> list[list[str]]:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return rows[:1] + [row for row in rows[1:] if not all(set(cell) <= set("-: ") for cell in row)]


def _by_country(body: list[list[str]], locale: str) -> bool:
    """Whether most rows of a table begin with a country."""
    return 2 * sum(bool(countries_in(row[0], locale)) for row in body) > len(body)


def _row_text(header: list[str], row: list[str]) -> str:
    rest = [f"{name}: {cell}" for name, cell in zip(header[1:], row[1:], strict=False) if cell and cell != "–"]
    return plain_text(row[0]) + (" – " + ", ".join(map(plain_text, rest)) if rest else "")


def _rows_for(body: list[list[str]], country: str, locale: str) -> list[list[str]]:
    named = [row for row in body if country in countries_in(row[0], locale)]
    if not named and country in EU:
        named = [row for row in body if "EU" in countries_in(row[0], locale)]
    return named or [row for row in body if _is_others(row, locale)]


def _is_others(row: list[str], locale: str) -> bool:
    return bool(OTHERS.search(row[0].casefold())) and not countries_in(row[0], locale)
