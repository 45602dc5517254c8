"""`dragoman copy` from outside."""

from __future__ import annotations

from pathlib import Path

from tests.command_line import command, one


def test_copy_is_written_told_and_refused(demo_home: Path) -> None:
    asked = ("copy", "search_ad", "--sku", "AQ-P-001", "--locale", "de-DE", "--on", "2026-11-30")
    copy = one(command(demo_home, *asked, "--json"))
    assert copy["ok"]
    assert (copy["kind"], copy["channel"]) == ("search_ad", "google")
    assert all(len(text) <= 30 for text in copy["fields"]["headlines"])
    assert len(copy["fields"]["descriptions"]) == 4
    assert all(claim["facts"] for claim in copy["claims"])
    wrong = command(demo_home, "copy", "search_ad", "--sku", "AQ-P-001", "--channel", "nile", "--json")
    assert wrong.returncode == 2
    assert "google, microsoft, yahoo_jp" in one(wrong)["error"]["message"]


def test_kinds_are_listed_with_their_limits(demo_home: Path) -> None:
    listed = command(demo_home, "copy")
    assert listed.returncode == 0
    assert "google: Google responsive search ad (headlines 30, descriptions 90, paths 15)" in listed.stdout
