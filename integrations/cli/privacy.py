"""`dragoman privacy`: what is held of a customer's conversations, and taking it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, privacy_app, run
from integrations.cli.action import By, user_name
from integrations.cli.out import FINDINGS, counted, print_json, print_line, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman

Customer = Annotated[str, typer.Option(help="The customer's id in the shop.")]


@privacy_app.callback()
def _group() -> None:
    """What is held of a customer: take it out, or take it away."""


@privacy_app.command("export")
def export_all(customer: Customer, by: By = "", as_json: Json = False) -> None:
    """Print all that is held of a customer as JSON: the shop's record, orders, conversations, actions in their name."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.database.journal import veiled

        held = [await _held(dragoman, name) for name in await _conversations(dragoman, customer, as_json)]
        entries = await dragoman.ledger.entries(customer_id=customer, limit=10_000)
        record = await dragoman.shop.customer(customer)
        orders = [order.model_dump(mode="json", by_alias=True) for order in await dragoman.shop.orders_of(customer)]
        print_json({
            "customer": customer, "record": record.model_dump(mode="json", by_alias=True) if record else None,
            "orders": orders, "conversations": held, "actions": [vars(entry) for entry in entries],
        })  # fmt: skip
        veil = veiled(customer, dragoman.signing_secret())
        await dragoman.journal.add(by or user_name(), "customer exported", veil, f"{len(held)} conversations")

    run(work, as_json)


@privacy_app.command()
def erase(customer: Customer, by: By = "", as_json: Json = False) -> None:
    """Erase a customer: conversations with all that is held of them, the shop's record, names and addresses in orders
    and in the ledger. What was ordered and done stays, as nobody's. Then the home's files are searched for the rest.

    Erase them in your shop as well: another import would bring them back. Exit code 1: something is left, or nothing
    was held.
    """

    async def work(dragoman: Dragoman) -> None:
        done = await (await dragoman.forgetting()).customer(customer, by or user_name())
        if done is None:
            stop(f"Nothing is held of a customer {customer}.", FINDINGS, as_json)
        if as_json:
            print_json({"customer": customer, "erased": done.conversations, "orders": done.orders, "left": done.left})
        else:
            conversations, orders = counted(done.conversations, "conversation"), counted(done.orders, "order")
            print_line(f"Erased: {conversations}. Kept as nobody's: {orders}.")
            for path in done.left:
                print_line(f"!! {path} still names them, because a person wrote it there: edit it yourself.")
        if done.left:
            raise SystemExit(FINDINGS)

    run(work, as_json)


async def _conversations(dragoman: Dragoman, customer: str, as_json: bool) -> list[str]:
    traces = await (await dragoman.forgetting()).traces(customer)
    if not traces.sessions and not traces.orders and await dragoman.shop.customer(customer) is None:
        stop(f"Nothing is held of a customer {customer}.", FINDINGS, as_json)
    return list(traces.sessions)


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
