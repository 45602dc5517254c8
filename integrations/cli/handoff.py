"""`dragoman handoff`: who waits for a person, and what the person does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, handoff_app, run
from integrations.cli.out import FINDINGS, USAGE, print_json, print_line, stop
from integrations.cli.reading import writing

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.desk import Desk
    from tools.context import Handoff

TYPING = timedelta(seconds=15)
"""How long after a shopper was seen writing they still are."""

Reference = Annotated[str, typer.Argument(help="The handoff, as `dragoman handoff list` shows it.")]
By = Annotated[str, typer.Option(help="Who you are, as the shopper reads it; without it, the user of this machine.")]


@handoff_app.callback()
def _group() -> None:
    """Shoppers who wait for a person, or have one."""


@handoff_app.command("list")
def list_waiting(
    everything: Annotated[
        bool, typer.Option("--all", help="Those that are claimed, returned or resolved too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the shoppers who wait, longest first."""

    async def work(dragoman: Dragoman) -> None:
        states = ("waiting", "claimed", "returned", "resolved") if everything else ("waiting",)
        found = await dragoman.sessions.handoffs.waiting(*states)
        if as_json:
            print_json({"waiting": [asdict(handoff) for handoff in found]})
            return
        for handoff in found:
            by = f" by {handoff.claimed_by}" if handoff.claimed_by else ""
            print_line(
                f"{handoff.id}  since {handoff.created_at:%Y-%m-%d %H:%M}  {handoff.status}{by}  {handoff.reason}"
            )
        if not found:
            print_line("Nobody is waiting.")

    run(work, as_json)


@handoff_app.command()
def show(reference: Reference, as_json: Json = False) -> None:
    """Show a handoff: what was asked, tried, quoted and done, and what was said with a person."""

    async def work(dragoman: Dragoman) -> None:
        handoff = await _refusing(as_json, lambda desk: desk.find(reference))(dragoman)
        told = {**asdict(handoff), **await _beside(dragoman, handoff)}
        if as_json:
            print_json(told)
            return
        for line in [*_lines(handoff), *_lines_beside(told)]:
            print_line(line)
        for entry in told["said"]:
            print_line(f"  {entry['at']:%Y-%m-%d %H:%M}  {entry['name'] or 'shopper'}: {entry['text']}")

    run(work, as_json)


async def _beside(dragoman: Dragoman, handoff: Handoff) -> dict[str, Any]:
    """What belongs to a handoff's conversation: what was said with a person, files, stars, whether somebody writes."""
    sessions = dragoman.sessions
    said = await sessions.handoffs.said(handoff.id)
    files = await sessions.attachments.of(handoff.session_id)
    seen = await sessions.typing.since(handoff.session_id)
    return {
        "said": [asdict(entry) for entry in said],
        "attachments": [{**file.told(), "at": file.at} for file in files],
        "rating": await sessions.ratings.stars(handoff.session_id),
        "typing": seen is not None and datetime.now(UTC) - seen < TYPING,
    }  # fmt: skip


def _lines_beside(told: dict[str, Any]) -> list[str]:
    return [
        *(f"file      {file['attachment_id']}  {file['name']}  {file['bytes']:,} bytes   save it: dragoman handoff save"
          f" {told['id']} {file['attachment_id']}" for file in told["attachments"]),
        *([f"rating    {told['rating']} of 5"] if told["rating"] else []),
        *(["The shopper is writing."] if told["typing"] else []),
    ]  # fmt: skip


def _lines(handoff: Handoff) -> list[str]:
    told = handoff.summary
    return [
        f"{handoff.id}  {handoff.status}  {handoff.claimed_by}  {handoff.reason}".rstrip(),
        f"language  {told.get('language', '')}   customer  {told.get('customer') or 'not known'}   orders  "
        + (", ".join(told.get("orders", [])) or "none"),
        *(f"asked     {text}" for text in told.get("asked", [])),
        *(f"tried     {entry['tool']} {entry['about']}: {entry['outcome']}" for entry in told.get("tried", [])),
        *(f"action    {entry['action']} {entry['order']}: {entry['status']} {entry.get('total', '')}"
          f" {entry.get('currency', '')}".rstrip() for entry in told.get("actions", [])),
    ]  # fmt: skip


@handoff_app.command()
def claim(reference: Reference, by: By = "", as_json: Json = False) -> None:
    """Take a conversation over. The first to claim has it; the assistant is silent until it is given back."""
    _do(
        lambda desk: desk.claim(reference, _name(by)),
        as_json,
        "You have {id}. Write: dragoman handoff reply {id} '...'",
    )


@handoff_app.command()
def reply(
    reference: Reference, text: Annotated[str, typer.Argument(help="What the shopper reads.")], by: By = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Write to the shopper, who reads it at once."""
    if not text.strip():
        stop("There is nothing to send.", USAGE, as_json)
    _do(lambda desk: desk.say(reference, _name(by), text.strip()), as_json, "Sent.")


@handoff_app.command()
def typing(reference: Reference, by: By = "", as_json: Json = False) -> None:
    """Show the shopper that you are writing."""
    _do(lambda desk: desk.writes(reference, _name(by)), as_json, "The shopper sees that you are writing.")


@handoff_app.command()
def save(
    reference: Reference,
    attachment: Annotated[str, typer.Argument(help="The file, as `dragoman handoff show` names it.")],
    to: Annotated[Path, typer.Option(help="Folder to save it in.")] = Path("."),
    as_json: Json = False,
) -> None:
    """Save a file that the shopper sent."""

    async def work(dragoman: Dragoman) -> None:
        handoff = await _refusing(as_json, lambda desk: desk.find(reference))(dragoman)
        found = await dragoman.sessions.attachments.find(attachment, handoff.session_id)
        if found is None:
            stop(f"There is no file {attachment} with handoff {handoff.id}.", FINDINGS, as_json)
        file, content = found
        path = to / f"{file.id[:8]}-{file.name}"
        with writing(path, as_json):
            path.write_bytes(content)
        print_json({**file.told(), "path": str(path)}) if as_json else print_line(f"Saved as {path}.")

    run(work, as_json)


@handoff_app.command()
def ratings(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, the newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """How content shoppers were with their conversations."""

    async def work(dragoman: Dragoman) -> None:
        counted, recent = await dragoman.sessions.ratings.counted(), await dragoman.sessions.ratings.recent(limit)
        many = sum(counted.values())
        mean = round(sum(stars * count for stars, count in counted.items()) / many, 2) if many else None
        if as_json:
            told = [asdict(rated) for rated in recent]
            print_json({"conversations": many, "mean": mean, "stars": counted, "ratings": told})
            return
        print_line(f"{mean} of 5 stars, mean of {many} conversations" if many else "Nothing was rated yet.")
        for rated in recent:
            print_line(f"{rated.at:%Y-%m-%d %H:%M}  {rated.stars}  {rated.session_id}  {rated.comment}".rstrip())

    run(work, as_json)


@handoff_app.command("return")
def give_back(
    reference: Reference,
    resolved: Annotated[bool, typer.Option("--resolved", help="The matter is settled.")] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Give a conversation back to the assistant, which then knows what was said."""
    _do(lambda desk: desk.give_back(reference, _name(by), resolved), as_json, "The assistant answers again.")


def _name(by: str) -> str:
    from integrations.cli.action import user_name

    return by.strip() or user_name()


def _do(deed: Callable[[Desk], Awaitable[Any]], as_json: bool, said: str) -> None:
    async def work(dragoman: Dragoman) -> None:
        done = asdict(await _refusing(as_json, deed)(dragoman))
        print_json(done) if as_json else print_line(said.format(**done))

    run(work, as_json)


def _refusing(as_json: bool, deed: Callable[[Desk], Awaitable[Any]]) -> Callable[[Dragoman], Awaitable[Any]]:
    """Do something at the desk; a refusal ends the command."""

    async def work(dragoman: Dragoman) -> Any:
        from integrations.desk import HandoffRefused

        try:
            return await deed(desk_of(dragoman))
        except HandoffRefused as refusal:
            stop(str(refusal), FINDINGS, as_json)

    return work


def desk_of(dragoman: Dragoman) -> Desk:
    """The desk of a home, whose words shoppers read in the widget."""
    from integrations.desk import Desk
    from integrations.widget.telling import shown_in_stream

    return Desk(dragoman.sessions, dragoman.turns, shown_in_stream(dragoman.turns))
