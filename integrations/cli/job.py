"""`dragoman job run|list|show|results|pause|resume|cancel` and `dragoman worker`: long work, and who does it."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.cli import Json, app, job_app, run
from integrations.cli.action import user_name
from integrations.cli.job_words import do_job, line_of, print_job
from integrations.cli.out import FINDINGS, USAGE, note, print_json, print_line, stop
from integrations.cli.reading import read_text, writing

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.jobs.jobs import Jobs
    from knowledge.jobs import Job

Id = Annotated[str, typer.Argument(help="The job, as `dragoman job list` shows it.")]
Budget = Annotated[str, typer.Option("--budget", help="The most it may cost, in US dollars; it stops before.")]


@job_app.command("run")
def run_(  # noqa: PLR0913  (each is an option)
    kind: Annotated[str, typer.Argument(help="What is done: listings, audit or ingest.")],
    skus: Annotated[str, typer.Option(help="SKUs or ids of products, separated by commas, or all.")] = "all",
    marketplaces: Annotated[str, typer.Option(help="Channels, separated by commas, or all.")] = "",
    locales: Annotated[str, typer.Option(help="Locales, separated by commas, or all.")] = "",
    items: Annotated[Path | None, typer.Option(help="JSON Lines, an item each, in place of the three above.")] = None,
    model: Annotated[bool, typer.Option("--model/--no-model", help="Let the configured model write.")] = False,
    batch: Annotated[bool, typer.Option("--batch", help="By the server's Batch API: half price, up to a day.")] = False,
    budget: Budget = "",
    title: Annotated[str, typer.Option(help="What to call it.")] = "",
    start: Annotated[bool, typer.Option("--start/--estimate", help="Start it, or tell what it would cost.")] = True,
    as_json: Json = False,
) -> None:
    """Make a job and do it: many items, each done and paid for once. Ctrl-C pauses it; dragoman job resume goes on.

    Exit code 1 where an item failed or something is left.

    \b
    dragoman job run listings --marketplaces amazon,ebay --locales de-DE,ja-JP
    """
    usd = _usd(budget, as_json)
    options: dict[str, Any] = {"model": model or batch, **({"batch": True} if batch else {})}

    async def work(dragoman: Dragoman, jobs: Jobs) -> None:
        await dragoman.filled()
        wanted = {"skus": skus, "marketplaces": marketplaces, "locales": locales}
        given = _read(items, as_json) if items else await jobs.plan(kind, wanted)
        estimate = await jobs.estimate(kind, given, options)
        cost = "nothing to pay" if estimate is None else f"about {estimate:.2f} US dollars"
        note(f"items: {len(given):,}; {cost}")
        if not start:
            print_json({"items": len(given), "estimate_usd": estimate and float(estimate)}) if as_json else None
            return
        job = await jobs.create(kind, given, title=title or kind, options=options, budget_usd=usd, by=user_name())
        await _do(jobs, job, as_json)

    _with_jobs(work, as_json)


@job_app.command("list")
def list_(as_json: Json = False) -> None:
    """List the jobs made last, newest first."""

    async def work(_: Dragoman, jobs: Jobs) -> None:
        found = await jobs.list()
        if as_json:
            print_json({"jobs": [job.told() for job in found]})
            return
        for job in found:
            print_line(line_of(job))
        if not found:
            print_line("No jobs. Start one:  dragoman job run listings --marketplaces amazon --locales de-DE")

    _with_jobs(work, as_json)


@job_app.command()
def show(job_id: Id, as_json: Json = False) -> None:
    """Show how a job stands, and which items failed."""

    async def work(_: Dragoman, jobs: Jobs) -> None:
        job = await jobs.show(job_id)
        failed = [item async for item in jobs.results(job_id, "failed")]
        if as_json:
            print_json({**job.told(), "failures": [item.told() for item in failed]})
        else:
            print_job(job, failed)

    _with_jobs(work, as_json)


@job_app.command()
def results(
    job_id: Id,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write; without it, standard output.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List every item with what came of it, as JSON Lines."""

    async def work(_: Dragoman, jobs: Jobs) -> None:
        await jobs.show(job_id)
        if out is None:
            async for item in jobs.results(job_id):
                print_json(item.told())
            return
        with writing(out, as_json), out.open("w", encoding="utf-8") as file:
            async for item in jobs.results(job_id):
                file.write(json.dumps(item.told(), ensure_ascii=False) + "\n")

    _with_jobs(work, as_json)


@job_app.command()
def pause(job_id: Id, as_json: Json = False) -> None:
    """Let a job stop after what is under way."""
    _turned(lambda jobs: jobs.pause(job_id), as_json)


@job_app.command()
def cancel(job_id: Id, as_json: Json = False) -> None:
    """Stop a job for good; what is done stays."""
    _turned(lambda jobs: jobs.cancel(job_id), as_json)


@job_app.command()
def resume(
    job_id: Id,
    failed: Annotated[bool, typer.Option("--failed", help="Try the items that failed again, too.")] = False,
    budget: Budget = "",
    as_json: Json = False,
) -> None:
    """Go on with a job that was paused, ran out of budget, or whose process died. Nothing is done twice."""
    usd = _usd(budget, as_json)

    async def work(dragoman: Dragoman, jobs: Jobs) -> None:
        await dragoman.filled()
        await _do(jobs, await jobs.resume(job_id, failed=failed, budget_usd=usd), as_json)

    _with_jobs(work, as_json)


@app.command()
def worker() -> None:
    """Do jobs beside other machines, over PostgreSQL.

    As many workers as you like. Ctrl-C stops, after what is in hand.
    """

    async def work(dragoman: Dragoman, jobs: Jobs) -> None:
        await dragoman.filled()
        note("This worker does jobs as they come (Ctrl-C stops).")
        await jobs.work()

    _with_jobs(work, False)


async def _do(jobs: Jobs, job: Job, as_json: bool) -> None:
    """Do a job and tell what came of it."""
    note(f"{job.id}: dragoman job show {job.id}")
    ended = await do_job(jobs, job)
    print_json(ended.told()) if as_json else print_job(ended, [i async for i in jobs.results(job.id, "failed")])
    if ended.failed or ended.waiting:
        raise SystemExit(FINDINGS)


def _turned(turn: Callable[[Jobs], Coroutine[Any, Any, Job]], as_json: bool) -> None:
    async def work(_: Dragoman, jobs: Jobs) -> None:
        job = await turn(jobs)
        print_json(job.told()) if as_json else print_line(line_of(job))

    _with_jobs(work, as_json)


def _with_jobs(work: Callable[[Dragoman, Jobs], Coroutine[Any, Any, None]], as_json: bool) -> None:
    """Open the home and its jobs; what is refused ends with an error that says why."""

    async def whole(dragoman: Dragoman) -> None:
        from integrations.cli.studio import jobs_of
        from knowledge.jobs import JobRefused

        try:
            await work(dragoman, jobs_of(dragoman))
        except JobRefused as refusal:
            stop(str(refusal), USAGE, as_json)

    run(whole, as_json)


def _usd(text: str, as_json: bool) -> Decimal | None:
    try:
        usd = Decimal(text) if text else None
    except InvalidOperation:
        usd = Decimal("nan")
    if usd is not None and not usd.is_finite():
        stop(f"{text!r} is no amount of US dollars. Write it like 2.50.", USAGE, as_json)
    return usd


def _read(path: Path, as_json: bool) -> list[dict[str, Any]]:
    from integrations.listings.tables import read_lines

    try:
        rows = read_lines(read_text(path, as_json))
    except ValueError as error:
        stop(f"{path} cannot be read as JSON Lines: {error}", USAGE, as_json)
    if not all(isinstance(row, dict) for row in rows):
        stop(f'{path}: each line is an object, like {{"sku": "A-1", "marketplace": "amazon"}}.', USAGE, as_json)
    return rows
