"""`dragoman listing export|audit`: files for channels, live listings checked again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import Json, listing_app, run
from integrations.cli.out import FINDINGS, counted, note, print_json, print_line
from integrations.cli.reading import writing
from integrations.cli.workshop import (
    FactsFile,
    Locales,
    On,
    Skus,
    check_locale,
    combined,
    day_of,
    explained,
    open_workshop,
    wanted,
)

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.listings.workshop import Workshop
    from tools.listings.audit import Live, ToChange


@listing_app.command()
def export(  # noqa: PLR0913  (each is an option)
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
    kind: Annotated[
        str, typer.Option("--format", help="json, xlsx, amazon, shopify, woocommerce, google, ebay or tiktok.")
    ] = "",
    sku: Skus = "all",
    marketplace: Annotated[
        str, typer.Option("--marketplace", "-m", help="Channels with commas, or all; a flat file knows its own.")
    ] = "",
    locale: Locales = "en-US",
    on: On = "",
    as_json: Json = False,
) -> None:
    """Write listings from facts into a file. A listing with a blocking finding that nobody signed off is left out.

    \b
    dragoman listing export --format xlsx --marketplace amazon,ebay --locale de-DE --out listings.xlsx
    """
    day = day_of(on, as_json)
    check_locale(locale, as_json)

    async def work(dragoman: Dragoman) -> None:
        from integrations.listings.exports import FORMATS, write_drafts
        from integrations.listings.sign_offs import SignOffLog

        form = kind or out.suffix.removeprefix(".")
        channel = marketplace or FORMATS.get(form, ("", None))[0] or "all"
        with explained(as_json), writing(out, as_json):
            workshop = await open_workshop(dragoman, day)
            products = wanted(workshop, sku, None, day, as_json)
            drafts = [(workshop.write(facts, market, tongue, day), facts, market)
                      for facts, market, tongue in combined(workshop, products, channel, locale, day)]  # fmt: skip
            log = SignOffLog(dragoman.settings.home)
            free = [entry for entry in drafts if not log.open_findings(entry[0])]
            count = write_drafts(free, form, out)
        held = [entry[0] for entry in drafts if log.open_findings(entry[0])]
        if as_json:
            print_json(
                {
                    "file": str(out),
                    "format": form,
                    "listings": count,
                    "left_out": [f"{d.product_id} {d.marketplace} {d.locale}" for d in held],
                }
            )
        else:
            print_line(f"Wrote {counted(count, 'listing')} to {out}.")
        for draft in held:
            note(f"left out: {draft.product_id} {draft.marketplace} {draft.locale}: {log.open_findings(draft)[0].why}")
        if held:
            raise SystemExit(FINDINGS)

    run(work, as_json)


@listing_app.command()
def audit(  # noqa: PLR0913  (each is an option)
    what: Annotated[str, typer.Argument(help="A file of live listings, or 'shop' for the shop's own product texts.")],
    marketplace: Annotated[
        str, typer.Option("--marketplace", "-m", help="The channel, where listings do not name it.")
    ] = "",
    locale: Annotated[str, typer.Option("--locale", help="The locale, where listings do not name it.")] = "",
    on: On = "",
    since: Annotated[
        str,
        typer.Option(help="The day they were last right; what went wrong since comes first. A year before without it."),
    ] = "",
    facts: FactsFile = None,
    as_json: Json = False,
) -> None:
    """Check live listings again on a day: rules come into force, certificates end. What to change first stands first.

    Exit code 1 where something is to change.

    \b
    dragoman listing audit shop --locale de-DE --on 2027-03-01
    """
    day = day_of(on, as_json)
    before = day_of(since, as_json) if since else day - timedelta(days=365)

    async def work(dragoman: Dragoman) -> None:
        from tools.listings.audit import audit as look

        with explained(as_json):
            workshop = await open_workshop(dragoman, day)
            if facts is not None:
                wanted(workshop, "all", facts, day, as_json)
            live = (
                _shop(workshop, marketplace, locale or "en-US", day)
                if what == "shop"
                else _file(workshop, Path(what), (marketplace, locale), day)
            )
            changes = look(live, day, before, workshop.rivals(None) if workshop.voice.competitors else ())
        _print_changes(changes, len(live), day, as_json)
        if changes:
            raise SystemExit(FINDINGS)

    run(work, as_json)


def _shop(workshop: Workshop, marketplace: str, locale: str, day: date) -> list[Live]:
    """The shop's own texts as listings of its storefront, or of another channel."""
    from integrations.listings.checking import of_shop

    market = workshop.market(marketplace or "shopify", day)
    found = [of_shop(facts, market, locale, day) for facts in workshop.facts.values()]
    return [live for live in found if live]


def _file(workshop: Workshop, path: Path, given: tuple[str, str], day: date) -> list[Live]:
    from integrations.listings.checking import facts_meant, meant
    from integrations.listings.tables import read_data
    from integrations.listings.workshop import read_listing, records_of
    from tools.listings.audit import Live

    found = []
    for place, record in enumerate(records_of(read_data(path), str(path)), 1):
        name, locale = meant(record, given, f"{path}, listing {place}")
        market = workshop.market(name, day)
        facts = facts_meant(record, workshop.facts, day)
        found.append(Live(read_listing(record, market), facts, market, locale))
    return found


def _print_changes(changes: list[ToChange], count: int, day: date, as_json: bool) -> None:
    if as_json:
        told = [{**asdict(change), "order": place} for place, change in enumerate(changes, 1)]
        print_json({"ok": not changes, "on": day, "listings": count, "changes": told})
        return
    for place, change in enumerate(changes, 1):
        when = f"from {change.until}" if change.until else "new" if change.new else "known before"
        finding = change.finding
        about = f"{change.product_id} {change.marketplace} {change.locale} {finding.field}"
        print_line(f"{place}. {about} ({finding.severity}, {when})")
        print_line(f"   {finding.text!r}: {finding.why}  [{finding.rule}]")
        print_line(f"   → {finding.suggestion}")
    print_line(
        f"{count} listings on {day}: {len(changes)} things to change."
        if changes
        else f"{count} listings on {day}: all right."
    )
