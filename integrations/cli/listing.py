"""`dragoman listing write|check`: drafts from facts, and listings held against channel, law and facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, listing_app, read_home, run
from integrations.cli.out import FINDINGS, counted, note, print_json, print_line
from integrations.cli.reading import read_text
from integrations.cli.workshop import (
    FactsFile,
    Locales,
    Market,
    Model,
    On,
    Skus,
    check_locale,
    combined,
    day_of,
    explained,
    need_model,
    open_workshop,
    wanted,
)

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.listings.workshop import Workshop
    from knowledge.listings import Draft


@listing_app.command()
def write(  # noqa: PLR0913  (each is an option)
    sku: Skus,
    marketplace: Market,
    locale: Locales = "en-US",
    facts: FactsFile = None,
    model: Model = False,
    emphasis: Annotated[
        Path | None, typer.Option(help="Reviews or competitors' texts: what to stress. Never taken as facts.")
    ] = None,
    on: On = "",
    as_json: Json = False,
) -> None:
    """Write a listing from attested facts. Every sentence names its facts; what has none is not written.

    Several with --json: a draft a line. Exit code 1 where a finding blocks.

    \b
    dragoman listing write --sku AQ-P-001 --marketplace amazon --locale de-DE
    """
    day = day_of(on, as_json)
    check_locale(locale, as_json)
    several = any("," in named or named == "all" for named in (sku, marketplace, locale))

    async def work(dragoman: Dragoman) -> None:
        blocked = False
        with explained(as_json):
            workshop = await open_workshop(dragoman, day)
            products = wanted(workshop, sku, facts, day, as_json)
            author = _author(dragoman, workshop, emphasis, as_json) if model else None
            for held, market, tongue in combined(workshop, products, marketplace, locale, day):
                draft = (
                    await author.write(held, market, tongue, day)
                    if author
                    else workshop.write(held, market, tongue, day)
                )
                show_draft(draft, as_json)
                blocked |= draft.is_blocked
        if blocked:
            raise SystemExit(FINDINGS)

    if several and not as_json:
        note("Several drafts: --json gives one a line, dragoman listing export a file.")
    run(work, as_json)


def _author(dragoman: Dragoman, workshop: Workshop, emphasis: Path | None, as_json: bool) -> Any:
    from integrations.listings.author import open_author

    need_model(dragoman, as_json)
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

    \b
    dragoman listing check listing.json --marketplace amazon --locale de-DE --facts facts.json
    """
    from integrations.listings.checking import Bench, check_file

    day = day_of(on, as_json)
    if locale:
        check_locale(locale, as_json)
    bench = Bench(read_home(as_json).home, (marketplace, locale), facts, tuple(brand or ()), limits, day)
    found = False
    with explained(as_json):
        for draft in check_file(bench, file):
            show_draft(draft, as_json)
            found |= bool(draft.findings)
    if found:
        raise SystemExit(FINDINGS)


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
    print_line("No findings." if not draft.findings else f"{counted(len(draft.findings), 'finding')}.")


def _shown(entry: Any) -> str:
    if isinstance(entry, dict):
        return "; ".join(f"{key}: {_shown(value)}" for key, value in entry.items())
    return str(entry)
