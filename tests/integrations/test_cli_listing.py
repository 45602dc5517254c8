"""`dragoman listing` and `dragoman facts` from outside."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from openpyxl import Workbook, load_workbook

from tests.command_line import ROOT, command, one

GOLD = ROOT / "tests" / "data" / "gold_listings.yaml"
ON = "2026-11-30"


def test_a_draft_is_written_with_each_claims_facts(demo_home: Path) -> None:
    done = command(
        demo_home,
        "listing",
        "write",
        "--sku",
        "AQP001-WHT",
        "--marketplace",
        "amazon",
        "--locale",
        "de-DE",
        "--json",
        "--on",
        ON,
    )
    draft = one(done)
    assert done.returncode == 0
    assert [(f["rule"], f["field"]) for f in draft["findings"]] == [("facts.untranslated", "warnings")]
    assert draft["fields"]["title"].startswith("Amberquay Tidbit Trockenfutterautomat")
    assert draft["claims"]
    assert all(claim["facts"] for claim in draft["claims"])
    assert [entry["field"] for entry in draft["missing"]] == ["gpsr_fields"]
    assert draft["provenance"]["ai"] is False


def test_several_drafts_are_a_line_each(demo_home: Path) -> None:
    done = command(
        demo_home,
        "listing",
        "write",
        "--sku",
        "AQ-P-001,AQ-F-001",
        "--marketplace",
        "ebay,etsy",
        "--locale",
        "fr-FR",
        "--json",
        "--on",
        ON,
    )
    drafts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(d["product_id"], d["marketplace"]) for d in drafts] == [
        ("AQ-P-001", "ebay"), ("AQ-P-001", "etsy"), ("AQ-F-001", "ebay"), ("AQ-F-001", "etsy"),
    ]  # fmt: skip


def test_the_gold_file_passes_as_it_is(tmp_path: Path) -> None:
    done = command(tmp_path, "listing", "check", str(GOLD), "--facts", str(GOLD), "--json", "--on", ON)
    assert done.returncode == 0, done.stdout
    assert [json.loads(line)["findings"] for line in done.stdout.splitlines()] == [[]] * 12


def test_a_wrong_listing_is_told_in_json_and_in_words(tmp_path: Path) -> None:
    gold = yaml.safe_load(GOLD.read_text("utf-8"))
    wrong = {
        **gold["listings"][0],
        "title": "Anker NV-28 Foldable Solar Charger 29W!",
        "search_terms": "camping camping",
    }
    (tmp_path / "wrong.json").write_text(json.dumps(wrong), "utf-8")
    (tmp_path / "facts.json").write_text(json.dumps(gold["products"][0]), "utf-8")
    files = (
        "listing",
        "check",
        str(tmp_path / "wrong.json"),
        "--marketplace",
        "amazon",
        "--locale",
        "en-US",
        "--facts",
        str(tmp_path / "facts.json"),
    )
    done = command(tmp_path, *files, "--json")
    found = {(f["rule"], f["field"]) for f in one(done)["findings"]}
    assert done.returncode == 1
    assert {
        ("facts.other_brand", "title"),
        ("facts.unsupported_number", "title"),
        ("amz.title.chars", "title"),
    } <= found
    assert ("amz.search_terms.words", "search_terms") in found
    words = command(tmp_path, *files)
    assert words.returncode == 1
    assert "No fact bears '29W'" in words.stdout


def test_a_csv_of_listings_names_its_channels_and_finds_its_products(demo_home: Path, tmp_path: Path) -> None:
    rows = "product_id,marketplace,locale,title,description,bullet1\n"
    rows += "AQ-P-001,ebay,en-GB,Amberquay Tidbit Dry-Food Feeder 3.7 L,Holds 3.7 litres.,\n"
    rows += "AQ-P-001,ebay,en-GB,Amberquay Tidbit Dry-Food Feeder 4.9 L,Holds 4.9 litres.,\n"
    (tmp_path / "listings.csv").write_text(rows, "utf-8")
    done = command(demo_home, "listing", "check", str(tmp_path / "listings.csv"), "--json", "--on", ON)
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert first["findings"] == []
    assert {(f["rule"], f["field"]) for f in second["findings"]} == {
        ("facts.unsupported_number", "title"),
        ("facts.unsupported_number", "description"),
    }


def test_a_listing_of_a_product_nobody_knows_says_that_no_figure_was_checked(home: Path, tmp_path: Path) -> None:
    listing = {"title": "Superkocher 9000 W mit 99 l", "description": "Dieser Wasserkocher fasst 99 l."}
    asked = ("listing", "check", str(tmp_path / "listing.json"), "-m", "ebay", "--locale", "de-DE", "--json")
    told = {}
    for sku in ("NOPE", ""):
        (tmp_path / "listing.json").write_text(json.dumps({"sku": sku, **listing} if sku else listing), "utf-8")
        done = command(home, *asked)
        told[sku] = (done.returncode, [(f["rule"], f["severity"], f["text"]) for f in one(done)["findings"]])
    assert told == {"NOPE": (1, [("facts.none", "warn", "NOPE")]), "": (0, [])}


def test_wrong_usage_says_what_there_is(demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", "utf-8")
    (tmp_path / "list.json").write_text('{"title": "x"}', "utf-8")
    cases = [
        (("listing", "write", "--sku", "nope", "--marketplace", "amazon"), "AQ-"),
        (("listing", "write", "--sku", "AQ-P-001", "--marketplace", "nile"), "amazon"),
        (("listing", "write", "--sku", "AQ-P-001", "--marketplace", "amazon", "--model"), "DRAGOMAN_MODEL"),
        (("listing", "check", str(tmp_path / "broken.json"), "-m", "amazon", "--locale", "en-US"), "broken.json"),
        (("listing", "check", str(tmp_path / "list.json")), "--marketplace and --locale"),
        (("listing", "audit", "shop", "--on", "soon"), "2026-11-30"),
    ]  # fmt: skip
    for arguments, says in cases:
        done = command(demo_home, *arguments)
        assert done.returncode == 2, (arguments, done.stdout, done.stderr)
        assert says in done.stderr, (arguments, done.stderr)


def test_facts_are_imported_from_a_workbook_and_stand_over_the_shops(home: Path, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["sku", "origin", "manufacturer", "responsible_person", "weight_g"])
    sheet.append(["AQP001-WHT", "PT", "Amberquay Lda., Rua do Cais 1, Porto", "Amberquay Lda., Porto", 1460])
    book.save(tmp_path / "facts.xlsx")
    before = one(command(home, "facts", "check", "AQ-P-001", "--marketplace", "amazon", "--locale", "de-DE", "--json"))
    assert {entry["fact"] for entry in before["products"][0]["missing"]} == {
        "origin",
        "manufacturer",
        "responsible_person",
    }
    assert one(command(home, "facts", "import", str(tmp_path / "facts.xlsx"), "--json"))["products"] == 1
    after = command(home, "facts", "check", "AQ-P-001", "--marketplace", "amazon", "--locale", "de-DE", "--json")
    assert (after.returncode, one(after)["products"][0]["missing"]) == (0, [])
    draft = one(
        command(home, "listing", "write", "--sku", "AQ-P-001", "--marketplace", "amazon", "--locale", "de-DE", "--json")
    )
    assert "1.460 g" in str(draft["fields"])
    assert draft["missing"] == []
    shown = one(command(home, "facts", "show", "AQ-P-001", "--json"))
    weight = next(fact for fact in shown["facts"] if fact["id"] == "AQ-P-001#weight_g")
    assert (weight["value"], weight["source"]) == (1460, "facts.xlsx, entry 1")


def test_what_not_to_say_is_a_list_in_a_sheet_and_is_shown(home: Path, tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("sku;name;not_to_say\nNTS-1;Kocher;energiesparend|leise\n", "utf-8")
    assert command(home, "facts", "import", str(tmp_path / "facts.csv")).returncode == 0
    assert "not to say: energiesparend | leise" in command(home, "facts", "show", "NTS-1").stdout


def test_a_workbook_has_a_sheet_a_channel(demo_home: Path, tmp_path: Path) -> None:
    out = ("--marketplace", "ebay,etsy", "--locale", "de-DE", "--out", str(tmp_path / "out.xlsx"), "--json")
    done = command(demo_home, "listing", "export", "--format", "xlsx", "--sku", "AQ-P-001", *out)
    assert (done.returncode, one(done)["listings"]) == (0, 2)
    assert load_workbook(tmp_path / "out.xlsx").sheetnames == ["ebay", "etsy"]


def test_an_audit_puts_first_what_a_date_made_wrong(demo_home: Path) -> None:
    done = command(demo_home, "listing", "audit", "shop", "--locale", "de-DE", "--on", "2027-03-01", "--json")
    changes = one(done)["changes"]
    assert done.returncode == 1
    severities = [(change["finding"]["severity"], change["new"]) for change in changes]
    assert severities[0][0] == "block"
    assert [s for s, _ in severities] == sorted((s for s, _ in severities), key=["block", "warn"].index)
    speaker = next(change for change in changes if change["product_id"] == "AQ-H-008")
    assert speaker["finding"]["rule"] == "facts.expired_certificate"
    assert "2026-05-05" in speaker["finding"]["why"]
    cotton = [change for change in changes if change["product_id"] == "AQ-F-001"]
    assert cotton
    assert "ATC-GOTS-2026-004418" in str(cotton)


def test_a_finding_is_signed_off_for_these_words_alone(tmp_path: Path) -> None:
    listing = {"product_id": "S1", "title": "Norvo Lamp for the desk, now 9 W", "description": "A lamp."}
    (tmp_path / "l.json").write_text(json.dumps(listing), "utf-8")
    (tmp_path / "f.json").write_text(json.dumps({"product_id": "S1", "brand": "Norvo", "power_w": 5}), "utf-8")
    done = command(
        tmp_path,
        "listing",
        "check",
        str(tmp_path / "l.json"),
        "-m",
        "ebay",
        "--locale",
        "en-GB",
        "--facts",
        str(tmp_path / "f.json"),
        "--json",
    )
    (tmp_path / "draft.json").write_text(done.stdout, "utf-8")
    sign = (
        "listing",
        "accept",
        str(tmp_path / "draft.json"),
        "--rule",
        "facts.unsupported_number",
        "--by",
        "ana@shop.example",
    )
    assert command(tmp_path, *sign, "--why", " ").returncode == 2
    accepted = one(command(tmp_path, *sign, "--why", "measured again, report follows", "--json"))["accepted"]
    assert [(entry["text"], entry["field"], entry["who"]) for entry in accepted] == [
        ("9 W", "title", "ana@shop.example")
    ]
    assert one(command(tmp_path, "listing", "signed", "--json"))["sign_offs"] == accepted
    assert (
        command(
            tmp_path, "listing", "accept", str(tmp_path / "draft.json"), "--rule", "no.rule", "--by", "a", "--why", "b"
        ).returncode
        == 2
    )
