"""How fluid the copy studio's grid is in a real browser, with 1,000 SKUs in 12 locales: the first screen, and the
longest task of the page while somebody scrolls through it and types into it.

Run: .venv/bin/python -m benchmarks.studio
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.database.studio_batches import Entry
from integrations.listings.drafts import ShopDrafts
from integrations.listings.facts_files import told_facts
from integrations.settings import Settings
from integrations.studio.judging import cells_of

KEY = "a-key-of-at-least-sixteen-bytes"
LOCALES = ("en-US", "de-DE", "fr-FR", "es-ES", "pt-BR", "ja-JP", "zh-CN", "ar-SA", "id-ID", "en-GB", "de-AT", "fr-CA")
DAY = datetime.now(UTC).date()

WATCH = """() => { window.tasks = []; new PerformanceObserver(list => { for (const entry of list.getEntries())
  window.tasks.push(Math.round(entry.duration)); }).observe({ type: 'longtask', buffered: false }); }"""


async def fill(home: Path, products: int, locales: Sequence[str] = LOCALES) -> str:
    """A batch of so many SKUs, each with a real draft for Amazon in each locale; a few drafts serve them all."""
    async with open_dragoman(Settings(home=home)) as dragoman:
        await dragoman.ready()
        return await _fill(dragoman, products, locales)


async def _fill(dragoman: Dragoman, products: int, locales: Sequence[str]) -> str:
    workshop = await ShopDrafts(dragoman.settings.home, dragoman.shop).workshop()
    known = list(workshop.facts.values())[:4]
    market = workshop.market("amazon", DAY)
    drafts = {(f.product_id, locale): workshop.write(f, market, locale, DAY) for f in known for locale in locales}
    batches, cells = dragoman.studio
    entries = [
        Entry(f"SKU-{n:05d}", str(known[n % 4].value("name")), "ready", told_facts(known[n % 4]))
        for n in range(products)
    ]
    batch_id = await batches.make(f"{products} SKUs", "Jana", entries)
    await batches.begin(batch_id, ["amazon"], locales, "templates")
    while slots := await batches.waiting(batch_id, 500):
        for slot in slots:
            facts = known[slot.position % 4]
            made, done = cells_of(drafts[facts.product_id, slot.locale], slot, facts, market)
            await cells.keep(done, [replace(cell, batch_id=batch_id) for cell in made], "templates")
    await batches.turn(batch_id, "ready", ("filling",))
    return batch_id


def sign_in(page: Any, address: str) -> None:
    """Come in as a marketer does."""
    page.goto(f"{address}/studio/sign-in")
    page.fill("#name", "Jana")
    page.fill("#key", KEY)
    page.click("form .button")


def measure(page: Any, address: str, batch_id: str, rounds: int = 5) -> dict[str, float]:
    """Milliseconds: the median of the first screen (the first text of the grid is painted), and the longest tasks while
    scrolling and while typing (0: none over 50 ms).
    """
    first = [_first_screen(page, f"{address}/studio/batches/{batch_id}/grid?page={n + 1}") for n in range(rounds)]
    page.wait_for_load_state("domcontentloaded")  # groups still come in when the first text is painted
    loaded = page.evaluate("() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    _scroll(page)
    scrolling = page.evaluate("() => window.tasks.splice(0)")
    _type(page)
    typing = page.evaluate("() => window.tasks.splice(0)")
    return {"first_screen": statistics.median(first), "loaded": loaded, "scrolling": max(scrolling, default=0),
            "typing": max(typing, default=0), "cells": page.locator(".cell").count()}  # fmt: skip


def _first_screen(page: Any, url: str) -> float:
    page.goto(url, wait_until="commit")
    page.wait_for_selector(".cell .text")  # the first group
    return float(
        page.evaluate("""() => new Promise(done => requestAnimationFrame(() => setTimeout(() =>
        done(performance.now()), 0)))""")
    )


def _scroll(page: Any) -> None:
    page.mouse.move(500, 500)
    for _ in range(60):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(30)
    for _ in range(20):
        page.mouse.wheel(300, 0)
        page.wait_for_timeout(30)


def _type(page: Any) -> None:
    page.locator(".cell .text").nth(40).focus()
    page.wait_for_timeout(600)
    for place in range(6):
        page.keyboard.press("Control+End")
        page.keyboard.type(f" and {place} more words to say", delay=25)
        page.keyboard.press("Tab")
    page.wait_for_timeout(1500)


def main() -> None:
    """Print the figures."""
    from playwright.sync_api import sync_playwright

    from tests.integrations.live_server import serve

    home = Path(tempfile.mkdtemp(prefix="studio-"))
    try:
        batch_id = asyncio.run(fill(home, 1000))
        with serve(home, DRAGOMAN_API_KEY=KEY) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            sign_in(page, served.address)
            told = measure(page, served.address, batch_id)
            browser.close()
    finally:
        shutil.rmtree(home)
    print(f"1,000 SKUs x {len(LOCALES)} locales, {told['cells']:g} texts on a page")
    print(f"first screen   {told['first_screen']:7.0f} ms, whole page {told['loaded']:.0f} ms")
    print(f"longest task   {told['scrolling']:7.0f} ms scrolling, {told['typing']:.0f} ms typing (0: none over 50)")


if __name__ == "__main__":
    main()
