"""Many listings are checked on every core, with the same findings as one after another."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from integrations.listings import checking
from integrations.listings.checking import Bench, check_file
from integrations.listings.tables import FileUnreadable


def bench(home: Path) -> Bench:
    return Bench(home, ("amazon", "de-DE"), None, (), None, date(2026, 11, 30))


def write(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def test_many_are_checked_in_processes_as_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [{"title": f"Klimaneutrale Socken {number}", "product_id": f"P{number}", "facts": {"brand": "Norvo"}}
               for number in range(120)]  # fmt: skip
    file = write(tmp_path / "many.jsonl", records)
    alone = list(check_file(bench(tmp_path), file))
    monkeypatch.setattr(checking, "MANY", 100)
    monkeypatch.setattr(checking, "cores", lambda: 2)
    together = list(check_file(bench(tmp_path), file))
    assert [draft.told() for draft in together] == [draft.told() for draft in alone]
    assert [draft.product_id for draft in together] == [f"P{number}" for number in range(120)]
    assert all(any(f.rule == "de.klimaneutral" for f in draft.findings) for draft in together)


def test_an_error_in_a_process_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MANY", 2)
    monkeypatch.setattr(checking, "cores", lambda: 2)
    file = write(tmp_path / "many.jsonl", [{"title": "Socken"}] * 3)
    with pytest.raises(FileUnreadable, match="listing 1 does not name its own; give --marketplace and --locale"):
        list(check_file(Bench(tmp_path, ("", ""), None, (), None, date(2026, 11, 30)), file))
