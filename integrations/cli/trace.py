"""`dragoman trace`: what happened in a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import Json, run, trace_app
from integrations.cli.out import FINDINGS, print_json, print_line, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman

Id = Annotated[str, typer.Argument(metavar="id", help="The id an error showed, or a conversation's for all its turns.")]


@trace_app.command("show")
def show_trace(name: Id, as_json: Json = False) -> None:
    """Replay a turn, or a whole conversation: what was asked, which models and tools were called with what, passages,
    what each guard decided, what was shown. Personal data is masked.
    """

    async def work(dragoman: Dragoman) -> None:
        from integrations.cli.trace_words import describe, word_turn

        turns = await dragoman.traces.find(name.strip())
        if not turns:
            days = dragoman.settings.trace_days
            stop(f"There is no trace or conversation {name}. Traces are kept for {days} days.", FINDINGS, as_json)
        if as_json:
            print_json({"id": name.strip(), "turns": [describe(turn) for turn in turns]})
        else:
            print_line("\n\n".join(word_turn(turn) for turn in turns))

    run(work, as_json)


@trace_app.command("list")
def list_traces(
    failed: Annotated[bool, typer.Option("--failed", help="Only turns that ended in a fault.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, the last ones.")] = 20,
    as_json: Json = False,
) -> None:
    """List the last turns, the newest last."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.cli.trace_words import summary, word_line

        turns = await dragoman.traces.recent(limit, failed)
        if as_json:
            print_json({"traces": [summary(turn) for turn in turns]})
            return
        for turn in turns:
            print_line(word_line(turn))
        if not turns:
            print_line("No turn failed." if failed else "No turn was kept yet.")

    run(work, as_json)
