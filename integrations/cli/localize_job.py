"""A big file localized as a job: each text asked and paid for once, and the same command goes on where it stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from integrations.cli.action import user_name
from integrations.cli.job_words import do_job
from integrations.cli.out import note

if TYPE_CHECKING:
    from integrations.jobs.jobs import Jobs
    from integrations.localization.documents import Document
    from integrations.localization.shown import Shown
    from integrations.localization.work import Localized
    from knowledge.jobs import Job
    from knowledge.localizing import Rendering, Segment

MOST_AT_ONCE = 200
"""Texts a model is asked for in this process; more are a job."""

CENT = Decimal("0.01")

LOOKED_THROUGH = 500
"""Jobs among which an earlier one for the same file is looked for."""


def open_places(localized: Localized, texts: Mapping[str, list[Segment]]) -> list[tuple[str, int]]:
    """The locale and place of each text that nothing known translates; equal texts once."""
    seen, found = set[tuple[object, ...]](), list[tuple[str, int]]()
    for locale, renderings in localized.renderings.items():
        for place, (one, segment) in enumerate(zip(renderings, texts[locale], strict=True)):
            key = (locale, *_like(segment))
            if not one.origin and key not in seen:
                seen.add(key)
                found.append((locale, place))
    return found


async def by_job(
    jobs: Jobs, localized: Localized, texts: Mapping[str, list[Segment]], shown: Shown, budget: Decimal | None = None
) -> Localized:
    """A document with what nothing known translates done by a job: a new one, or the one begun for the same texts. What
    is left over stays marked. Raises JobRefused.
    """
    from integrations.jobs.localizations import item_of

    items = [item_of(texts[locale], place, locale) for locale, place in open_places(localized, texts)]
    options = _options(localized.document, shown, items)
    job = await _begun(jobs, options)
    if job is None:
        estimate = await jobs.estimate("localization", items, options)
        price = "at a price I do not know" if estimate is None else f"about {max(estimate, CENT):.2f} US dollars"
        note(f"{len(items):,} texts for the model, {price}")
        job = await jobs.create(
            "localization", items, title="localize", options=options, budget_usd=budget, by=user_name()
        )
    else:
        note(f"going on with {job.id}: {job.done:,} of {job.total:,} are done")
        job = await jobs.resume(job.id, failed=True, budget_usd=budget)
    ended = await do_job(jobs, job)
    if ended.waiting:
        note(f"{ended.why or ended.state}: {ended.waiting:,} texts are left; the same command goes on with them")
    return _joined(localized, texts, await _done(jobs, job.id))


def _options(document: Document, shown: Shown, items: list[dict[str, Any]]) -> dict[str, Any]:
    """The job's options; `texts` tells that it is about these texts."""
    told = {
        "jurisdiction": shown.jurisdiction, "marketplace": shown.marketplace, "category": shown.category,
        "names": list(document.brands), "model": True,
    }  # fmt: skip
    return {**told, "texts": sha256(repr((told, items)).encode()).hexdigest()[:24]}


async def _begun(jobs: Jobs, options: Mapping[str, Any]) -> Job | None:
    for job in await jobs.list(LOOKED_THROUGH):
        own = job.kind == "localization" and job.options.get("texts") == options["texts"]
        if own and job.state != "cancelled":
            return job
    return None


async def _done(jobs: Jobs, job_id: str) -> dict[tuple[object, ...], Rendering | str]:
    """What came of a job's texts: a rendering, or why there is none."""
    from knowledge.localizing import Segment, rendering_of

    found: dict[tuple[object, ...], Rendering | str] = {}
    async for item in jobs.results(job_id):
        segment = Segment(**item.given["segments"][item.given["place"]])
        why = item.error or "It was not asked for yet."
        found[item.given["locale"], *_like(segment)] = rendering_of(item.result) if item.result else why
    return found


def _joined(
    localized: Localized, texts: Mapping[str, list[Segment]], done: Mapping[tuple[object, ...], Rendering | str]
) -> Localized:
    from tools.localization.known import missing

    def one(locale: str, segment: Segment, known: Rendering) -> Rendering:
        came = done.get((locale, *_like(segment))) if not known.origin else None
        if isinstance(came, str):
            return missing(segment, locale, came, known.suggestion)
        return replace(came, segment=segment.id) if came else known

    return replace(localized, renderings={
        locale: [one(locale, segment, known) for segment, known in zip(texts[locale], held, strict=True)]
        for locale, held in localized.renderings.items()
    })  # fmt: skip


def _like(segment: Segment) -> tuple[object, ...]:
    return segment.text, segment.context, segment.limit, segment.form
