"""`dragoman copy`: ads, scripts, mails, stories and posts of a product, from its facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, app, run
from integrations.cli.out import FINDINGS, USAGE, counted, note, print_json, print_line, stop
from integrations.cli.workshop import (
    FactsFile,
    Locales,
    Model,
    On,
    Skus,
    check_locale,
    day_of,
    explained,
    need_model,
    open_workshop,
)

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from knowledge.facts import Facts
    from tools.copywriting.write import Copy


@app.command("copy")
def write_campaign(  # noqa: PLR0913  (each is an option)
    kind: Annotated[str, typer.Argument(help="search_ad, social_ad, email, ...; none lists them.")] = "",
    sku: Skus = "",
    locale: Locales = "en-US",
    channel: Annotated[
        str, typer.Option("--channel", help="Where it is shown; all for each; the first without it.")
    ] = "",
    facts: FactsFile = None,
    model: Model = False,
    on: On = "",
    as_json: Json = False,
) -> None:
    """Write campaign copy from attested facts.

    Every claim names its fact, limits are kept, nothing is promised. Exit code 1 where a finding blocks. Several with
    --json: an object a line.

    \b
    dragoman copy search_ad --sku AQ-P-001 --locale de-DE
    """
    if not kind:
        _list(as_json)
        return
    day = day_of(on, as_json)
    check_locale(locale, as_json)
    if not sku and facts is None:
        stop("Say of which product: --sku AQ-P-001.", USAGE, as_json)

    async def work(dragoman: Dragoman) -> None:
        from integrations.listings.campaigns import Campaigns

        if model:
            need_model(dragoman, as_json)
        blocked = False
        with explained(as_json):
            campaigns = Campaigns(await open_workshop(dragoman, day), day)
            serving = dragoman.serving if model else None
            products = campaigns.products(sku or "all", facts)
            for held, named, tongue in _combined(products, kind, channel, locale):
                copy = await campaigns.write(kind, held, tongue, named, serving)
                _show(copy, as_json)
                blocked |= copy.draft.is_blocked
        if blocked:
            raise SystemExit(FINDINGS)

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
        from integrations.listings.campaigns import told

        print_json(told(copy))
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
    found = counted(len(draft.findings), "finding") if draft.findings else "No findings"
    print_line(f"{found}. {counted(tied, 'fact')} bear{'s' if tied == 1 else ''} it. Written by {draft.written_by}.")


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
