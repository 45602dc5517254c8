"""`dragoman facts import|check|show`: what is attested of products."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, facts_app, run
from integrations.cli.out import FINDINGS, USAGE, counted, note, print_json, print_line, stop
from integrations.cli.workshop import On, day_of, explained, open_workshop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.listings.workshop import Workshop
    from knowledge.facts import Facts


@facts_app.command("import")
def import_facts(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, JSON, JSON Lines or YAML; a product a row or entry.")],
    as_json: Json = False,
) -> None:
    """Import facts into the home. All of the file is read first; then each product's facts stand over the shop's.

    A column is a fact: product_id (or sku), brand, material, weight_g, dimensions_mm, in_the_box, certificates, origin,
    warnings, not_to_say, or a name of your own. A unit stands at the end of the name. Lists are separated by |.

    \b
    dragoman facts import facts.xlsx
    """
    day = day_of("", as_json)

    async def work(dragoman: Dragoman) -> None:
        from integrations.listings.facts_files import FactsStore, doubts, read_entries, united
        from integrations.listings.tables import uncomputed

        with explained(as_json):
            entries = read_entries(file, day)
            held = united(entries)
            count = FactsStore(dragoman.settings.home).save(held)
        facts = sum(len(entry.attested) for entry in held)
        empty = [
            f"{cell} computes a value that {file.name} does not hold: write it there." for cell in uncomputed(file)
        ]
        noticed = [*doubts(entries), *empty]
        if as_json:
            ids = [entry.product_id for entry in held]
            print_json({"products": count, "facts": facts, "ids": ids, "noticed": noticed})
        else:
            for line in noticed:
                note(line)
            counts = f"{counted(facts, 'fact')} of {counted(count, 'product')}"
            print_line(f"Imported {counts}. Next: dragoman facts check {held[0].product_id}")

    run(work, as_json)


@facts_app.command()
def check(
    what: Annotated[str, typer.Argument(help="A file of facts, a SKU or product id; without it, every product.")] = "",
    marketplace: Annotated[
        str, typer.Option("--marketplace", "-m", help="The channel whose fields are to be filled.")
    ] = "",
    locale: Annotated[str, typer.Option("--locale", help="The market, like de-DE.")] = "en-US",
    on: On = "",
    as_json: Json = False,
) -> None:
    """Say which facts are missing for a channel and a market, and which certificates are over or end soon.

    Exit code 1 where something is missing.

    \b
    dragoman facts check AQ-P-001 --marketplace amazon --locale de-DE
    """
    day = day_of(on, as_json)

    async def work(dragoman: Dragoman) -> None:
        from tools.listings.wanting import wanting

        with explained(as_json):
            workshop = await open_workshop(dragoman, day)
            held = _meant(workshop, what, day, as_json)
            market = workshop.market(marketplace, day) if marketplace else None
            told = [{"product_id": facts.product_id, **wanting(facts, market, locale, day)} for facts in held]
        _print(told, as_json)
        if any(entry["missing"] for entry in told):
            raise SystemExit(FINDINGS)

    run(work, as_json)


def _print(told: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json({"ok": not any(entry["missing"] for entry in told), "products": told})
        return
    for entry in told:
        print_line(f"{entry['product_id']}: {entry['category'] or 'no category of the taxonomy'}")
        for missing in entry["missing"]:
            print_line(f"  !! {missing['fact']}: {missing['why']}")
        for certificate in entry["certificates"]:
            print_line(f"  !  {certificate['name']}: {certificate['state']}")
        if not entry["missing"]:
            print_line("  nothing is missing")


def _meant(workshop: Workshop, what: str, day: Any, as_json: bool) -> list[Facts]:
    if not what:
        return list(workshop.facts.values())
    if Path(what).suffix and Path(what).exists():
        from integrations.listings.facts_files import read_facts

        return read_facts(Path(what), day)
    found = workshop.find(what)
    if found is None:
        stop(
            f"There is no file and no product {what!r}. An id or SKU is wanted, like {next(iter(workshop.facts), '')}.",
            USAGE,
            as_json,
        )
    return [found]


@facts_app.command()
def show(
    sku: Annotated[str, typer.Argument(help="A product's SKU or id.")],
    as_json: Json = False,
) -> None:
    """Show a product's facts, each with its id and where it comes from.

    \b
    dragoman facts show AQ-P-001
    """
    day = day_of("", as_json)

    async def work(dragoman: Dragoman) -> None:
        with explained(as_json):
            workshop = await open_workshop(dragoman, day)
        facts = workshop.find(sku)
        if facts is None:
            stop(f"There is no product {sku!r}.", USAGE, as_json)
        certificates = [{"id": facts.certificate_fact(c), **c.model_dump(mode="json")} for c in facts.certificates]
        rows = [
            {"id": f.id, "group": f.group, "value": f.value, "source": f.source, "as_of": f.as_of}
            for f in facts.attested
        ]
        if as_json:
            print_json(
                {
                    "product_id": facts.product_id,
                    "facts": rows,
                    "certificates": certificates,
                    "not_to_say": facts.not_to_say,
                }
            )
            return
        for row in rows:
            print_line(f"{row['id']} = {row['value']}  ({row['group']}; {row['source']}, {row['as_of']})")
        for entry in certificates:
            until = entry["valid_until"] or "no stated day"
            print_line(f"{entry['id']} = {entry['name']} {entry['number']}, {entry['issuer']}, until {until}")
        if facts.not_to_say:
            print_line(f"not to say: {' | '.join(facts.not_to_say)}")

    run(work, as_json)
