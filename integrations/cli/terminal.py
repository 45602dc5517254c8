"""A turn in a terminal: progress, the answer as it streams, its sources, cards as a table."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant import events
from assistant.disclosure import disclosure, greeting, suggestions
from assistant.embedded.wording import Words

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from tools.context import Session


async def show_turn(assistant: Assistant, message: str, session: Session) -> bool:
    """Show one turn; returns whether it failed."""
    console = Console(highlight=False)
    failed = False
    with console.status("…", spinner="dots") as status:
        async with aclosing(assistant.reply(message, session)) as told:
            async for event in told:
                match event:
                    case events.Step(_, words):
                        status.update(f"{words} …")
                    case events.Sentence(text) | events.Notice(_, text):
                        status.stop()
                        console.print(escape(text), end="", soft_wrap=True)
                    case events.Failed(text, _, trace):
                        status.stop()
                        console.print(f"[red]{escape(text)}[/red] [dim]({trace})[/dim]", end="")
                        failed = True
                    case events.Finished() | events.Citations() | events.Cards():
                        _close(console, event, session)
    return failed


def _close(console: Console, event: Any, session: Session) -> None:
    if isinstance(event, events.Citations):
        console.print("\n")
        for entry in event.entries:
            console.print(f"[dim][{entry.number}] {escape(entry.title)} ({entry.document})[/dim]", markup=True)
    elif isinstance(event, events.Cards):
        console.print()
        console.print(_cards(event.entries, session))
    else:
        console.print(f"\n[dim]{event.engine} · {event.latency_ms} ms[/dim]")


def _cards(cards: tuple[dict[str, Any], ...], session: Session) -> Table:
    words = Words(session.language)
    table = Table(show_edge=False, pad_edge=False, show_header=False, box=None, padding=(0, 2, 0, 0))
    for heading in ("", "", ""):
        table.add_column(heading, overflow="fold")
    for card in cards:
        price = words.money(card["price"], card["currency"]) if card["price"] else ""
        state = words.say("In stock.") if card["available"] else words.say("Out of stock at the moment.")
        table.add_row(f"[bold]{escape(card['name'])}[/bold]", price, state)
    return table


async def converse(
    assistant: Assistant, speaker: Callable[[], Awaitable[Session]], shop: str,
    floor: Callable[[], AbstractAsyncContextManager[Any]],
) -> None:  # fmt: skip
    """A conversation until the shopper ends it; each turn with the floor."""
    console = Console(highlight=False)
    session = await speaker()
    console.print(f"[bold]{escape(greeting(shop, session.language))}[/bold]")
    console.print(f"[dim]{escape(disclosure(session.language))}[/dim]")
    for suggestion in suggestions(session.language):
        console.print(f"[dim]  · {escape(suggestion)}[/dim]")
    while True:
        try:
            message = await asyncio.to_thread(console.input, "\n[bold cyan]› [/bold cyan]")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if message.strip().lower() in ("", "exit", "quit"):
            return
        async with floor():
            await show_turn(assistant, message, await speaker())
