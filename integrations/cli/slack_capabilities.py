"""What `/dragoman claims` and `/dragoman listing` do in Slack: the same checks and drafts as the command line's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.slack.capabilities import Capability, Progress, Result
    from knowledge.findings import Finding
    from knowledge.listings import Draft

PLACED = re.compile(r"\s*([a-z]{2}(?:\+\w+)*)\s+([a-z]{2,3}[-_][a-z]{2})(?!\S)\s*", re.IGNORECASE)
"""Where a text is shown, and its language and place, said before it: 'DE de-DE Klimaneutrale Socken'."""

ANYWHERE = "EU+US+UK"
"""Where a text is taken to be shown when nobody says."""


def capabilities_of(dragoman: Dragoman) -> dict[str, Capability]:
    """What `/dragoman NAME` can do besides: an entry a capability. Those of PLANNED that have none say so."""
    from integrations.cli.slack_localize import SEND, asked_of, localized
    from integrations.slack.capabilities import PLANNED, Capability, Result

    async def listing(text: str) -> AsyncIterator[Progress | Result]:
        async for step in _draft(dragoman, text):
            yield step

    async def localize(text: str) -> AsyncIterator[Progress | Result]:
        locales, _ = asked_of(text)
        yield Result("Send me the sheet", SEND.format(locales=", ".join(locales)))

    async def localize_sheet(text: str, name: str, data: bytes) -> AsyncIterator[Progress | Result]:
        async for step in localized(dragoman, text, name, data):
            yield step

    usage = "localize LOCALES [on MARKETPLACE], like: localize de-DE, ja-JP; with the sheet in the same channel"

    async def campaign(text: str) -> AsyncIterator[Progress | Result]:
        yield await _campaign(dragoman, text)

    return {
        "localize": Capability("localize", usage, localize, run_file=localize_sheet),
        "claims": Capability("claims", "claims [PLACE LOCALE] TEXT, like: claims DE de-DE Grüne Socken", _claims),
        "listing": Capability("listing", PLANNED["listing"], listing),
        "copy": Capability("copy", "copy KIND SKU LOCALE [CHANNEL]: an ad, script, mail or posts", campaign),
    }  # fmt: skip


async def _claims(text: str) -> AsyncIterator[Progress | Result]:
    from integrations.cli.out import counted
    from integrations.slack.capabilities import Result
    from knowledge.language import detect_language
    from tools.claims import check_claims

    placed = PLACED.match(text)
    copy = text[placed.end() :] if placed else text
    if not copy.strip():
        raise ValueError("Give the text to check.")
    place, locale = _placed(*placed.groups()) if placed else (ANYWHERE, detect_language(text).language or "en")
    found = await asyncio.to_thread(check_claims, copy, place, locale)
    title = counted(len(found), "finding") if found else "Nothing found"
    shown = f"Held to the rules of {place} ({locale}). Not legal advice.\n\n> {copy}"
    yield Result(title, shown, findings=tuple(map(_worded, found)))


def _placed(places: str, locale: str) -> tuple[str, str]:
    """Places and a locale as they are named, however they were typed: DE+amazon, de-DE. Raises ValueError."""
    from integrations.localization.bureau import checked_locale

    named = (part.upper() if len(part) == len("DE") else part.lower() for part in places.split("+"))
    return "+".join(named), checked_locale(locale)


def _worded(finding: Finding) -> str:
    place, *more = finding.lines()
    return "\n".join([f"{finding.severity}: {place[3:]}", *more])


async def _draft(dragoman: Dragoman, text: str) -> AsyncIterator[Progress | Result]:
    from integrations.listings.drafts import ShopDrafts
    from integrations.listings.exports import as_workbook
    from integrations.slack.capabilities import Progress, Result
    from tools.context import DraftRefused

    try:
        product, marketplace, locale = text.split()
    except ValueError:
        raise ValueError("Give a product or SKU, a marketplace and a locale.") from None
    yield Progress(0, 1, "Writing")
    drafts = ShopDrafts(dragoman.settings.home, dragoman.shop)
    try:
        written = await drafts.written(product, marketplace, locale)
    except DraftRefused as refusal:
        raise ValueError(str(refusal)) from refusal
    draft, name = written[0], f"{product}-{marketplace}-{locale}.xlsx"
    book = await asyncio.to_thread(as_workbook, [written])
    found = tuple(map(_worded, draft.findings))
    missing = tuple(f"missing: {entry.field}: {entry.why}" for entry in draft.missing)
    yield Result(f"{product} for {marketplace}, {locale}", _fields(draft), name, book, found + missing)


async def _campaign(dragoman: Dragoman, text: str) -> Result:
    from integrations.cli.copy import lines_of
    from integrations.listings.drafts import ShopDrafts
    from integrations.slack.capabilities import Result
    from knowledge.findings import Finding
    from tools.context import DraftRefused

    kind, product, locale, channel = [*text.split(), "", "", "", ""][:4]
    if not locale:
        raise ValueError("Give a kind, a product or SKU, and a locale, like: search_ad AQ-P-001 de-DE")
    try:
        told = await ShopDrafts(dragoman.settings.home, dragoman.shop).copy(kind, product, locale, channel)
    except DraftRefused as refusal:
        raise ValueError(str(refusal)) from refusal
    shown = [f"**{name}**\n" + "\n".join(lines_of(held)) for name, held in told["fields"].items()]
    found = tuple(_worded(Finding(**finding)) for finding in told["findings"])
    missing = tuple(f"missing: {entry['field']}: {entry['why']}" for entry in told["missing"])
    return Result(f"{kind} of {product}, {locale}", "\n\n".join(shown), findings=found + missing)


def _fields(draft: Draft) -> str:
    """The fields people read first."""
    texts = {name: held for name, held in draft.fields.items() if isinstance(held, str)}
    lists = {name: held for name, held in draft.fields.items() if isinstance(held, list) and name == "bullets"}
    shown = [f"**{name}**\n{held}" for name, held in texts.items()]
    shown += [f"**{name}**\n" + "\n".join(f"- {entry}" for entry in held) for name, held in lists.items()]
    return "\n\n".join(shown)
