"""`dragoman knowledge gaps`: questions nobody could answer, and the entries that answer them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, knowledge_app, run
from integrations.cli.action import user_name
from integrations.cli.out import FINDINGS, USAGE, note, print_json, print_line, stop
from integrations.cli.reading import read_text

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.gaps.decide import Accepted
    from integrations.gaps.listing import GapList, Listed
    from knowledge.gap_drafts import Draft

gaps_app = typer.Typer(
    help="Questions nobody could answer, grouped by meaning across languages, each with a drafted entry.\n\n"
    "Without a command they are listed, most asked first (exit code 1 when there are any). A question counts when the\n"
    "policies held no likely answer, or its answer got a thumbs down. One that finds an answer today is closed.\n\n"
    "\b\n"
    "dragoman knowledge gaps\n"
    "dragoman knowledge gaps show ID\n"
    'dragoman knowledge gaps accept ID --answer "Yes, for EUR 4 a parcel."',
)  # fmt: skip
knowledge_app.add_typer(gaps_app, name="gaps")

Name = Annotated[str, typer.Argument(metavar="id", help="The gap's id, as listed.")]


@gaps_app.callback(invoke_without_command=True)
def _list(
    context: typer.Context,
    since: Annotated[str, typer.Option(help="Only gaps asked so recently: 12h, 30d, 8w; all for all.")] = "30d",
    everything: Annotated[bool, typer.Option("--all", help="Also what was dismissed and what is closed.")] = False,
    as_json: Json = False,
) -> None:
    if context.invoked_subcommand:
        return
    start = _moment(since, as_json)

    async def work(dragoman: Dragoman) -> None:
        from integrations.cli.gap_words import describe_list, word_list

        found = await _read(dragoman)
        print_json(describe_list(found, start, everything)) if as_json else print_line(
            word_list(found, start, everything)
        )
        if found.of("open", start):
            raise SystemExit(FINDINGS)

    run(work, as_json)


def _moment(since: str, as_json: bool) -> datetime:
    """When a span of time before now began."""
    if since == "all":
        return datetime.min.replace(tzinfo=UTC)
    read = re.fullmatch(r"(\d{1,5})([hdw])", since.strip())
    if not read:
        stop(f"--since '{since}' is no span of time: give 12h, 30d, 8w or all.", USAGE, as_json)
    return datetime.now(UTC) - int(read[1]) * {"h": timedelta(hours=1), "d": timedelta(1), "w": timedelta(7)}[read[2]]


async def _read(dragoman: Dragoman) -> GapList:
    from integrations.gaps.listing import list_gaps

    await dragoman.ready()
    return await list_gaps(dragoman)


def _find(found: GapList, name: str, as_json: bool) -> Listed:
    from integrations.gaps.listing import GapUnknown

    try:
        return found.find(name)
    except GapUnknown as unknown:
        stop(str(unknown), USAGE, as_json)


@gaps_app.command()
def show(name: Name, as_json: Json = False) -> None:
    """Print a gap's drafted entry, and as notes what was asked and what comes near."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.cli.gap_words import describe, word_leads
        from integrations.gaps.decide import draft_of

        listed = _find(await _read(dragoman), name, as_json)
        draft = draft_of(listed)
        if as_json:
            print_json({**describe(listed), "draft": draft.text, "can_be_accepted": draft.is_acceptable})
            return
        note(word_leads(listed))
        print_line(draft.text.rstrip())

    run(work, as_json)


@gaps_app.command()
def accept(
    name: Name,
    answer: Annotated[str, typer.Option(help="The answer, as shoppers should read it; Markdown.")] = "",
    file: Annotated[Path | None, typer.Option(help="A file with the answer, or with the whole edited entry.")] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Write it in your editor ($EDITOR), from the draft.")] = False,
    locale: Annotated[str, typer.Option(help="Language of the answer, where it is not that of the question.")] = "",
    as_json: Json = False,
) -> None:
    """Write the entry, index it, and search again for each question to prove that it is found (else exit code 1).

    Without an answer the draft is taken as it stands, which one that quotes nothing cannot be. Accepting a gap again
    replaces its entry. Entries are Markdown files in DRAGOMAN_HOME/entries: keep them, edit them, then run
    dragoman knowledge sync.
    """
    if sum([bool(answer), file is not None, edit]) > 1:
        stop("Give one of --answer, --file and --edit.", USAGE, as_json)
    written = (read_text(file, as_json) or " ") if file else answer

    async def work(dragoman: Dragoman) -> None:
        from integrations.gaps.decide import accept_gap, draft_of
        from knowledge.gap_drafts import EntryRefused

        listed = _find(await _read(dragoman), name, as_json)
        try:
            draft = _complete(draft_of(listed), _edited(draft_of(listed), as_json) if edit else written, locale)
            accepted = await accept_gap(dragoman, listed, draft)
        except EntryRefused as refused:
            stop(f"Nothing was accepted. {refused}", USAGE, as_json)
        await dragoman.journal.add(user_name(), "gap accepted", accepted.path.name)
        _report(accepted, as_json)
        if not all(proof.found for proof in accepted.proofs):
            raise SystemExit(FINDINGS)

    run(work, as_json)


def _complete(draft: Draft, written: str, locale: str) -> Draft:
    from knowledge.gap_drafts import complete, in_locale

    draft = complete(draft, written) if written else draft
    return in_locale(draft, locale) if locale else draft


def _edited(draft: Draft, as_json: bool) -> str:
    import click

    try:
        written = click.edit(draft.text, extension=".md")
    except click.ClickException as error:
        stop(f"No editor could be opened ({error.message}). Set EDITOR, or use --file.", USAGE, as_json)
    if written is None:
        stop("Nothing was accepted: the draft was closed without saving it.", FINDINGS, as_json)
    return written


def _report(accepted: Accepted, as_json: bool) -> None:
    if as_json:
        proofs = [_describe_proof(proof) for proof in accepted.proofs]
        print_json({"entry": accepted.entry, "file": str(accepted.path), "questions": proofs})
        return
    print_line(f"Written to {accepted.path} and indexed.")
    for proof in accepted.proofs:
        how = f"{'now' if proof.found else 'still'} finds {proof.first or 'nothing'} ({proof.score:.2f})"
        print_line(f"  {proof.question.language}  {proof.question.text}  {how}")
    if not all(proof.found for proof in accepted.proofs):
        note(
            "Not every question finds the entry: use the shoppers' own words in its title or answer, and accept again."
        )


def _describe_proof(proof: Any) -> dict[str, Any]:
    question = proof.question
    return {"question": question.text, "language": question.language, "found": proof.found,
            "first": proof.first, "score": round(proof.score, 4)}  # fmt: skip


@gaps_app.command()
def dismiss(
    name: Name, reason: Annotated[str, typer.Option(help="Why; kept with it.")] = "", as_json: Json = False
) -> None:
    """Leave a gap out of the list from now on, also when it is asked in other words."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.gaps.decide import dismiss_gap

        listed = _find(await _read(dragoman), name, as_json)
        await dismiss_gap(dragoman, listed, reason)
        _say(listed.gap.id, "dismissed", f"Undo: dragoman knowledge gaps restore {listed.gap.id}", as_json)

    run(work, as_json)


@gaps_app.command()
def restore(name: Name, as_json: Json = False) -> None:
    """Undo a dismissal or an acceptance; the accepted entry leaves the index and stays as a hidden file."""

    async def work(dragoman: Dragoman) -> None:
        from integrations.gaps.decide import restore_gap
        from integrations.gaps.listing import GapUnknown

        found = await _read(dragoman)
        try:
            decision = await restore_gap(dragoman, name, found)
        except GapUnknown as unknown:
            stop(str(unknown), USAGE, as_json)
        _say(name, "restored", f"It was {decision.decision}.", as_json)

    run(work, as_json)


def _say(name: str, done: str, more: str, as_json: bool) -> None:
    if as_json:
        print_json({"id": name, "done": done})
    else:
        print_line(f"Gap {name} {done}. {more}")
