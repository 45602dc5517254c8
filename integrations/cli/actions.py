"""`dragoman actions`: the ledger, and what people decide on actions that wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from integrations.cli import Json, actions_app, run
from integrations.cli.action import By, Locale, Rank, Why, asker_of, show, user_name
from integrations.cli.out import FINDINGS, USAGE, print_json, print_line, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.deciding import Decider, Decisions
    from tools.actions.ledger import Entry
    from tools.actions.outcome import Outcome

Id = Annotated[str, typer.Argument(help="The operation, as `dragoman actions list` shows it.")]


@actions_app.command("list")
def list_actions(
    status: Annotated[str, typer.Option(help="Only these: needs_approval, unknown, done, denied, ...")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """List what was asked of the shop, newest first. What was left hanging is looked into on the way."""
    from tools.actions.ledger import Status

    if status and status not in (states := get_args(Status)):
        stop(f"There is no state '{status}'. There are: {', '.join(states)}.", as_json=as_json)

    async def work(dragoman: Dragoman) -> None:
        await dragoman.clerk().reconcile()
        entries = await dragoman.ledger.entries(status, limit)
        if as_json:
            print_json({"actions": [asdict(entry) for entry in entries]})
            return
        for entry in entries:
            print_line(_line(entry))
        if not entries:
            print_line("The ledger is empty." if not status else f"Nothing is {status}.")

    run(work, as_json)


def _line(entry: Entry) -> str:
    total = entry.quote.get("total", "")
    money = f"{total} {entry.quote.get('currency', '')}" if total not in ("", "0") else ""
    return (
        f"{entry.operation_id}  {entry.created_at:%Y-%m-%d %H:%M}  {entry.status:18} {entry.name:22} "
        f"{entry.order_id or entry.customer_id:14} {money:>14}  {entry.rule}"
    )


@actions_app.command("show")
def show_action(operation: Id, as_json: Json = False) -> None:
    """Show one action: who asked, what was quoted, which rule and signals, every change of its state."""

    async def work(dragoman: Dragoman) -> None:
        entry = await dragoman.ledger.find(operation)
        if entry is None:
            stop(f"There is no action {operation} in the ledger.", FINDINGS, as_json)
        entry = await dragoman.clerk().look_into(entry)
        if as_json:
            print_json(asdict(entry))
            return
        for name, value in asdict(entry).items():
            if name != "history" and value not in ("", (), {}, None):
                print_line(f"{name:13} {value}")
        for change in entry.history:
            print_line(f"  {change['at'][:19]}  {change['status']:18} by {change['by']}  {change.get('why', '')}")

    run(work, as_json)


@actions_app.command()
def approve(
    operation: Id, by: By = "", rank: Rank = "lead", why: Why = "", locale: Locale = "en", as_json: Json = False
) -> None:
    """Approve an action that waits, exactly as it was quoted. Whoever asked for it cannot; a rank only within its
    limits. The first to decide decides.
    """
    _decide(lambda decisions: decisions.approve(operation, _decider(rank, by), why), operation, locale, as_json)


@actions_app.command()
def deny(
    operation: Id, by: By = "", rank: Rank = "lead", why: Why = "", locale: Locale = "en", as_json: Json = False
) -> None:
    """Deny an action that waits, with a reason."""
    if not why.strip():
        stop("Say why: --why 'the parcel was signed for'. The customer may ask.", USAGE, as_json)
    _decide(lambda decisions: decisions.deny(operation, _decider(rank, by), why), operation, locale, as_json)


@actions_app.command()
def retry(operation: Id, by: By = "", locale: Locale = "en", as_json: Json = False) -> None:
    """Find out what became of an action the shop did not answer to; if it was not carried out, carry it out now."""
    from tools.actions.decisions import retry as retry_it

    _decide(lambda decisions: retry_it(decisions.clerk(), operation, by or user_name()), operation, locale, as_json)


def _decider(rank: str, by: str) -> Decider:
    from integrations.deciding import Decider

    return Decider(asker_of("operator", rank, ""), by or user_name())


def decisions_of(dragoman: Dragoman) -> Decisions:
    """What people decide in a home, told to shoppers in the widget."""
    from integrations.deciding import Decisions
    from integrations.widget.telling import shown_in_stream

    tell = shown_in_stream(dragoman.turns)
    return Decisions(dragoman.clerk, dragoman.sessions, dragoman.context, tell)


def _decide(decide: Callable[[Decisions], Awaitable[Outcome]], operation: str, locale: str, as_json: bool) -> None:
    from knowledge.service.requests import Request
    from tools.actions.decisions import ActionUnknown

    async def work(dragoman: Dragoman) -> None:
        try:
            outcome = await decide(decisions_of(dragoman))
        except ActionUnknown:
            stop(f"There is no action {operation} in the ledger.", FINDINGS, as_json)
        entry: Any = await dragoman.ledger.find(outcome.operation_id) or await dragoman.ledger.find(operation)
        show(dragoman, outcome, Request.of(entry.name, entry.arguments), locale, as_json)

    run(work, as_json)
