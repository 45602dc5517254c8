"""The room of listings: live limits of a home, HTTP, the assistant's tools, sign-offs, provenance in feeds."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from openpyxl import load_workbook

from assistant.roles import ROLES
from integrations.bootstrap import Dragoman
from integrations.database.keys import Keyring
from integrations.listings.drafts import ShopDrafts
from integrations.listings.exports import FORMATS, write_drafts
from integrations.listings.feeds import google_feed
from integrations.listings.sign_offs import SignOffLog
from integrations.listings.tables import FileUnreadable, read_data
from integrations.studio.api import add_studio
from knowledge.facts.reading import facts_of_record
from knowledge.findings import Finding
from knowledge.listings import Draft
from knowledge.marketplaces import marketplace
from tests.tools.test_listing_writing import facts_by
from tools.context import DraftRefused
from tools.listings.write import write_listing

KEY = {"authorization": "Bearer marketer"}
DAY = date(2026, 11, 30)
ASKED = {"sku": "AQ-P-001", "marketplace": "amazon", "locale": "de-DE", "on": "2026-11-30"}


@pytest.fixture
async def client(dragoman: Dragoman) -> AsyncIterator[AsyncClient]:
    api = FastAPI()
    add_studio(api, Keyring(dragoman._database, "marketer"), ShopDrafts(dragoman.settings.home, dragoman.shop))
    async with AsyncClient(transport=ASGITransport(api), base_url="http://shop.test") as opened:
        yield opened


async def test_http_writes_and_checks_with_the_marketers_key_alone(client: AsyncClient) -> None:
    assert (await client.post("/v1/listings", json=ASKED)).status_code == 401
    draft = (await client.post("/v1/listings", json=ASKED, headers=KEY)).json()
    assert [f["rule"] for f in draft["findings"]] == ["facts.untranslated"]  # its warnings are in English
    assert draft["fields"]["title"].startswith("Amberquay Tidbit")
    checked = await client.post(
        "/v1/listings", json={**ASKED, "listing": {"title": "Amberquay Tidbit 9 L"}}, headers=KEY
    )
    assert ("facts.unsupported_number", "title") in {(f["rule"], f["field"]) for f in checked.json()["findings"]}
    handed = {"marketplace": "ebay", "locale": "en-GB", "facts": {"brand": "Norvo", "name": "Lamp", "power_w": 5}}
    assert (await client.post("/v1/listings", json=handed, headers=KEY)).json()["fields"]["title"] == "Norvo Lamp, 5 W"
    for wrong in (
        {**ASKED, "sku": "nope"},
        {**ASKED, "marketplace": "nile"},
        {**ASKED, "locale": "x"},
        {"marketplace": "ebay", "locale": "en-GB"},
        {**ASKED, "more": 1},
    ):
        assert (await client.post("/v1/listings", json=wrong, headers=KEY)).status_code == 422


async def test_http_writes_campaigns_with_the_key_and_refuses_by_name(client: AsyncClient) -> None:
    asked = {"kind": "email", "channel": "welcome", "sku": "AQ-P-001", "locale": "fr-FR", "on": "2026-11-30"}
    assert (await client.post("/v1/copy", json=asked)).status_code == 401
    copy = (await client.post("/v1/copy", json=asked, headers=KEY)).json()
    assert copy["ok"]
    assert (copy["kind"], copy["channel"], copy["locale"]) == ("email", "welcome", "fr-FR")
    assert copy["fields"]["subject"] == "Bienvenue chez Amberquay"
    assert all(claim["facts"] for claim in copy["claims"])
    for wrong in (
        {**asked, "kind": "poem"},
        {**asked, "channel": "nile"},
        {**asked, "sku": "nope"},
        {**asked, "locale": "sv-SE"},
    ):
        refused = await client.post("/v1/copy", json=wrong, headers=KEY)
        assert refused.status_code == 422
        assert refused.json()["detail"]["code"] == "bad_request"


async def test_the_homes_own_limits_voice_and_marketplaces_count_at_once(dragoman: Dragoman) -> None:
    home = dragoman.settings.home
    drafts = ShopDrafts(home, dragoman.shop)
    assert len(str((await drafts.write("AQ-P-001", "ebay", "en-GB")).fields["title"])) > 45
    (home / "limits.toml").write_text("[ebay.title]\nmax = 45\n", "utf-8")
    (home / "brand.toml").write_text('banned = ["buttons"]\n', "utf-8")
    draft = await drafts.write("AQ-P-001", "ebay", "en-GB")
    assert len(str(draft.fields["title"])) <= 45
    assert "buttons" not in str(draft.fields)
    (home / "brand.toml").write_text('banned = "buttons"\n', "utf-8")
    with pytest.raises(DraftRefused, match="banned is a list"):
        await drafts.write("AQ-P-001", "ebay", "en-GB")


async def test_the_tools_are_operators_and_marketers(dragoman: Dragoman) -> None:
    from tools.context import Session

    names = {role: {tool.name for tool in spec.tools} for role, spec in ROLES.items()}
    assert {"draft_listing", "check_listing", "draft_copy"} <= names["operator"] & names["marketer"]
    assert not {"draft_listing", "check_listing", "draft_copy"} & names["shopper"]
    context = await dragoman.context(Session("s", role="marketer"))
    assert context.drafts is not None
    draft = await context.drafts.write("AQ-P-001", "shopee", "id-ID")
    assert draft.fields["title"]
    assert not draft.is_blocked
    checked = await context.drafts.check({"title": "Amberquay 🔥"}, "", "shopee", "id-ID")
    assert any(f.rule == "shopee.title" for f in checked.findings)
    with pytest.raises(DraftRefused, match="nope"):
        await context.drafts.write("nope", "shopee", "id-ID")


def test_a_line_broken_off_loses_no_other_sign_off(tmp_path: Path) -> None:
    finding = Finding("facts.unsupported_number", "block", (0, 3), "9 W", "", "", "", field="title")
    draft = Draft("S1", "ebay", "en-GB", DAY, {"title": "9 W"}, findings=(finding,))
    log = SignOffLog(tmp_path)
    assert log.open_findings(draft) == [finding]
    log.accept(draft, finding.rule, "", "ana", "report follows", "2026-11-30T10:00:00+00:00")
    with (tmp_path / "sign_offs.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"at": "2026')
    assert log.open_findings(draft) == []
    assert log.open_findings(replace(draft, findings=(replace(finding, text="12 W"),))) != []


def test_a_feed_marks_what_a_model_wrote() -> None:
    facts, market = facts_by("AQ-P-001"), marketplace("google_merchant")
    draft = write_listing(facts, market, "en-US", DAY)
    by_model = replace(draft, by_model=("title",), written_by="writer")
    plain, marked = (
        google_feed([(one, facts, market)]).decode().splitlines()[1].split("\t") for one in (draft, by_model)
    )
    assert plain[1]
    assert not plain[2]
    assert not marked[1]
    assert "trained_algorithmic_media:" in marked[2]
    assert marked[3]
    assert not marked[4]


@pytest.mark.parametrize("kind", list(FORMATS))
def test_no_cell_of_a_file_runs_as_a_formula(tmp_path: Path, kind: str) -> None:
    held = {
        "product_id": "=EVIL()",
        "sku": "=1+1",
        "brand": "@Norvo",
        "name": "-Lamp",
        "summary": "+A lamp of 5 W.",
        "power_w": 5,
    }
    evil = facts_of_record(held, "test", DAY)
    channel = FORMATS[kind][0] or "ebay"
    draft = write_listing(evil, marketplace(channel), "en-US", DAY)
    assert write_drafts([(draft, evil, marketplace(channel))], kind, tmp_path / "out") == 1
    if kind == "xlsx":
        (tmp_path / "out").rename(tmp_path / "out.xlsx")
        cells = [
            cell
            for sheet in load_workbook(tmp_path / "out.xlsx")
            for row in sheet.iter_rows()
            for cell in row
            if cell.value
        ]
        assert {cell.data_type for cell in cells} == {"s"}
        written = [str(cell.value) for cell in cells]
    else:
        text = (tmp_path / "out").read_text("utf-8-sig")
        mark = "\t" if kind in ("amazon", "google") else ","
        written = (
            [cell for row in csv.reader(io.StringIO(text), delimiter=mark) for cell in row] if kind != "json" else []
        )
    assert [cell for cell in written if cell[:1] in ("=", "+", "-", "@")] == []
    assert kind == "json" or any(cell.startswith("'") for cell in written)


@pytest.mark.parametrize(("name", "held", "says"), [
    ("a.xlsx", b"no workbook", "no XLSX"),
    ("a.csv", b"a,b\n1,2,3\n", "2 has 3 cells"),
    ("a.json", b"\xff\xfe", "UTF-8"),
    ("a.yaml", b"a: [", "a.yaml"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, held: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(held)
    with pytest.raises(FileUnreadable, match=says):
        read_data(tmp_path / name)


def test_lines_of_json_are_records(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": "x"}) + "\n\n" + json.dumps({"title": "y"}), "utf-8")
    assert read_data(tmp_path / "a.jsonl") == [{"title": "x"}, {"title": "y"}]
