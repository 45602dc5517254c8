"""`/v1/jobs`: long work asked for, watched, stopped and read over HTTP (DESIGN 7)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from integrations.jobs.attending import BY, Attending
from integrations.jobs.jobs import Jobs
from knowledge.jobs import Job, JobRefused

MOST_ITEMS = 200_000
"""Items of one request; more are several jobs."""

WATCH_S = 1.0
"""Seconds between two tellings of progress."""

Names = list[Annotated[str, Field(max_length=200)]] | Literal["all"]


class Asked(BaseModel):
    """A job: the items themselves, or what they are to be made of."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=50)
    items: Annotated[list[dict[str, Any]], Field(max_length=MOST_ITEMS)] | None = None
    skus: Names = "all"
    marketplaces: Names = []
    locales: Names = []
    options: dict[str, Any] = {}
    title: str = Field("", max_length=200)
    budget_usd: Annotated[Decimal, Field(gt=0, max_digits=12)] | None = None
    start: bool = True


class Again(BaseModel):
    """How a job goes on: with the failed items too, with another budget."""

    model_config = ConfigDict(extra="forbid")

    failed: bool = False
    budget_usd: Annotated[Decimal, Field(gt=0, max_digits=12)] | None = None


def add_jobs(routes: APIRouter, attending: Attending) -> None:
    """Put the routes on the marketer's."""
    _add_making(routes, attending)
    _add_turning(routes, attending)
    _add_reading(routes, attending.jobs)


def _add_making(routes: APIRouter, attending: Attending) -> None:
    jobs = attending.jobs

    @routes.post("/jobs", status_code=202)
    async def create(body: Asked) -> dict[str, Any]:
        """Make a job and begin it; without `start` only tell what it would come to."""
        with _refused(422, "bad_request"):
            wanted = {"skus": body.skus, "marketplaces": body.marketplaces, "locales": body.locales}
            items = body.items if body.items is not None else await jobs.plan(body.kind, wanted)
            if not body.start:
                estimate = await jobs.estimate(body.kind, items, body.options)
                return {"items": len(items), "estimate_usd": None if estimate is None else float(estimate)}
            told = {"title": body.title, "options": body.options, "budget_usd": body.budget_usd}
            job = await jobs.create(body.kind, items, by=BY, **told)  # type: ignore[arg-type]
        attending.begin(job)
        return job.told()


def _add_turning(routes: APIRouter, attending: Attending) -> None:
    jobs = attending.jobs

    @routes.post("/jobs/{job_id}/resume")
    async def resume(job_id: str, how: Again = Again()) -> dict[str, Any]:
        """Let a job go on."""
        await _known(jobs, job_id)
        with _refused(409, "refused"):
            job = await jobs.resume(job_id, failed=how.failed, budget_usd=how.budget_usd)
        attending.begin(job)
        return job.told()

    @routes.post("/jobs/{job_id}/{word}")
    async def stop(job_id: str, word: Literal["pause", "cancel"]) -> dict[str, Any]:
        """Pause a job, or cancel it for good."""
        await _known(jobs, job_id)
        with _refused(409, "refused"):
            return (await (jobs.pause(job_id) if word == "pause" else jobs.cancel(job_id))).told()


def _add_reading(routes: APIRouter, jobs: Jobs) -> None:
    @routes.get("/jobs")
    async def latest() -> dict[str, Any]:
        """The jobs made last."""
        return {"jobs": [job.told() for job in await jobs.list()]}

    @routes.get("/jobs/{job_id}")
    async def show(job_id: str) -> dict[str, Any]:
        """How a job stands."""
        return (await _known(jobs, job_id)).told()

    @routes.get("/jobs/{job_id}/items")
    async def items(job_id: str, state: Literal["waiting", "done", "failed"] | None = None) -> StreamingResponse:
        """Every item with what came of it, as JSON Lines."""
        await _known(jobs, job_id)
        lines = (json.dumps(item.told(), ensure_ascii=False) + "\n" async for item in jobs.results(job_id, state))
        return StreamingResponse(lines, media_type="application/x-ndjson")

    @routes.get("/jobs/{job_id}/events")
    async def events(job_id: str) -> StreamingResponse:
        """How a job goes on, as server-sent events, until it stops."""
        await _known(jobs, job_id)
        return StreamingResponse(_progress(jobs, job_id), media_type="text/event-stream")


@contextmanager
def _refused(status: int, code: str) -> Iterator[None]:
    try:
        yield
    except JobRefused as refusal:
        raise HTTPException(status, {"code": code, "message": str(refusal)}) from refusal


async def _known(jobs: Jobs, job_id: str) -> Job:
    with _refused(404, "not_found"):
        return await jobs.show(job_id)


async def _progress(jobs: Jobs, job_id: str) -> AsyncIterator[str]:
    while True:
        job = await jobs.show(job_id)
        yield f"event: progress\ndata: {json.dumps(job.told(), ensure_ascii=False)}\n\n"
        if job.state not in ("queued", "running"):
            return
        await asyncio.sleep(WATCH_S)
