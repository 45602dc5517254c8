"""The copy studio over HTTP: who may enter, what a page may do, cells in versions, filling, and hostile sheets."""

from __future__ import annotations

import asyncio
import base64
import csv
import hashlib
import io
import json
import re
import tomllib
import zipfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from httpx import AsyncClient

from integrations.bootstrap import Dragoman
from integrations.cli.studio import check_header
from integrations.database.keys import Keyring
from integrations.settings import Settings
from integrations.studio.desk import Refused
from integrations.studio.door import COOKIE
from integrations.studio.filling import Filling
from integrations.studio.reader import Reader, sentences
from integrations.studio.reception import Studio
from integrations.studio.workbooks import (
    COLUMNS,
    escaped,
    exported,
    import_workbook,
    read_workbook,
    table,
    unescaped,
    workbook,
)
from knowledge.locales import served_locales
from tests.integrations.pages_read import Read
from tests.integrations.studio_at_hand import (
    HOST,
    KEY,
    OWN,
    cell_of,
    client_of,
    marketer,
    sign_in,
    studio_over,
    written,
)
from tests.integrations.xss_vectors import VECTORS

HX = {**OWN, "hx-request": "true"}


@pytest.fixture
def studio(dragoman: Dragoman) -> Studio:
    return studio_over(dragoman)


async def change(client: AsyncClient, cell_id: int, what: str, **form: object):  # type: ignore[no-untyped-def]
    return await client.post(f"/studio/cells/{cell_id}/{what}", data=form, headers=HX)


async def until_written(studio: Studio, batch_id: str, most: int) -> None:
    while (await studio.desk.batches.progress(batch_id)).get("written", 0) < most:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def test_nobody_enters_without_the_key(studio: Studio) -> None:
    async with client_of(studio) as client:
        assert (await client.get("/studio")).headers["location"] == "/studio/sign-in"
        assert (await client.post("/studio/batches", data={"skus": "x"}, headers=OWN)).status_code == 401
        htmx = await client.get("/studio", headers={"hx-request": "true"})
        assert (htmx.status_code, htmx.headers["hx-redirect"]) == (401, "/studio/sign-in")
        for wrong in ("", "wrong", KEY + "x"):
            assert (await sign_in(client, wrong)).status_code == 403
        assert (await client.post("/studio/sign-in", data={"key": KEY, "name": "J"})).status_code == 403
        entered = await sign_in(client)
        cookie = entered.headers["set-cookie"]
        assert entered.status_code == 303
        assert {"HttpOnly", "SameSite=strict", "Path=/studio"} <= set(cookie.split("; "))
        assert (await client.get("/studio")).status_code == 200
        client.cookies.set(COOKIE, client.cookies[COOKIE][:-3] + "AAA", domain="studio.test", path="/studio")
        assert (await client.get("/studio")).status_code == 303


async def test_a_named_key_names_its_holder_and_ends_with_its_revocation(studio: Studio) -> None:
    keys = studio.door.keys
    ana, desk = await keys.add("ana", "marketer", "x"), await keys.add("support", "operator", "x")
    async with client_of(studio) as client:
        assert (await sign_in(client, desk)).status_code == 403
        assert (await sign_in(client, ana, "Somebody else")).status_code == 303
        assert ">ana<" in (await client.get("/studio")).text
        await keys.revoke("ana", "x")
        assert (await client.get("/studio")).status_code == 303
        await keys.add("ana", "operator", "x")
        assert (await client.get("/studio")).status_code == 303


async def test_a_closed_studio_says_what_to_set(studio: Studio, dragoman: Dragoman) -> None:
    closed = Studio(
        studio.desk, studio.filling, type(studio.door)(Keyring(dragoman.keys._sessions), "s"), studio.journal
    )
    async with client_of(closed) as client:
        assert "DRAGOMAN_API_KEY" in (await client.get("/studio/sign-in")).text
        assert (await sign_in(client, "")).status_code == 403


async def test_a_proxys_word_counts_from_the_proxy_alone(dragoman: Dragoman) -> None:
    studio = studio_over(dragoman, user_header="X-Forwarded-User", proxies=("10.0.0.0/8",))
    named = {"X-Forwarded-User": "Mara"}
    for peer, status in (("10.1.2.3", 200), ("203.0.113.9", 303)):
        async with client_of(studio, peer) as client:
            reply = await client.get("/studio", headers=named)
            assert reply.status_code == status
            assert ("Mara" in reply.text) is (status == 200)
            assert (await client.post("/studio/batches", data={"skus": "x"}, headers=named)).status_code in (401, 403)
    async with client_of(studio_over(dragoman), "10.1.2.3") as client:
        assert (await client.get("/studio", headers=named)).status_code == 303
    twice = [("X-Forwarded-User", "Mara"), ("X-Forwarded-User", "root")]
    async with client_of(studio, "10.1.2.3") as client:
        assert (await client.get("/studio", headers=twice)).status_code == 303


@pytest.mark.parametrize("proxies", [[], ["0.0.0.0/0"], ["10.0.0.1", "::/0"]])
def test_the_server_does_not_start_where_anybody_could_be_anybody(home, proxies: list[str]) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SystemExit):
        check_header(Settings(home=home, studio_user_header="X-User", trusted_proxies=proxies))
    check_header(Settings(home=home, studio_user_header="X-User", trusted_proxies=["10.0.0.1"]))
    check_header(Settings(home=home, trusted_proxies=proxies))


@pytest.mark.parametrize("headers", [
    {}, {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": HOST, "sec-fetch-site": "cross-site"},
])  # fmt: skip
async def test_a_foreign_page_changes_nothing(studio: Studio, headers: dict[str, str]) -> None:
    batch_id = await written(studio, "AQ-P-001", ["ebay"], ["en-US"])
    cell = await cell_of(studio, batch_id, "en-US", "title")
    async with marketer(studio) as client:
        for path, form in (
            (f"cells/{cell.id}/text", {"text": "x", "version": "1"}),
            (f"cells/{cell.id}/decision", {"state": "approved", "version": "1"}),
            (f"batches/{batch_id}/pause", {}), (f"batches/{batch_id}/approve-clean", {}), ("batches", {"skus": "x"}),
        ):  # fmt: skip
            assert (await client.post(f"/studio/{path}", data=form, headers=headers)).status_code == 403
        await client.post("/studio/sign-out", headers=headers)
        assert (await client.get("/studio")).status_code == 200
    assert await studio.desk.cell(cell.id) == cell


async def test_pages_hold_no_script_no_style_and_no_markup_of_a_sheet(studio: Studio) -> None:
    skus = [{"sku": vector[:150], "name": vector, "brand": vector, "material": vector} for vector in VECTORS]
    entries = [one for place, one in enumerate(skus) if place % 7 == 0]
    async with marketer(studio) as client:
        sent = await client.post(
            "/studio/sheets?name=<img src=x onerror=alert(1)>.json", content=json.dumps(entries), headers=OWN
        )
        assert sent.status_code == 200, sent.text
        batch_id = sent.json()["go"].split("/")[3]
        await client.post(f"/studio/batches/{batch_id}/write", headers=OWN, data={
            "channels": ["ebay"], "source": "en-US", "locales": ["en-US", "ar-SA", "nl-NL"]})  # fmt: skip
        await studio.filling.close()
        await studio.filling._fill(batch_id)
        for cell in (await studio.desk.cells.all(batch_id, "ebay"))[:40]:
            await studio.desk.write(cell, 1, VECTORS[cell.id % len(VECTORS)], "<b>Jana</b>")
        views = [
            "facts",
            "facts?page=2",
            "choose",
            "grid",
            "grid?only=flagged",
            "review?only=all",
            "progress?waiting=0:0",
        ]
        cells = [cell.id for cell in (await studio.desk.cells.all(batch_id, "ebay"))[:5]]
        paths = ["", *(f"/batches/{batch_id}/{view}" for view in views), *(f"/cells/{one}" for one in cells)]
        for path in paths:
            reply = await client.get(f"/studio{path}")
            assert reply.status_code == 200, path
            assert "unsafe" not in reply.headers["content-security-policy"]
            assert "script-src 'self'; style-src 'self'" in reply.headers["content-security-policy"]
            tags = Read(reply.text).tags
            assert not {name for name, _ in tags} & {
                "style",
                "iframe",
                "object",
                "embed",
                "base",
                "svg",
                "math",
                "marquee",
            }
            assert {held.get("src") for name, held in tags if name == "script"} <= {
                "/studio/static/htmx.min.js", "/studio/static/studio.js"}  # fmt: skip
            assert not [
                key
                for _, held in tags
                for key in held
                if key.startswith("on") or key in ("style", "srcdoc", "formaction")
            ]
            assert not [
                held
                for name, held in tags
                if name == "a" and not (held["href"] or "").startswith(("/studio", "#", "?"))
            ]


async def test_a_text_is_kept_in_versions_and_judged_each_time(studio: Studio) -> None:
    batch_id = await written(studio, "AQ-P-001", ["ebay"], ["en-US", "de-DE"])
    cell = await cell_of(studio, batch_id, "de-DE", "title")
    async with marketer(studio) as client:
        reply = await change(client, cell.id, "text", text=f"{cell.text}, klimaneutral", version=1, open=1)
        assert reply.status_code == 200
        assert f'id="f{cell.id}"' in reply.text
        assert 'class="text"' not in reply.text
        judged = await studio.desk.cell(cell.id)
        assert (judged.version, judged.level, judged.origin) == (2, "block", "person")
        assert (await change(client, cell.id, "decision", state="approved", version=2)).status_code == 422
        late = await change(client, cell.id, "text", text="Another hand's", version=1)
        assert late.status_code == 409
        shown = Read(late.text).text
        assert "Another hand's" in shown
        assert judged.text in shown
        rule = next(f["rule"] for f in judged.findings if f["rule"] == "de.klimaneutral")
        assert (await change(client, cell.id, "fix", rule=rule, version=2)).status_code == 200
        mended = await studio.desk.cell(cell.id)
        assert (mended.text, mended.level, mended.origin) == (cell.text, "", f"fix:{rule}")
        assert (await change(client, cell.id, "decision", state="approved", version=3)).status_code == 200
        approved = await studio.desk.cell(cell.id)
        assert (approved.state, approved.decided_by) == ("approved", "Jana")
        assert "Jana" in (await client.get(f"/studio/batches/{batch_id}/review?only=approved")).text
        await change(client, cell.id, "text", text="Tidbit", version=3)
        assert (await studio.desk.cell(cell.id)).state == "open"


async def test_undo_goes_back_step_by_step_and_any_version_can_be_restored(studio: Studio) -> None:
    batch_id = await written(studio, "AQ-P-001", ["ebay"], ["en-US"])
    cell = await cell_of(studio, batch_id, "en-US", "title")
    async with marketer(studio) as client:
        for version, text in ((1, "Tidbit one"), (2, "Tidbit two")):
            await change(client, cell.id, "text", text=text, version=version)
        texts = []
        for version in (3, 4):
            await change(client, cell.id, "undo", version=version)
            texts.append((await studio.desk.cell(cell.id)).text)
        assert texts == ["Tidbit one", cell.text]
        assert (await change(client, cell.id, "undo", version=5)).status_code == 422
        await change(client, cell.id, "restore", number=3, version=5)
        assert (await studio.desk.cell(cell.id)).text == "Tidbit two"
        assert len(await studio.desk.cells.history(cell.id)) == 6
        assert (await change(client, cell.id, "restore", number=77, version=6)).status_code == 422
        assert (await change(client, cell.id, "text", text="x" * 20_001, version=6)).status_code == 422
        assert (await change(client, 999_999, "undo", version=1)).status_code == 404


async def test_a_language_without_templates_is_marked_never_faked(studio: Studio) -> None:
    batch_id = await written(studio, "AQ-P-001", ["ebay"], ["en-US", "nl-NL", "zh-TW", "en-GB"])
    cells = await studio.desk.cells.all(batch_id, "ebay")
    texts = {locale: [cell.text for cell in cells if cell.locale == locale] for locale in ("en-US", "nl-NL", "zh-TW")}
    assert all(texts["en-US"])
    assert texts["nl-NL"] == texts["zh-TW"] == [""] * len(texts["en-US"])
    assert await studio.desk.batches.progress(batch_id) == {"written": 2, "unwritten": 2}
    with pytest.raises(Refused):
        await studio.desk.decide(next(cell for cell in cells if cell.locale == "nl-NL"), 1, "approved", "Jana")


async def test_filling_stops_when_paused_and_goes_on_after_a_crash_without_doing_anything_twice(studio: Studio) -> None:
    batch_id = await studio.desk.take_in("AQ-P-001\nAQ-H-001\nAQ-F-002", "Jana")
    await studio.desk.batches.begin(batch_id, ["ebay"], ["en-US", "ja-JP"], "templates")
    studio.filling.start(batch_id)
    await until_written(studio, batch_id, 1)
    await studio.filling.close()
    half = await studio.desk.batches.progress(batch_id)
    assert half["waiting"]
    await studio.desk.batches.turn(batch_id, "paused", ("filling",))
    again = Filling(studio.desk)
    await again.take_up()
    assert not again._tasks
    await studio.desk.batches.turn(batch_id, "filling", ("paused",))
    async with again.working():
        await until_written(studio, batch_id, 6)
    assert await studio.desk.batches.progress(batch_id) == {"written": 6}
    cells = await studio.desk.cells.all(batch_id, "ebay")
    assert len({(cell.position, cell.locale, cell.field, cell.item) for cell in cells}) == len(cells)
    assert {len(await studio.desk.cells.history(cell.id)) for cell in cells} == {1}


async def test_a_conflict_is_settled_on_the_page_before_it_is_written(studio: Studio) -> None:
    async with marketer(studio) as client:
        sheet = "sku,material\nAQ-H-001,Brass\nAQ-XXX,\n"
        go = (await client.post("/studio/sheets?name=facts.csv", content=sheet, headers=OWN)).json()["go"]
        batch_id = go.split("/")[3]
        page = Read((await client.get(go)).text).text
        assert "1 found, 0 ready, 1 not found, 0 duplicate, 1 with conflicts" in page
        assert "conflict: pick one" in page
        reply = await client.post(
            f"/studio/batches/{batch_id}/facts/0", data={"name": "material", "choice": 1}, headers=HX
        )
        assert "Brass" in reply.text
        assert await studio.desk.batches.states(batch_id) == {"ready": 1, "unknown": 1}
        twice = await client.post(
            f"/studio/batches/{batch_id}/facts/0", data={"name": "material", "choice": 1}, headers=HX
        )
        assert twice.status_code == 404


async def test_what_cannot_be_read_or_chosen_is_said_in_words(studio: Studio) -> None:
    async with marketer(studio) as client:
        sent = await client.post("/studio/sheets?name=a.xlsx", content=b"no workbook", headers=OWN)
        assert (sent.status_code, "XLSX" in sent.json()["message"]) == (422, True)
        assert (await client.post("/studio/batches", data={"skus": " "}, headers=OWN)).status_code == 422
        batch_id = await studio.desk.take_in("AQ-P-001", "Jana")
        for form in (
            {"channels": ["ebay"], "source": "de_DE<"},
            {"source": "de-DE"},
            {"channels": ["nile"], "source": "de-DE"},
        ):
            assert (await client.post(f"/studio/batches/{batch_id}/write", data=form, headers=OWN)).status_code == 422
        assert (await client.get("/studio/batches/nope/grid")).status_code == 404
        assert (await client.get("/studio/static/..%2fdoor.py")).status_code == 404


def test_every_language_says_the_same_with_the_same_placeholders() -> None:
    own = sentences("en")
    for language in served_locales():
        told = tomllib.loads((files("integrations.studio") / "words" / f"{language}.toml").read_text("utf-8"))
        assert told.keys() == own.keys()
        holders = {
            key: (set(re.findall(r"{\w+}", text)), set(re.findall(r"{\w+}", told[key]))) for key, text in own.items()
        }
        assert {key for key, (one, other) in holders.items() if one != other} == set()
        assert Reader(language).direction == ("rtl" if language == "ar" else "ltr")


HOSTILE_TEXTS = (
    "=1+1", "'=1+1", "''=1", " =cmd|' /C calc'!A0", "+1", "-3 °C to 40 °C", "@SUM(A1)", "two\nlines", "a\ttab", "_x000D_ _x0041_",
    "'quoted'", "<b>bold</b> & more", "🙂 é 字", "12", "true", "2026-11-30", "#REF!", "https://shop.example/x", "x" * 20_000,
)  # fmt: skip


def test_every_text_survives_a_workbook_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    row = dict.fromkeys(COLUMNS, "")
    rows = [
        {**row, "sku": f"={n}", "locale": "en-US", "field": "title", "text": text}
        for n, text in enumerate(HOSTILE_TEXTS)
    ]
    moment = datetime(2026, 11, 30, 12, 0, 0, 5, UTC)
    path = tmp_path / "copy.xlsx"
    path.write_bytes(workbook({"ebay": rows}, moment))
    read, at = read_workbook(path)
    assert at == moment
    assert [(sku, text) for _, sku, _, _, text in read] == [(f"={n}", text) for n, text in enumerate(HOSTILE_TEXTS)]
    with zipfile.ZipFile(path) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    lines = list(csv.reader(io.StringIO(table({"ebay": rows}).decode("utf-8-sig"))))
    assert not [cell for line in lines[1:] for cell in line if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t"))]
    for text in HOSTILE_TEXTS:
        assert unescaped(escaped(text)) == text


async def test_an_import_takes_what_people_changed_and_keeps_what_was_changed_here(
    studio: Studio, tmp_path: Path
) -> None:
    batch_id = await written(studio, "AQ-P-001", ["ebay"], ["en-US", "de-DE", "nl-NL"])
    batch = await studio.batch(batch_id)
    title = await cell_of(studio, batch_id, "en-US", "title")
    sheet = await exported(studio.desk, batch)
    path = tmp_path / "copy.xlsx"
    path.write_bytes(workbook(sheet, datetime.now(UTC)))
    same = await import_workbook(studio.desk, batch, path, "Ben")
    assert (same.changed, same.kept, same.unknown, same.unchanged) == (0, 0, 0, len(sheet["ebay"]))
    await studio.desk.write(title, 1, "Tidbit, changed here", "Jana")
    assert (await import_workbook(studio.desk, batch, path, "Ben")).unchanged == len(sheet["ebay"])
    assert (await studio.desk.cell(title.id)).text == "Tidbit, changed here"
    for row in sheet["ebay"]:
        row["text"] = {("en-US", "title"): "Tidbit, changed there", ("nl-NL", "title"): "Tidbit voerautomaat"}.get(
            (row["locale"], row["field"]), row["text"])  # fmt: skip
    sheet["ebay"].append({**sheet["ebay"][0], "sku": "X"})
    path.write_bytes(workbook(sheet, read_workbook(path)[1]))
    done = await import_workbook(studio.desk, batch, path, "Ben")
    assert (done.changed, done.kept, done.unknown) == (1, 1, 1)
    assert (await studio.desk.cell(title.id)).text == "Tidbit, changed here"
    assert [text for _, _, text in await studio.desk.cells.comments(title.id)] == ["Tidbit, changed there"]
    dutch = await cell_of(studio, batch_id, "nl-NL", "title")
    assert (dutch.text, dutch.origin, dutch.version) == ("Tidbit voerautomaat", "import", 2)


async def test_files_that_are_no_workbook_of_ours_are_refused_and_change_nothing(studio: Studio) -> None:
    batch_id = await written(studio, "AQ-P-001", ["ebay"], ["en-US"])
    async with marketer(studio) as client:
        for content in (b"", b"no workbook", workbook({"ebay": []}, datetime.now(UTC))[:200]):
            sent = await client.post(f"/studio/batches/{batch_id}/import?name=x.xlsx", content=content, headers=OWN)
            assert sent.status_code == 422
            assert "XLSX" in sent.json()["message"]
        for kind, begins in (("csv", b"\xef\xbb\xbfchannel,sku"), ("xlsx", b"PK")):
            taken = await client.get(f"/studio/batches/{batch_id}/export.{kind}")
            assert taken.content.startswith(begins)
            assert taken.headers["content-disposition"].startswith("attachment")


def test_the_vendored_file_is_that_of_the_package_with_its_licence() -> None:
    static = files("integrations.studio") / "static"
    digest = base64.b64encode(hashlib.sha384((static / "htmx.min.js").read_bytes()).digest()).decode()
    assert digest == "Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"
    assert "Permission to use, copy, modify" in (static / "htmx.LICENSE.txt").read_text("utf-8")


async def test_the_source_offered_is_the_language_of_the_sheet(studio: Studio) -> None:
    sheet = (
        "Artikelnummer;Bezeichnung;Beschreibung\n"
        "WR-1;Wanderrucksack Grathorn;Ein Rucksack mit Regenhülle für lange Touren in den Bergen.\n"
    )
    async with client_of(studio) as client:
        await sign_in(client)
        told = await client.post("/studio/sheets?name=artikel.csv", content=sheet.encode(), headers=OWN)
        page = (await client.get(told.json()["go"].replace("/facts", "/choose"))).text
        assert re.search(r'<option value="de-DE" selected', page)


async def test_progress_brings_how_much_is_flagged(studio: Studio) -> None:
    batch_id = await written(studio, "AQ-P-001", ["ebay"], ["en-US", "nl-NL"])
    async with client_of(studio) as client:
        await sign_in(client)
        count = (await studio.desk.cells.counts(batch_id, "ebay")).flagged
        told = (await client.get(f"/studio/batches/{batch_id}/progress?channel=ebay")).text
        assert count > 0
        assert f"({count})</a>" in told
        assert 'hx-target="#flagged"' in told
