"""`dragoman listing write|check`: drafts from facts, and listings held against channel, law and facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from integrations.cli import Json, listing_app, run
from integrations.cli.out import FINDINGS, USAGE, note, print_json, print_line, stop
from integrations.cli.reading import read_text

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.listings.workshop import Workshop
    from knowledge.facts import Facts
    from knowledge.listings import Draft

Market = Annotated[
    str, typer.Option("--marketplace", "-m", help="amazon, ebay, tiktok_shop, ... (dragoman listing channels).")
]
Locale = Annotated[str, typer.Option("--locale", help="The locale of the text, like de-DE.")]
On = Annotated[str, typer.Option("--on", help="The day to judge by, like 2026-11-30; today without it.")]


def day_of(text: str, as_json: bool) -> date:
    """The day an option names. Ends with an error for one that is none."""
    try:
        return date.fromisoformat(text) if text else date.today()  # noqa: DTZ011  (the marketer's own day)
    except ValueError:
        stop(f"{text!r} is no day. Write it like 2026-11-30.", USAGE, as_json)


def explain(error: Exception, as_json: bool) -> NoReturn:
    """End with an error we know the words for."""
    stop(str(error), USAGE, as_json)


def known_errors() -> tuple[type[Exception], ...]:
    """Errors whose text says what to do."""
    from integrations.listings.tables import FileUnreadable
    from knowledge.facts.reading import FactsUnreadable
    from knowledge.marketplaces import MarketplaceUnknown, OverrideWrong
    from knowledge.phrasing import LanguageUnworded
    from tools.listings.voice import VoiceWrong

    return (FileUnreadable, FactsUnreadable, MarketplaceUnknown, OverrideWrong, LanguageUnworded, VoiceWrong)


def check_locale(locale: str, as_json: bool) -> None:
    """End with an error for a locale that is none."""
    import re

    for part in locale.split(","):
        if part != "all" and not re.fullmatch(
            r"[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?([-_][A-Za-z]{2}|[-_]\d{3})?", part.strip()
        ):
            stop(f"{part!r} is no locale. Write language and country, like de-DE or ja-JP.", USAGE, as_json)


async def open_workshop(dragoman: Dragoman, on: date) -> Workshop:
    """The workshop of the home; an empty home is filled with the demo shop first."""
    from integrations.listings.workshop import Workshop

    await dragoman.filled()
    about = dragoman.shop.facts.get("about") or {}
    return Workshop.of(dragoman.settings.home, await dragoman.shop.products(), str(about.get("brand", "")), on)


@listing_app.command()
def write(  # noqa: PLR0913  (each is an option)
    sku: Annotated[str, typer.Option(help="A product's SKU or id; 'all' for every product of the shop.")],
    marketplace: Market,
    locale: Locale = "en-US",
    facts: Annotated[Path | None, typer.Option(help="Facts from a file in place of the shop's.")] = None,
    model: Annotated[
        bool, typer.Option("--model/--no-model", help="Let the configured model write, checked and revised.")
    ] = False,
    emphasis: Annotated[
        Path | None, typer.Option(help="Reviews or competitors' texts: what to stress. Never taken as facts.")
    ] = None,
    on: On = "",
    as_json: Json = False,
) -> None:
    """Write a listing from attested facts. Every sentence names its facts; what has none is not written.

    Marketplaces and locales may be several, separated by commas, or 'all': with --json a draft a line. Exit code 1
    where a finding blocks.

    Example:  dragoman listing write --sku AQ-P-001 --marketplace amazon --locale de-DE
    """
    day = day_of(on, as_json)
    check_locale(locale, as_json)
    several = any("," in named or named == "all" for named in (sku, marketplace, locale))

    async def work(dragoman: Dragoman) -> None:
        try:
            workshop = await open_workshop(dragoman, day)
            blocked = False
            wanted = _wanted(workshop, sku, facts, day, as_json)
            author = _author(dragoman, workshop, emphasis, as_json) if model else None
            for held, market, tongue in _combined(workshop, wanted, marketplace, locale, day):
                draft = (
                    await author.write(held, market, tongue, day)
                    if author
                    else workshop.write(held, market, tongue, day)
                )
                show_draft(draft, as_json)
                blocked |= draft.is_blocked
        except known_errors() as error:
            explain(error, as_json)
        if blocked:
            raise SystemExit(FINDINGS)

    if several and not as_json:
        note("Several drafts: --json gives one a line, dragoman listing export a file.")
    run(work, as_json)


def _combined(
    workshop: Workshop, wanted: list[Facts], marketplace: str, locale: str, day: date
) -> Iterator[tuple[Facts, Any, str]]:
    from integrations.listings.workshop import meant_locales, meant_markets

    markets, locales = list(meant_markets(marketplace, workshop, day)), meant_locales(locale)
    yield from ((held, market, tongue) for held in wanted for market in markets for tongue in locales)


def _wanted(workshop: Workshop, sku: str, path: Path | None, day: date, as_json: bool) -> list[Facts]:
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


def _author(dragoman: Dragoman, workshop: Workshop, emphasis: Path | None, as_json: bool) -> Any:
    from integrations.listings.author import open_author

    if not dragoman.settings.served_models:
        stop("No model is configured: set DRAGOMAN_MODEL=openai:<name>, or leave --model out.", USAGE, as_json)
    return open_author(dragoman.serving, workshop, read_text(emphasis, as_json) if emphasis else "")


@listing_app.command()
def check(  # noqa: PLR0913  (each is an option)
    file: Annotated[Path, typer.Argument(help="A listing, or several: JSON, JSON Lines, YAML, CSV or XLSX.")],
    marketplace: Annotated[
        str, typer.Option("--marketplace", "-m", help="The channel; without it, the one each listing names.")
    ] = "",
    locale: Annotated[
        str,
        typer.Option("--locale", help="The locale of the text, like de-DE; without it, the one each listing names."),
    ] = "",
    facts: Annotated[
        Path | None, typer.Option(help="The product's facts: JSON, YAML, CSV or XLSX. Without it, the shop's.")
    ] = None,
    brand: Annotated[
        list[str] | None, typer.Option(help="Another maker's name that must not stand in it; may be repeated.")
    ] = None,
    limits: Annotated[Path | None, typer.Option(help="Live limits over the channel's own: TOML or JSON.")] = None,
    on: On = "",
    as_json: Json = False,
) -> None:
    """Check listings: the channel's limits and words, claims; every figure, unit, certificate and brand against facts.

    Exit code 1 where there are findings. Several listings with --json: an object a line.

    Example:  dragoman listing check listing.json --marketplace amazon --locale de-DE --facts facts.json
    """
    from integrations.listings.checking import Bench, check_file

    day = day_of(on, as_json)
    if locale:
        check_locale(locale, as_json)
    bench = Bench(_home(as_json), (marketplace, locale), facts, tuple(brand or ()), limits, day)
    found = False
    try:
        for draft in check_file(bench, file):
            show_draft(draft, as_json)
            found |= bool(draft.findings)
    except known_errors() as error:
        explain(error, as_json)
    if found:
        raise SystemExit(FINDINGS)


def _home(as_json: bool) -> Path:
    from integrations.settings import SettingsWrong, read_settings

    try:
        return read_settings().home
    except SettingsWrong as error:
        stop(str(error), USAGE, as_json)


def show_draft(draft: Draft, as_json: bool) -> None:
    """A draft for a program, or for people."""
    if as_json:
        print_json({"ok": not draft.findings, **draft.told()})
        return
    print_line(f"{draft.product_id or 'listing'} · {draft.marketplace} · {draft.locale} · {draft.on}")
    for name, held in draft.fields.items():
        print_line(f"\n{name}")
        entries = held if isinstance(held, list) else [held]
        for entry in entries:
            print_line(f"  {'• ' if isinstance(held, list) else ''}{_shown(entry)}")
    print_line()
    for missing in draft.missing:
        print_line(f"missing: {missing.field}: {missing.why}")
    advice = [finding for finding in draft.advice if finding.rule != "limit.required"]
    for heading, told in (("to note:", advice), ("to mend:", draft.findings)):
        for line in [heading, *(line for finding in told for line in finding.lines())] if told else ():
            print_line(line)
    for version in draft.versions[1:]:
        print_line(f"version {version.name}: {version.difference} {version.fields.get('title', '')}")
    print_line("No findings." if not draft.findings else f"{len(draft.findings)} findings.")


def _shown(entry: Any) -> str:
    if isinstance(entry, dict):
        return "; ".join(f"{key}: {_shown(value)}" for key, value in entry.items())
    return str(entry)
