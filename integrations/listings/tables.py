"""Reading a file as data: JSON, JSON Lines, YAML, TOML, CSV and XLSX, each entry with where it stands."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from knowledge.converters.tables import read_table

MOST_BYTES = 64 * 1024 * 1024


class FileUnreadable(ValueError):
    """A file cannot be read; the text says which and why."""


def read_data(path: Path) -> Any:
    """What a file holds, by the end of its name; rows of a table are dicts by the column's heading. Raises
    FileUnreadable.
    """
    kind = path.suffix.lower()
    readers = {
        ".json": _json,
        ".jsonl": read_lines,
        ".ndjson": read_lines,
        ".yaml": _yaml,
        ".yml": _yaml,
        ".toml": _toml,
    }
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileUnreadable(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MB; split it.")
        if kind in TABLES:
            return TABLES[kind](path)
        return readers.get(kind, _json)(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise FileUnreadable(f"There is no {path}.") from error
    except UnicodeDecodeError as error:
        known = ", ".join(name.removeprefix(".").upper() for name in (*TABLES, *readers))
        do = "save it as UTF-8" if kind in readers else f"what is read is {known}"
        raise FileUnreadable(f"{path} is not UTF-8 text: {do}.") from error
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        if isinstance(error, FileUnreadable):
            raise
        raise FileUnreadable(f"{path} cannot be read as {kind.removeprefix('.') or 'JSON'}: {error}") from error


def _json(text: str) -> Any:
    return json.loads(text)


def read_lines(text: str) -> list[Any]:
    """What each line of JSON Lines holds. Raises ValueError, which names the line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            found += [json.loads(line)] if line.strip() else []
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number}, column {error.colno}: {error.msg}") from error
    return found


def _toml(text: str) -> Any:
    return tomllib.loads(text)


def _yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _csv(path: Path) -> list[dict[str, Any]]:
    """Rows of a table in whatever character set and with whatever delimiter, as spreadsheets save them."""
    (_, heading), *rows = read_table(path.read_bytes())
    return [{name.strip(): cell for name, cell in zip(heading, cells, strict=True) if cell} for _, cells in rows]


def _xlsx(path: Path) -> list[dict[str, Any]]:
    import zipfile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError) as error:
        raise FileUnreadable(f"{path} is no XLSX workbook.") from error
    rows: list[dict[str, Any]] = []
    try:
        for sheet in book.worksheets:
            lines = sheet.iter_rows(values_only=True)
            heading = [str(cell).strip() if cell is not None else "" for cell in next(lines, ())]
            rows += [
                {name: cell for name, cell in zip(heading, line, strict=False) if name and cell not in (None, "")}
                for line in lines if any(cell not in (None, "") for cell in line)
            ]  # fmt: skip
    finally:
        book.close()
    return rows


def uncomputed(path: Path) -> list[str]:
    """The cells of a workbook that compute a value which the file does not hold, like 'Sheet!B5'."""
    from openpyxl import load_workbook

    if path.suffix.lower() != ".xlsx":
        return []
    told, values = (load_workbook(path, read_only=True, data_only=only) for only in (False, True))
    try:
        return [
            f"{sheet.title}!{cell.coordinate}"
            for sheet in told.worksheets
            for row, held in zip(sheet.iter_rows(), values[sheet.title].iter_rows(values_only=True), strict=True)
            for cell, value in zip(row, held, strict=True) if cell.data_type == "f" and value is None
        ]  # fmt: skip
    finally:
        told.close()
        values.close()


TABLES: dict[str, Callable[[Path], list[dict[str, Any]]]] = {".csv": _csv, ".tsv": _csv, ".xlsx": _xlsx}
"""Readers of tables, by the end of a file's name."""
