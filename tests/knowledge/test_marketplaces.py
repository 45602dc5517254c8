"""Marketplaces as data: figures with source and day, rules with days, live values before, a new one is a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.listings import Listing
from knowledge.marketplaces import MarketplaceUnknown, OverrideWrong, marketplace, marketplaces, override
from tools.listings.check import Checker

DAY = date(2026, 11, 30)
NEW = """
id = "harbour"
name = "Harbour Market"
as_of = 2026-11-30
sites = ["PT"]
[locales]
PT = ["pt-PT"]
[[fields]]
name = "title"
required = true
max = 12
unit = "bytes"
source = ["own"]
as_of = 2026-11-30
confidence = "high"
[[rules]]
id = "harbour.title"
says = "No exclamation marks"
fields = ["title"]
banned_characters = "!"
source = ["own"]
as_of = 2026-11-30
confidence = "high"
[sources.own]
title = "Harbour's own page"
date = "2026-11-30"
"""


def test_fourteen_marketplaces_each_figure_with_a_known_source_and_a_day() -> None:
    assert len(marketplaces()) == 14
    for market in marketplaces().values():
        for entry in (*market.entries, *market.rules):
            assert entry.as_of.year >= 2025
            assert set(entry.source) <= set(market.sources), (market.id, entry)
    assert sum(len(market.rules) for market in marketplaces().values()) == 29


def test_amazons_title_rule_begins_on_its_day_and_not_everywhere() -> None:
    amazon = marketplace("Amazon")
    assert amazon.fields_on(date(2026, 7, 26), "DE")["title"].max == 200
    assert amazon.fields_on(date(2026, 7, 27), "DE")["title"].max == 75
    assert amazon.fields_on(DAY, "AE")["title"].max == 200
    assert amazon.fields_on(DAY, "DE")["item_highlights"].max == 125
    title = Listing({"title": "x" * 90, "bullets": ["a bullet of words"] * 3, "description": "d"})
    rules = [{f.rule for f in Checker(amazon, "de-DE", day).check(title)} for day in (date(2026, 7, 26), DAY)]
    assert "limit.max_characters" not in rules[0]
    assert "limit.max_characters" in rules[1]


def test_live_limits_go_before_the_shipped_ones() -> None:
    live = override(marketplace("shopee"), {"title": {"max": 60}, "model_name": {"max": 9, "required": True}}, DAY)
    assert live.fields_on(DAY)["title"].max == 60
    assert live.fields_on(DAY)["title"].confidence == "high"
    assert live.fields_on(DAY)["model_name"].max == 9
    found = Checker(live, "id-ID", DAY).check(Listing({"title": "Kotak makan " * 6}))
    assert any(f.rule == "limit.max_characters" and "live limits" in f.source for f in found)
    with pytest.raises(OverrideWrong, match="shopee: title"):
        override(marketplace("shopee"), {"title": {"maximum": 60}}, DAY)


def test_a_new_marketplace_is_one_file_and_no_python(tmp_path: Path) -> None:
    (tmp_path / "harbour.toml").write_text(NEW, "utf-8")
    market = marketplace("harbour", tmp_path)
    found = {(f.rule, f.field) for f in Checker(market, "pt-PT", DAY).check(Listing({"title": "Sapatão é bom!"}))}
    assert found == {("limit.max_bytes", "title"), ("harbour.title", "title")}
    with pytest.raises(MarketplaceUnknown, match="amazon"):
        marketplace("harbour")


def test_a_wrong_marketplace_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(NEW.replace("max = 12", 'max = "twelve"'), "utf-8")
    with pytest.raises(OverrideWrong, match="bad.toml"):
        marketplaces(tmp_path)
