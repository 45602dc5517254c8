"""`dragoman copy`: ads, scripts, mails, stories and posts of a product, from its facts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, app, run
from integrations.cli.listing import check_locale, day_of, explain, known_errors, open_workshop
from integrations.cli.out import FINDINGS, USAGE, note, print_json, print_line, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from knowledge.facts import Facts
    from tools.copywriting.write import Copy


@app.command("copy")
def write_campaign(  # noqa: PLR0913  (each is an option)
    kind: Annotated[
        str, typer.Argument(metavar="[KIND]", help="search_ad, social_ad, email, ...; none lists them.")
    ] = "",
    sku: Annotated[str, typer.Option(help="A product's SKU or id, several with commas, or all.")] = "",
    locale: Annotated[str, typer.Option("--locale", help="Locales with commas, or all.")] = "en-US",
    channel: Annotated[
        str, typer.Option("--channel", help="Where it is shown; all for each; the first without it.")
    ] = "",
    facts: Annotated[Path | None, typer.Option(help="Facts from a file in place of the shop's.")] = None,
    model: Annotated[
        bool, typer.Option("--model/--no-model", help="Let the configured model write, checked and revised.")
    ] = False,
    on: Annotated[str, typer.Option("--on", help="The day to judge by, like 2026-11-30; today without it.")] = "",
    as_json: Json = False,
) -> None:
    """Write campaign copy from attested facts.

    Every claim names its fact, limits are kept, nothing is promised. Exit code 1 where a finding blocks. Several with
    --json: an object a line.

    Example:  dragoman copy search_ad --sku AQ-P-001 --locale de-DE
    """
    if not kind:
        _list(as_json)
        return
    day = day_of(on, as_json)
    check_locale(locale, as_json)
    if not sku and facts is None:
        stop("Say of which product: --sku AQ-P-001.", USAGE, as_json)

    async def work(dragoman: Dragoman) -> None:
        from tools.copywriting.catalogue import CopyUnknown

        if model and not dragoman.settings.served_models:
            stop("No model is configured: set DRAGOMAN_MODEL=openai:<name>, or leave --model out.", USAGE, as_json)
        errors: tuple[type[Exception], ...] = (CopyUnknown, *known_errors())
        blocked = False
        try:
            campaigns = Campaigns(await open_workshop(dragoman, day), day)
            serving = dragoman.serving if model else None
            products = campaigns.products(sku or "all", facts)
            for held, named, tongue in _combined(products, kind, channel, locale):
                copy = await campaigns.write(kind, held, tongue, named, serving)
                _show(copy, as_json)
                blocked |= copy.draft.is_blocked
        except errors as error:
            explain(error, as_json)
        if blocked:
            raise SystemExit(FINDINGS)

    from integrations.listings.campaigns import Campaigns

    run(work, as_json)


def _combined(products: list[Facts], kind: str, channel: str, locale: str) -> Iterator[tuple[Facts, str, str]]:
    from integrations.listings.workshop import meant_locales
    from tools.copywriting.catalogue import kind_of

    channels = list(kind_of(kind).channels) if channel == "all" else [channel]
    yield from ((held, named, tongue) for held in products for named in channels for tongue in meant_locales(locale))


def _list(as_json: bool) -> None:
    """Every kind with its channels and their limits."""
    from tools.copywriting.catalogue import kinds

    if as_json:
        print_json({"kinds": [kind.model_dump(mode="json", exclude_defaults=True) for kind in kinds().values()]})
        return
    for kind in kinds().values():
        print_line(f"{kind.id}: {kind.says}")
        for name, channel in kind.channels.items():
            limits = ", ".join(f"{f.name} {f.max}" if f.max else f.name for f in channel.fields)
            print_line(f"  {name}: {channel.name} ({limits})")
    note("Example:  dragoman copy search_ad --sku AQ-P-001 --locale de-DE")


def _show(copy: Copy, as_json: bool) -> None:
    draft = copy.draft
    if as_json:
        print_json({"ok": not draft.findings, **copy.told()})
        return
    print_line(f"{draft.product_id} · {copy.kind} · {copy.channel} · {draft.locale} · {draft.on}")
    for name, held in draft.fields.items():
        print_line(f"\n{name}")
        for line in lines_of(held):
            print_line(f"  {line}")
    print_line()
    for missing in draft.missing:
        print_line(f"missing: {missing.field}: {missing.why}")
    for finding in draft.findings:
        for line in finding.lines():
            print_line(line)
    tied = len({fact for claim in draft.claims for fact in claim.facts})
    print_line(f"{len(draft.findings) or 'No'} findings. {tied} facts bear it. Written by {draft.written_by}.")


def lines_of(held: Any) -> Iterator[str]:
    """A field's value in lines for people."""
    if isinstance(held, str):
        yield from held.split("\n")
    for entry in held if isinstance(held, list) else ():
        if isinstance(entry, dict):
            own = [str(value) for key, value in entry.items() if key != "seconds" and value]
            yield " | ".join(own)
        else:
            first, *rest = str(entry).split("\n")
            yield f"• {first}"
            yield from (f"  {line}" for line in rest)
