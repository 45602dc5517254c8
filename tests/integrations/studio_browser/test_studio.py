"""The copy studio in a real browser: from a sheet to a workbook and back, by keyboard, for everyone, in two tabs."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, Route, expect

from integrations.studio.counting import wide_ranges
from integrations.studio.reader import Reader
from knowledge.phrasing.measure import length
from tests.integrations.chromium import watched
from tests.integrations.widget_browser.test_access import RULES

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
SHEET = "sku,name,brand,material,weight_g,power_w,drop_mm\nN-1,Duskling Lamp,Norvo,Brass,620,5,6\n=N-2,@Torch,Norvo,Steel,100,3,1\nAQ-P-001,,,,,,\n"

Enter = Callable[..., BrowserContext]


def violations(page: Page) -> list[str]:
    """What axe finds, once the page is laid out with its fonts."""
    page.evaluate(
        "async () => { await document.fonts.ready; for (const _ of [1, 2]) await new Promise(requestAnimationFrame) }"
    )
    found = page.evaluate(
        f"async rules => {{ {AXE}; return (await axe.run(document, {{ runOnly: {{ type: 'tag', values: rules }},"
        " resultTypes: ['violations'] })).violations }",
        RULES,
    )
    return [
        f"{rule['id']}: {rule['nodes'][0]['html'][:160]} {rule['nodes'][0]['failureSummary'][:300]}" for rule in found
    ]


def cell(page: Page, locale: str, field: str, at: int = 0):  # type: ignore[no-untyped-def]
    return page.locator(f'.cell[data-locale="{locale}"][data-field="{field}"]').nth(at)


def settled(page: Page) -> None:
    """Wait until nothing is being saved."""
    expect(page.locator(".note")).to_have_count(0)


def open_grid(page: Page, address: str, home: Path) -> None:
    page.goto(f"{address}/studio/batches/{(home / 'batch.id').read_text()}")
    page.wait_for_selector(".cell .text")


def begin_batch(page: Page, address: str, tmp_path: Path, locale: str) -> Reader:
    """Upload a sheet and have it written for eBay, in German and another locale."""
    words = Reader(locale[:2])
    (tmp_path / "facts.csv").write_text(SHEET, "utf-8")
    page.goto(f"{address}/studio?locale={locale}")
    page.locator("input[data-upload]").set_input_files(tmp_path / "facts.csv")
    expect(page.locator("#counts")).to_have_text(words.say("counts", found=3, ready=3, missing=0, duplicate=0))
    page.click("#next")
    page.check('input[value="ebay"]')
    page.check('input[value="de-DE"]')
    page.uncheck('input[value="ja-JP"]')
    page.click(".choosing > .button")
    expect(page.locator("#progress")).to_contain_text(words.say("progress", done=6, total=6), timeout=90_000)
    expect(page.locator(".absent.waits")).to_have_count(0)
    return words


def write_in(page: Page, locale: str, field: str, more: str) -> None:
    """Write more at the end of a text, and wait until it is judged."""
    cell(page, locale, field).locator(".text").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(more)
    expect(cell(page, locale, field).locator(".chip.block").first).to_be_visible()
    settled(page)


@pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
def test_from_a_sheet_to_a_workbook_and_back_unchanged(
    marketer: Enter, address: str, tmp_path: Path, locale: str
) -> None:
    page = marketer(locale=locale, accept_downloads=True).new_page()
    complaints = watched(page)
    words = begin_batch(page, address, tmp_path, locale)

    write_in(page, "de-DE", "title", ", klimaneutral")
    page.keyboard.press("Alt+Enter")
    expect(cell(page, "de-DE", "title").locator(".chip.block")).to_have_count(0)
    expect(page.locator("textarea.writing")).not_to_have_value(re.compile("klimaneutral"))
    write_in(page, "en-US", "description", " It holds 99 litres.")
    expect(page.locator(".finding.block")).to_contain_text("99 litres")
    page.locator("#inspector .fix").first.click()
    expect(cell(page, "en-US", "description").locator(".chip.block")).to_have_count(0)
    expect(page.locator("#inspector .finding.block")).to_have_count(0)

    cell(page, "de-DE", "title").locator(".text").click()
    page.keyboard.press("Control+Enter")
    expect(cell(page, "de-DE", "title").locator(".decided")).to_contain_text("Jana")
    page.click(".bar .button")
    page.click("#approve-clean")
    expect(page.locator(".kinds [aria-current]")).to_contain_text(words.say("approved")[1:])
    with page.expect_download() as taken:
        page.click("#export")
    held = tmp_path / "copy.xlsx"
    taken.value.save_as(held)
    rows = list(load_workbook(held)["ebay"].iter_rows(values_only=True))
    assert rows[0] == (
        "sku",
        "locale",
        "field",
        "text",
        "chars",
        "limit",
        "flags",
        "facts",
        "model",
        "ai_generated",
        "approved_by",
        "approved_at",
    )
    assert {row[10] for row in rows[1:]} == {"Jana"}
    assert "'=N-2" in {row[0] for row in rows}
    page.locator("input[data-upload]").set_input_files(held)
    expect(page.locator("#said")).to_have_text(
        words.say("imported", unchanged=len(rows) - 1, changed=0, kept=0, unknown=0)
    )
    assert complaints == []


def test_an_edited_workbook_comes_back_as_edits_with_history(
    marketer: Enter, address: str, home: Path, tmp_path: Path
) -> None:
    page = marketer(accept_downloads=True).new_page()
    complaints = watched(page)
    open_grid(page, address, home)
    page.click(".bar .button")
    with page.expect_download() as taken:
        page.click("#export")
    taken.value.save_as(tmp_path / "copy.xlsx")
    book = load_workbook(tmp_path / "copy.xlsx")
    sheet = book["ebay"]
    sheet.cell(2, 4).value = "Amberquay Tidbit, edited <i>elsewhere</i>"
    book.save(tmp_path / "edited.xlsx")
    page.locator("input[data-upload]").set_input_files(tmp_path / "edited.xlsx")
    expect(page.locator("#said")).to_contain_text("1 changed")
    open_grid(page, address, home)
    changed = page.locator(".cell", has_text="edited <i>elsewhere</i>").first
    changed.locator(".text").click()
    expect(page.locator("#inspector ol li").first).to_contain_text("import")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".cell", has_text="elsewhere")).to_have_count(0)
    assert complaints == []


def test_who_is_faster_than_the_script_loses_nothing(marketer: Enter, address: str, home: Path, tmp_path: Path) -> None:
    page = marketer(accept_downloads=True).new_page()
    held: list[Route] = []
    page.route("**/studio.js*", lambda route: held.append(route))
    page.goto(f"{address}/studio/batches/{(home / 'batch.id').read_text()}/review?only=all", wait_until="commit")
    with page.expect_download() as taken:
        page.click("#export")
    taken.value.save_as(tmp_path / "copy.xlsx")
    page.locator("input[data-upload]").set_input_files(tmp_path / "copy.xlsx")
    held[0].continue_()
    page.unroute("**/studio.js*")
    expect(page.locator("#said")).to_contain_text("unchanged")


def test_the_whole_grid_by_keyboard(marketer: Enter, address: str, home: Path) -> None:
    page = marketer().new_page()
    complaints = watched(page)
    open_grid(page, address, home)
    order = page.evaluate("() => [...document.querySelectorAll('.cell')].map(e => e.id)")
    page.locator(".cell .text").first.focus()
    for expected in order[1:6]:
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.closest('.cell').id") == expected
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.closest('.cell').id") == order[4]
    page.keyboard.press("Alt+ArrowDown")
    assert "flagged" in page.evaluate("() => document.activeElement.closest('.cell').className")
    page.keyboard.press("Alt+ArrowUp")
    page.locator(".cell .text").first.focus()
    expect(page.locator("#inspector")).to_have_attribute("data-about", order[0][1:])
    page.keyboard.press("Escape")
    expect(page.locator("#inspector")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.closest('.cell').id") == order[0]
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"#{order[0]} .decided")).to_contain_text("Jana")
    assert page.evaluate("() => document.activeElement.closest('.cell').id") == order[1]
    assert complaints == []


def test_two_who_write_at_one_text_see_both(marketer: Enter, address: str, home: Path) -> None:
    one, other = marketer("Jana").new_page(), marketer("Ben").new_page()
    for page in (one, other):
        open_grid(page, address, home)
    field = cell(one, "de-DE", "subtitle")
    field.locator(".text").click()
    one.keyboard.type("Jana writes. ")
    settled(one)
    expect(one.locator(".history, #inspector ol li").first).to_contain_text("Jana")
    cell(other, "de-DE", "subtitle").locator(".text").click()
    other.keyboard.type("Ben writes. ")
    clash = other.locator(".clash")
    expect(clash).to_contain_text("Jana writes.")
    expect(clash).to_contain_text("Ben writes.")
    clash.get_by_role("button", name="Keep mine").click()
    expect(cell(other, "de-DE", "subtitle").locator(".text")).to_contain_text("Ben writes.")
    expect(other.locator(".clash")).to_have_count(0)
    one.reload()
    expect(cell(one, "de-DE", "subtitle").locator(".text")).to_contain_text("Ben writes.")


@pytest.mark.parametrize(("locale", "scheme", "size"), [
    ("en-US", "light", (1440, 900)), ("ar-SA", "dark", (1440, 900)), pytest.param("de-DE", "light", (390, 780), marks=pytest.mark.prove), pytest.param("ja-JP", "dark", (1100, 800), marks=pytest.mark.prove),
])  # fmt: skip
def test_axe_finds_nothing_in_any_state(
    marketer: Enter, address: str, home: Path, locale: str, scheme: str, size: tuple[int, int]
) -> None:
    context = marketer(
        locale=locale, color_scheme=scheme, viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
    )
    page = context.new_page()
    batch = f"{address}/studio/batches/{(home / 'batch.id').read_text()}"
    for path in (
        f"{address}/studio",
        f"{batch}/facts",
        f"{batch}/choose",
        f"{batch}/review?only=all",
        f"{batch}/grid?only=flagged",
        f"{batch}/grid",
    ):
        page.goto(path)
        assert violations(page) == [], path
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("html").get_attribute("dir") == ("rtl" if locale == "ar-SA" else "ltr")
    cell(page, "de-DE", "title").locator(".text").focus()
    page.keyboard.type("klimaneutral ")
    expect(page.locator("#inspector .finding.block").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=Reader(locale[:2]).say("undo")).click()
    if locale == "ar-SA":
        first, second = (page.locator(".row.head > *").nth(place).bounding_box() for place in (0, 1))
        assert first is not None
        assert second is not None
        assert first["x"] > second["x"]
    anybody = page.context.browser.new_page(locale=locale)  # type: ignore[union-attr]
    anybody.goto(f"{address}/studio")
    assert violations(anybody) == []
    anybody.close()


def test_the_browser_counts_as_the_channel_does(marketer: Enter, address: str, home: Path) -> None:
    page = marketer().new_page()
    open_grid(page, address, home)
    chance = random.Random(8)
    letters = "aÄßéя字かｱＡ한ا🙂👨‍👩‍👧 \n1½…"
    texts = ["".join(chance.choices(letters, k=chance.randrange(1, 40))) for _ in range(300)]
    told = page.evaluate(
        "async ([texts, wide]) => { const { count } = await import('/studio/static/studio.js');"
        " return ['characters', 'bytes', 'full-width'].map(unit => texts.map(text => count(text, unit, wide))) }",
        [texts, [list(pair) for pair in wide_ranges()]],
    )
    assert told == [[length(text, unit) for text in texts] for unit in ("characters", "bytes", "full-width")]  # type: ignore[arg-type]


def test_facts_behind_words_are_told_on_hover_and_a_hostile_sheet_stays_text(
    marketer: Enter, address: str, tmp_path: Path
) -> None:
    page = marketer().new_page()
    complaints = watched(page)
    hostile = "<img src=x onerror=alert(1)>"
    sheet = [
        {
            "sku": f"X{hostile}",
            "name": f"Lamp {hostile}",
            "brand": "Norvo",
            "power_w": 5,
            "material": "</td></tr><script>alert(1)</script>",
        }
    ]
    (tmp_path / "x.json").write_text(json.dumps(sheet), "utf-8")
    page.goto(f"{address}/studio")
    page.locator("input[data-upload]").set_input_files(tmp_path / "x.json")
    page.click("#next")
    page.check('input[value="ebay"]')
    page.click(".choosing > .button")
    page.wait_for_selector(".cell .text")
    page.locator(".cell .borne", has_text="5 W").first.hover()
    expect(page.locator("#tip")).to_contain_text("power_w = 5 · x.json")
    cell(page, "en-US", "title").locator(".text").click()
    page.keyboard.type(hostile)
    settled(page)
    page.fill(".comment textarea", hostile)
    page.click(".comment button")
    expect(page.locator("#inspector .plain-list").first).to_be_visible()
    expect(page.locator("main img, main script, main iframe")).to_have_count(0)
    expect(page.locator(".group h2")).to_contain_text(hostile)
    assert complaints == []
