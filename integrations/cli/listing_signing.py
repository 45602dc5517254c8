"""`dragoman listing accept|signed|channels`: who signed what off; the channels there are."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, listing_app, read_home
from integrations.cli.action import By, user_name
from integrations.cli.out import USAGE, print_json, print_line, stop
from integrations.cli.workshop import day_of, explained

if TYPE_CHECKING:
    from knowledge.listings import Draft


@listing_app.command()
def channels(as_json: Json = False) -> None:
    """List the marketplaces there are, with their fields and the day their rules were read."""
    from integrations.listings.workshop import read_limits
    from knowledge.marketplaces import marketplaces

    home = read_home(as_json).home
    live = read_limits(home / "limits.toml")
    day = day_of("", as_json)
    told: list[dict[str, Any]] = [
        {"id": market.id, "name": market.name, "as_of": market.as_of, "live_limits": sorted(live.get(market.id, {})),
         "fields": [{"name": f.name, "max": f.max, "unit": f.unit, "required": f.required or list(f.required_in),
                     "confidence": f.confidence, "as_of": f.as_of} for f in market.fields_on(day).values()]}
        for market in marketplaces(home / "marketplaces").values()
    ]  # fmt: skip
    if as_json:
        print_json({"marketplaces": told})
        return
    for entry in told:
        print_line(f"{entry['id']}: {entry['name']}, as of {entry['as_of']}")
        for field in entry["fields"]:
            size = f"at most {field['max']} {field['unit']}" if field["max"] else "no stated length"
            required = ", required" if field["required"] is True else ""
            print_line(f"    {field['name']}: {size}{required} ({field['confidence']} confidence)")


@listing_app.command()
def accept(
    draft: Annotated[Path, typer.Argument(help="The draft, as listing write or check gave it with --json.")],
    rule: Annotated[str, typer.Option(help="The rule whose finding is accepted.")],
    why: Annotated[str, typer.Option(help="Why it may stand.")],
    by: By = "",
    field: Annotated[str, typer.Option(help="The field; without it, every field the rule found.")] = "",
    as_json: Json = False,
) -> None:
    """Sign off a finding: who accepts it and why is kept. It counts for the same words in the same field alone.

    \b
    dragoman listing accept draft.json --rule limit.min_words --by ana@shop.example --why "short on purpose"
    """
    from integrations.listings.sign_offs import SignOffLog
    from integrations.listings.tables import read_data

    if not why.strip():
        stop("Say why it may stand: --why 'short on purpose'.", USAGE, as_json)
    with explained(as_json):
        held = _draft(read_data(draft), as_json)
    accepted = SignOffLog(read_home(as_json).home).accept(
        held, rule, field, by.strip() or user_name(), why.strip(), datetime.now(UTC).isoformat(timespec="seconds")
    )
    if not accepted:
        known = ", ".join(sorted({finding.rule for finding in held.findings})) or "none"
        stop(f"The draft has no finding of {rule}{f' in {field}' if field else ''}. It has: {known}.", USAGE, as_json)
    if as_json:
        print_json({"accepted": [asdict(entry) for entry in accepted]})
        return
    for entry in accepted:
        print_line(f"{entry.who} accepts {entry.rule} in {entry.field}: {entry.why}")


def _draft(told: Any, as_json: bool) -> Draft:
    """A draft as it was printed. Ends with an error for what is none."""
    from knowledge.findings import Finding
    from knowledge.listings import Draft

    try:
        findings = tuple(
            Finding(**{name: value for name, value in entry.items() if name in Finding.__dataclass_fields__})
            for entry in told["findings"]
        )
        return Draft(
            told["product_id"],
            told["marketplace"],
            told["locale"],
            date.fromisoformat(told["on"]),
            told["fields"],
            (),
            findings,
        )
    except (KeyError, TypeError, ValueError):
        stop("This is no draft: give the JSON that listing write or listing check printed, one object.", USAGE, as_json)


@listing_app.command()
def signed(as_json: Json = False) -> None:
    """List the sign-offs: who accepted which finding, when and why."""
    from integrations.listings.sign_offs import SignOffLog

    entries = list(SignOffLog(read_home(as_json).home).entries())
    if as_json:
        print_json({"sign_offs": [asdict(entry) for entry in entries]})
        return
    for entry in entries:
        about = f"{entry.product_id} {entry.marketplace} {entry.locale} {entry.rule} ({entry.field})"
        print_line(f"{entry.at} {entry.who}: {about}: {entry.why}")
    if not entries:
        print_line("Nobody has signed anything off.")
