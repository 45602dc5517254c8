"""What a page says of a job that writes a batch: what it cost, why it stopped; and what it would cost, at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from integrations.database.studio_batches import Batch
from integrations.markup import Html, tag
from integrations.studio.reader import Reader
from knowledge.jobs import Job, JobRefused


@dataclass(frozen=True)
class Wanted:
    """What a model is to write: for which channels and locales, how many products, and what it would cost; None where
    no price is known.
    """

    batch: Batch
    channels: Sequence[str]
    locales: Sequence[str]
    products: int
    estimate: Decimal | None


def dollars(text: str) -> Decimal | None:
    """An amount of US dollars as somebody wrote it; None where they wrote none. Raises JobRefused."""
    plain = text.strip().replace(",", ".")
    try:
        usd = Decimal(plain) if plain else None
    except InvalidOperation:
        usd = Decimal(0)
    if usd is not None and not (usd.is_finite() and 0 < usd < 10**9):
        raise JobRefused(f"{text.strip()[:20]!r} is no amount of US dollars.")
    return usd


def job_view(reader: Reader, job: Job, failures: Sequence[str]) -> Html:
    """What a job has cost, what of it failed and why it stopped; where the budget stopped it, the field for another."""
    spent = reader.dollars(job.cost_usd)
    told = reader.say("job_of", spent=spent, budget=reader.dollars(job.budget_usd)) if job.budget_usd else ""
    told = told or reader.say("job_cost", spent=spent)
    parts = [tag("span", told, class_="hint", title=job.id)]
    if job.state == "over_budget":
        parts.append(tag("span", reader.say("over_budget"), class_="fault"))
        parts.append(budget_field(reader, job.budget_usd))
    elif job.why and job.state == "paused":
        parts.append(tag("span", job.why, class_="fault", dir="auto"))
    if job.failed:
        why = "; ".join(dict.fromkeys(failures))
        parts.append(tag("span", reader.say("job_failed", count=reader.number(job.failed), why=why), class_="fault"))
    return tag("span", parts, class_="job")


def budget_field(reader: Reader, usd: Decimal | None = None) -> Html:
    """Where the most a job may cost is written."""
    held = tag("input", name="budget", inputmode="decimal", size=8, autocomplete="off", dir="ltr",
               value="" if usd is None else f"{usd.normalize():f}")  # fmt: skip
    return tag("label", reader.say("budget"), " ", held, class_="budget")


def estimate_page(reader: Reader, wanted: Wanted, fault: str = "") -> list[Html]:
    """What it would cost, and the button that begins it."""
    drafts = wanted.products * len(wanted.channels) * len(wanted.locales)
    cost = wanted.estimate
    told = reader.say("estimate", cost=reader.dollars(cost)) if cost is not None else reader.say("no_estimate")
    held = [("channels", one) for one in wanted.channels] + [("locales", one) for one in wanted.locales[1:]]
    held += [("source", wanted.locales[0]), ("writer", "model"), ("agreed", "yes")]
    form = tag(
        "form", tag("p", fault, role="alert", class_="fault") if fault else None,
        tag("p", reader.say("estimate_line", drafts=reader.number(drafts), products=reader.number(wanted.products))),
        tag("p", tag("b", told)), tag("p", reader.say("estimate_note"), class_="hint"),
        budget_field(reader) if cost is not None else None,
        [tag("input", type="hidden", name=name, value=value) for name, value in held],
        tag("button", reader.say("begin", count=reader.number(wanted.products)), type="submit", class_="button"),
        tag("a", reader.say("back"), href=f"/studio/batches/{wanted.batch.id}/choose"),
        method="post", action=f"/studio/batches/{wanted.batch.id}/write", class_="choosing",
    )  # fmt: skip
    return [tag("div", tag("h1", reader.say("before_start")), class_="bar-line"), form]
