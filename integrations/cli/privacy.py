"""`dragoman privacy`: what is held of a customer's conversations, and taking it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, privacy_app, run
from integrations.cli.out import FINDINGS, print_json, print_line, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman

Customer = Annotated[str, typer.Option(help="The customer's id in the shop.")]


@privacy_app.callback()
def _group() -> None:
    """What is held of a customer: take it out, or take it away."""


@privacy_app.command("export")
def export_all(customer: Customer) -> None:
    """Print all that is held of a customer's conversations, and the actions in their name, as JSON."""

    async def work(dragoman: Dragoman) -> None:
        held = [await _held(dragoman, name) for name in await _conversations(dragoman, customer, True)]
        entries = await dragoman.ledger.entries(customer_id=customer, limit=10_000)
        print_json({"customer": customer, "conversations": held, "actions": [vars(entry) for entry in entries]})

    run(work, True)


@privacy_app.command()
def erase(customer: Customer, as_json: Json = False) -> None:
    """Erase a customer's conversations with all that is held of them. The ledger of actions stays."""

    async def work(dragoman: Dragoman) -> None:
        from tools.context import Session

        assistant, erased = await dragoman.assistant(), 0
        for name in await _conversations(dragoman, customer, as_json):
            async with dragoman.turns.floor.hold(name):
                await assistant.erase(await dragoman.sessions.find(name) or Session(name))
                await dragoman.sessions.erase(name)
            erased += 1
        print_json({"customer": customer, "erased": erased}) if as_json else print_line(
            f"{erased} conversations are erased. What was done with orders stays in the ledger: dragoman actions list"
        )

    run(work, as_json)


async def _conversations(dragoman: Dragoman, customer: str, as_json: bool) -> list[str]:
    found = await dragoman.sessions.of_customer(customer)
    if not found:
        stop(f"Nothing is held of a customer {customer}.", FINDINGS, as_json)
    return found


async def _held(dragoman: Dragoman, name: str) -> dict[str, Any]:
    """A conversation, whole."""
    sessions = dragoman.sessions
    session = await sessions.find(name)
    about = {**vars(session), "order_ids": sorted(session.order_ids)} if session else {}
    return {
        "session": about,
        "turns": [vars(turn) for turn in await dragoman.turns.history(name)],
        "person": [vars(said) for said in await sessions.handoffs.said_in(name)],
        "attachments": [vars(file) for file in await sessions.attachments.of(name)],
        "rating": await sessions.ratings.stars(name), "scores": await sessions.scores(name),
        "traces": [vars(trace) for trace in await dragoman.traces.find(name)],
    }  # fmt: skip
