"""`dragoman localize FILE`, `terms` and `memory` from outside."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from openpyxl import load_workbook

from tests.command_line import command, one

SHEET = "sku,title,price\nA-1,Add to cart,19.90\nA-2,A lamp of ours,5\n"


def test_a_sheet_goes_out_is_reviewed_and_comes_back_known(tmp_path: Path) -> None:
    sheet, home = tmp_path / "p.csv", tmp_path / "home"
    sheet.write_text(SHEET, "utf-8")
    done = command(home, "localize", str(sheet), "--to", "de-DE,ja-JP", "--json")
    first = one(done)
    assert done.returncode == 1
    assert [Path(path).name for path in first["files"]] == ["p.localized.csv", "p.review.xlsx"]
    rows = list(csv.reader((tmp_path / "p.localized.csv").read_text("utf-8").splitlines()))
    assert rows[0] == ["sku", "title", "price", "de-DE", "ja-JP"]
    assert rows[1][3:] == ["In den Warenkorb", "カートに入れる"]
    assert rows[2][3:] == ["", ""]
    assert {cell["id"]: cell["origin"] for cell in first["cells"]} == {"2:title": "memory", "3:title": ""}
    review = tmp_path / "p.review.xlsx"
    book = load_workbook(review)
    for row in book["review"].iter_rows(min_row=2):
        if row[0].value == "3:title" and row[1].value == "de-DE":
            row[4].value = "Eine Leuchte von uns"
    book.save(review)
    assert one(command(home, "localize", "--accept", str(review), "--by", "Ada", "--json"))["approved"] == 1
    done = command(home, "localize", str(sheet), "--to", "de-DE", "--out", str(tmp_path / "out.xlsx"))
    assert done.returncode == 0, done.stderr
    assert "2 memory" in done.stdout
    out = load_workbook(tmp_path / "out.xlsx")
    assert out.sheetnames == ["out", "review", "how to"]
    assert [cell.value for cell in out["out"]["D"]] == ["de-DE", "In den Warenkorb", "Eine Leuchte von uns"]


def test_a_broken_file_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("a,title\n1,x,y,z\n", "utf-8")
    done = command(tmp_path / "home", "localize", str(tmp_path / "p.csv"), "--to", "de-DE", "--json")
    assert done.returncode == 2
    assert "row 2" in one(done)["error"]["message"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("p.")] == ["p.csv"]


def test_terms_and_memory_go_in_and_out(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "t.csv").write_text("source,target,locale\nfeeder,Spender,de-DE\nfeeder,Napf,de-DE\n", "utf-8")
    done = command(home, "terms", "import", str(tmp_path / "t.csv"), "--json")
    assert done.returncode == 1
    assert len(one(done)["conflicts"]) == 1
    (tmp_path / "m.csv").write_text("source,de-DE\nA lamp,Eine Lampe\n", "utf-8")
    assert one(command(home, "memory", "import", str(tmp_path / "m.csv"), "--json"))["new"] == 1


def test_nothing_or_two_things_named_is_an_error(tmp_path: Path) -> None:
    done = command(tmp_path, "localize", "--check", "a", "--format", "b", "--json")
    assert done.returncode == 2
    assert "one thing" in json.loads(done.stdout)["error"]["message"]


def test_the_language_of_a_sheet_is_seen_and_said_unless_it_is_told(tmp_path: Path) -> None:
    sheet, home = tmp_path / "artikel.csv", tmp_path / "home"
    sheet.write_text(
        "sku,title,material\nA-1,Wanderrucksack mit Regenhülle für lange Touren,Polyester\n"
        "A-2,Wandersocken aus weicher Merinowolle für kalte Tage,Baumwolle\n",
        "utf-8",
    )
    done = command(home, "localize", str(sheet), "--to", "fr-FR")
    assert "taken to be in de-DE; --from" in done.stderr
    assert "polyester" in (tmp_path / "artikel.localized.csv").read_text("utf-8")
    assert "taken to be" not in command(home, "localize", str(sheet), "--to", "fr-FR", "--from", "de-DE").stderr
    sheet.write_text(SHEET, "utf-8")
    assert "taken to be" not in command(home, "localize", str(sheet), "--to", "fr-FR").stderr


def test_a_workbook_in_which_somebody_worked_is_not_written_over(tmp_path: Path) -> None:
    sheet, review, ask = tmp_path / "p.csv", tmp_path / "p.review.xlsx", ("--to", "de-DE")
    sheet.write_text(SHEET, "utf-8")
    command(tmp_path / "home", "localize", str(sheet), *ask)
    assert "p.review-2" not in command(tmp_path / "home", "localize", str(sheet), *ask).stdout
    book = load_workbook(review)
    book["review"]["E3"].value = "Eine Leuchte von uns"
    book.save(review)
    before = review.read_bytes()
    done = command(tmp_path / "home", "localize", str(sheet), *ask)
    assert review.read_bytes() == before
    assert (tmp_path / "p.review-2.xlsx").exists()
    assert "--accept" in done.stderr
    assert "p.review-2.xlsx" in done.stderr


def test_files_that_differ_by_their_end_have_workbooks_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(SHEET, "utf-8")
    (tmp_path / "p.json").write_text('{"title": "Add to cart"}', "utf-8")
    for name in ("p.csv", "p.json"):
        command(tmp_path / "home", "localize", str(tmp_path / name), "--to", "de-DE")
        assert (tmp_path / f"{name}.review.xlsx").exists()
