"""What `localize` does in Slack: a sheet in, its texts in other locales and the workbook for review out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.localization.work import Localized
    from integrations.slack.capabilities import Progress, Result

MOST_CELLS = 400
"""Texts times locales that are localized while somebody waits; more is work for the command line."""

SEND = (
    "Slack's commands carry no files. Put the sheet (CSV, XLSX, JSON, PO, XLIFF or HTML) into a channel I am in, then"
    " use the command there; or send it to me directly, or mention me with it, and say: localize to {locales}"
)


def asked_of(text: str) -> tuple[list[str], str]:
    """The locales and the marketplace that a text names: 'to de-DE, ja-JP on amazon'. Raises ValueError."""
    from integrations.localization.bureau import checked_locale

    named, _, channel = re.sub(r"^(to|into)\b", "", text.strip(), flags=re.IGNORECASE).partition(" on ")
    parts = [part for part in re.split(r"[,;\s]+|\band\b", named) if part]
    if not parts:
        raise ValueError("Say into which locales, like: localize to de-DE, ja-JP")
    return [checked_locale(part) for part in dict.fromkeys(parts)], channel.strip()


async def localized(dragoman: Dragoman, text: str, name: str, data: bytes) -> AsyncIterator[Progress | Result]:
    """Localize a sheet, telling how far it is. Raises ValueError in words for what cannot be done."""
    from integrations.localization.bureau import WRONG
    from integrations.localization.documents import open_document
    from integrations.localization.shown import Shown
    from integrations.localization.work import localize_document
    from integrations.slack.capabilities import Progress
    from knowledge.claims.places import PlaceUnknown

    locales, channel = asked_of(text)
    try:
        document = await asyncio.to_thread(open_document, Path(name), locales, (), "en-US", data)
        total = len(document.segments) * len(locales)
        if not total:
            raise ValueError(f"{name} has no text that I could tell from codes and prices.")
        if total > MOST_CELLS:
            raise ValueError(f"That is {total:,} texts, more than {MOST_CELLS}: use  dragoman localize  for it.")
        steps: asyncio.Queue[int] = asyncio.Queue()
        shown, tell = Shown(marketplace=channel), lambda done, _: steps.put_nowait(done)
        work = asyncio.create_task(localize_document(dragoman.bureau(), document, locales, shown, tell))
        async for done in _until(work, steps):
            yield Progress(done, total, "Localizing")
        yield await asyncio.to_thread(_result, work.result(), Path(name))
    except (*WRONG, PlaceUnknown) as error:
        raise ValueError(str(error)) from error


async def _until(work: asyncio.Task[Localized], steps: asyncio.Queue[int]) -> AsyncIterator[int]:
    """How far some work is, each time it says so, until it ends; left early, it is given up."""
    try:
        while not work.done():
            waiting = asyncio.create_task(steps.get())
            await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                yield waiting.result()
            waiting.cancel()
    finally:
        work.cancel()


def _result(localized: Localized, path: Path) -> Result:
    from integrations.slack.capabilities import Result

    files, lines = localized.files, []
    for locale, held in localized.told().items():
        origins = ", ".join(f"{count} {name}" for name, count in sorted(held["origins"].items()))
        lines.append(f"**{locale}**: {held['texts']} texts: {origins}; {held['blocked']} held back by a check")
    named = {key: f"{path.stem}.{key or 'localized'}{path.suffix}" for key in files}
    found = [f"{one.locale} {one.segment}: {finding.why} [{finding.rule}]"
             for held in localized.renderings.values() for one in held for finding in one.findings
             if finding.severity != "info" and finding.rule != "l10n.missing"]  # fmt: skip
    title, review = f"{path.name} in {', '.join(localized.renderings)}", f"{path.stem}.review.xlsx"
    more = tuple((named[key], data) for key, data in files.items())
    return Result(title, "\n".join(lines), review, localized.review(), tuple(found), more)
