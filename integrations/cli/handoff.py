"""`dragoman handoff`: who waits for a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from integrations.cli import Json, handoff_app, run
from integrations.cli.out import print_json, print_line

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman


@handoff_app.callback()
def _group() -> None:
    """Shoppers who wait for a person."""


@handoff_app.command("list")
def list_waiting(as_json: Json = False) -> None:
    """List the shoppers who wait, longest first."""

    async def work(dragoman: Dragoman) -> None:
        waiting = await dragoman.sessions.waiting()
        if as_json:
            print_json({"waiting": [asdict(handoff) for handoff in waiting]})
            return
        for handoff in waiting:
            print_line(f"{handoff.id}  since {handoff.created_at:%Y-%m-%d %H:%M}  {handoff.reason}")
        if not waiting:
            print_line("Nobody is waiting.")

    run(work, as_json)
