"""`dragoman keys` and `dragoman journal`: who may use the routes of the shop's people, and who did what."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from integrations.cli import Json, app, keys_app, run
from integrations.cli.action import By, user_name
from integrations.cli.out import FINDINGS, USAGE, note, print_json, print_line, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.database.journal import Deed

Name = Annotated[str, typer.Argument(help="Whose key: a person or a program, like ana@shop.example or ci.")]


@keys_app.command()
def add(
    name: Name,
    role: Annotated[Literal["marketer", "operator"], typer.Option(help="What the key is good for.")] = "marketer",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Make a key and print it, once: only its hash is kept. It is sent as  Authorization: Bearer KEY.

    A marketer's key opens the copy studio and /v1/claims/check, /v1/listings, /v1/copy, /v1/localizations and /v1/jobs;
    an operator's these routes and, in production, /metrics.
    """

    async def work(dragoman: Dragoman) -> None:
        from integrations.database.keys import KeyRefused

        try:
            key = await dragoman.keys.add(name, role, by or user_name())
        except KeyRefused as refusal:
            stop(str(refusal), USAGE, as_json)
        if as_json:
            print_json({"name": name, "role": role, "key": key})
            return
        note(f"The key of {name} ({role}). It cannot be shown again:")
        print_line(key)

    run(work, as_json)


@keys_app.command("list")
def list_keys(as_json: Json = False) -> None:
    """List the keys: whose, for what, since when, revoked when. The keys themselves are not known."""

    async def work(dragoman: Dragoman) -> None:
        held = await dragoman.keys.held()
        if as_json:
            print_json({"keys": [vars(key) for key in held]})
            return
        for key in held:
            ended = f"  revoked {key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else ""
            print_line(f"{key.name:24} {key.role:9} since {key.made_at:%Y-%m-%d %H:%M} by {key.made_by}{ended}")
        if dragoman.settings.api_key.get_secret_value():
            print_line(f"{'DRAGOMAN_API_KEY':24} marketer  from the settings")
        elif not held:
            print_line("There is no key. Make one:  dragoman keys add NAME --role marketer")

    run(work, as_json)


@keys_app.command()
def revoke(name: Name, by: By = "", as_json: Json = False) -> None:
    """Take a key back. It opens nothing from the next request on."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.database.keys import KeyRefused

        try:
            await dragoman.keys.revoke(name, by or user_name())
        except KeyRefused as refusal:
            stop(str(refusal), FINDINGS, as_json)
        print_json({"revoked": name}) if as_json else print_line(f"The key of {name} opens nothing any more.")

    run(work, as_json)


@app.command()
def journal(
    deed: Annotated[str, typer.Option(help="Only deeds that begin so: action, key, customer, finding, shop.")] = "",
    since: Annotated[str, typer.Option(help="Only from this day on, like 2026-11-30.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """Who did what: approvals, keys, imports, erasures, sign-offs.

    It is only added to.

    What was done with an order, step by step, is in the ledger:  dragoman actions show ID
    """
    try:
        day = datetime.combine(date.fromisoformat(since), datetime.min.time(), UTC) if since else None
    except ValueError:
        stop("--since is a day, like 2026-11-30.", USAGE, as_json)

    async def work(dragoman: Dragoman) -> None:
        signed = [entry for entry in _signed(dragoman) if entry.deed.startswith(deed) and (not day or entry.at >= day)]
        deeds = sorted([*await dragoman.journal.deeds(limit, deed, day), *signed], key=lambda one: one.at, reverse=True)
        deeds = deeds[:limit]
        if as_json:
            print_json({"journal": [vars(entry) for entry in deeds]})
            return
        for entry in deeds:
            print_line(
                f"{entry.at:%Y-%m-%d %H:%M}  {entry.who:20} {entry.deed:16} {entry.subject}  {entry.told}".rstrip()
            )
        if not deeds:
            print_line("The journal has nothing of that kind.")

    run(work, as_json)


def _signed(dragoman: Dragoman) -> list[Deed]:
    """Findings that people signed off; their own log is only added to as well."""
    from integrations.database.journal import Deed
    from integrations.listings.sign_offs import SignOffLog

    return [
        Deed(datetime.fromisoformat(entry.at).astimezone(UTC), entry.who, "finding accepted", entry.rule,
             f"{entry.product_id} {entry.marketplace} {entry.locale}: {entry.why}")
        for entry in SignOffLog(dragoman.settings.home).entries()
    ]  # fmt: skip
