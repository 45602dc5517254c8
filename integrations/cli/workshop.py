"""What commands about products share: options, the workshop of the home, products and channels that are meant, and what
goes wrong with them in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli.out import USAGE, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.listings.workshop import Workshop
    from knowledge.facts import Facts

Market = Annotated[
    str,
    typer.Option(
        "--marketplace",
        "-m",
        help="Channels, separated by commas, or all: amazon, ebay, … (dragoman listing channels).",
    ),
]
Locales = Annotated[str, typer.Option("--locale", help="Locales, separated by commas, or all.")]
Skus = Annotated[str, typer.Option("--sku", help="SKUs or ids of products, separated by commas, or all.")]
FactsFile = Annotated[Path | None, typer.Option("--facts", help="Facts from a file in place of the shop's.")]
Model = Annotated[bool, typer.Option("--model/--no-model", help="Let the configured model write, checked and revised.")]
On = Annotated[str, typer.Option("--on", help="The day to judge by, like 2026-11-30; today without it.")]


def day_of(text: str, as_json: bool) -> date:
    """The day an option names. Ends with an error for one that is none."""
    try:
        return date.fromisoformat(text) if text else date.today()  # noqa: DTZ011  (the marketer's own day)
    except ValueError:
        stop(f"{text!r} is no day. Write it like 2026-11-30.", USAGE, as_json)


@contextmanager
def explained(as_json: bool) -> Iterator[None]:
    """End with an error where what is done fails in a way whose text says what to do."""
    try:
        yield
    except _known_errors() as error:
        stop(str(error), USAGE, as_json)


def _known_errors() -> tuple[type[Exception], ...]:
    from integrations.listings.exports import NoSuchFormat
    from integrations.listings.tables import FileUnreadable
    from knowledge.facts.reading import FactsUnreadable
    from knowledge.marketplaces import MarketplaceUnknown, OverrideWrong
    from knowledge.phrasing import LanguageUnworded
    from tools.copywriting.catalogue import CopyUnknown
    from tools.listings.voice import VoiceWrong

    unknown = (MarketplaceUnknown, CopyUnknown, LanguageUnworded, NoSuchFormat)
    return (FileUnreadable, FactsUnreadable, OverrideWrong, VoiceWrong, *unknown)


def check_locale(locale: str, as_json: bool) -> None:
    """End with an error for a locale that is none."""
    import re

    for part in locale.split(","):
        if part != "all" and not re.fullmatch(
            r"[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?([-_][A-Za-z]{2}|[-_]\d{3})?", part.strip()
        ):
            stop(f"{part!r} is no locale. Write language and country, like de-DE or ja-JP.", USAGE, as_json)


def need_model(dragoman: Dragoman, as_json: bool) -> None:
    """End with an error where no model is configured that could write."""
    if not dragoman.settings.served_models:
        stop("No model is configured: set DRAGOMAN_MODEL=openai:NAME, or leave --model out.", USAGE, as_json)


async def open_workshop(dragoman: Dragoman, on: date) -> Workshop:
    """The workshop of the home; an empty home is filled with the demo shop first."""
    from integrations.listings.workshop import Workshop

    await dragoman.filled()
    about = dragoman.shop.facts.get("about") or {}
    return Workshop.of(dragoman.settings.home, await dragoman.shop.products(), str(about.get("brand", "")), on)


def combined(
    workshop: Workshop, products: list[Facts], marketplace: str, locale: str, day: date
) -> Iterator[tuple[Facts, Any, str]]:
    """Each product in each of the marketplaces and locales named."""
    from integrations.listings.workshop import meant_locales, meant_markets

    markets, locales = list(meant_markets(marketplace, workshop, day)), meant_locales(locale)
    yield from ((held, market, tongue) for held in products for market in markets for tongue in locales)


def wanted(workshop: Workshop, sku: str, path: Path | None, day: date, as_json: bool) -> list[Facts]:
    """The products meant, of the file or else of the shop."""
    if path is not None:
        from integrations.listings.facts_files import read_facts

        workshop.facts = {held.product_id: held for held in read_facts(path, day)}
        if len(workshop.facts) == 1 and sku != "all":
            return list(workshop.facts.values())
    if sku == "all":
        return list(workshop.facts.values())
    found = [(key, workshop.find(key)) for key in sku.split(",")]
    unknown = [key for key, held in found if held is None]
    if unknown:
        known = ", ".join(list(workshop.facts)[:3])
        stop(f"There is no product {', '.join(unknown)}. Its id or a SKU is wanted, like {known}.", USAGE, as_json)
    return [held for _, held in found if held]
