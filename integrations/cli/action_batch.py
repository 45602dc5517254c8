"""`dragoman action --batch`: try actions on a copy of the shop, each on the state that was imported."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.cli import run
from integrations.cli.out import begin_progress, print_json
from integrations.cli.reading import read_text

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.database.scratch import Scratch
    from knowledge.service.requests import Request
    from tools.actions.clerk import Clerk
    from tools.actions.outcome import Outcome


@dataclass(frozen=True)
class Try:
    """A line of a batch. `customer` is who is identified, '' nobody; `confirmed` what they said yes to; `prior` what
    was done before, as confirmed.
    """

    id: Any
    request: Request
    customer: str
    confirmed: Request | None
    prior: tuple[Request, ...]

    @classmethod
    def of(cls, line: Any) -> Try:
        """A line as it was read. Raises RequestInvalid."""
        from knowledge.service.requests import Request, RequestInvalid

        def read(held: Any) -> Request:
            if not isinstance(held, dict) or not isinstance(held.get("name"), str):
                raise RequestInvalid('an action is written {"name": ..., "arguments": {...}}')
            return Request.of(held["name"], held.get("arguments", {}))

        if not isinstance(line, dict) or "id" not in line:
            raise RequestInvalid("the line is no object with an id")
        if not isinstance(line.get("customer") or "", str) or not isinstance(line.get("prior") or [], list):
            raise RequestInvalid("customer is a text or null, prior a list")
        confirmed = read(line["confirmed"]) if line.get("confirmed") else None
        prior = tuple(read(held) for held in line.get("prior") or [])
        return cls(line["id"], read(line), line.get("customer") or "", confirmed, prior)


def try_batch(path: Path, locale: str, state: bool, as_json: bool) -> None:
    """Try every line, one JSON object a line out. The home's shop is copied first and stays as it is."""
    lines = _read(path, as_json)

    async def work(dragoman: Dragoman) -> None:
        await dragoman.ready()
        scratch = await dragoman.scratch()
        clerk = dragoman.clerk(scratch, scratch.ledger)
        show = begin_progress("actions tried")
        for done, line in enumerate(lines, 1):
            print_json(await _tried(dragoman, scratch, clerk, line, (locale, state)))
            scratch.restore()
            show(done, len(lines))

    run(work, as_json)


def _read(path: Path, as_json: bool) -> list[Any]:
    """Lines as JSON; one that is none stays as text, to be answered as invalid."""
    return [_loaded(line) for line in read_text(path, as_json).split("\n") if line.strip()]


def _loaded(line: str) -> Any:
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return line


async def _tried(
    dragoman: Dragoman, scratch: Scratch, clerk: Clerk, line: Any, manner: tuple[str, bool]
) -> dict[str, Any]:
    from knowledge.service.requests import RequestInvalid
    from tools.actions.telling import tell_outcome

    locale, state = manner
    named = line.get("id") if isinstance(line, dict) else None
    try:
        wanted = Try.of(line)
        for request in wanted.prior:
            await _apply(scratch, clerk, request, wanted.customer)
    except RequestInvalid as error:
        return {"id": named, "status": "invalid", "rule": None, "message": str(error)}
    outcome = await _act(clerk, wanted.request, wanted.customer, wanted.confirmed)
    asked = wanted.request
    message = tell_outcome(outcome, asked.name, locale, dragoman.library.cite(locale), asked.told()).message
    told = {"id": named, "status": outcome.status, "rule": outcome.rule or None, "message": message}
    return told | (await _state(scratch, wanted) if state else {})


async def _apply(scratch: Scratch, clerk: Clerk, request: Request, customer: str) -> None:
    """Do what was done before, as whoever's order it is. Raises RequestInvalid where it cannot have been done."""
    from knowledge.service.requests import RequestInvalid

    order = await scratch.order(request.order_id) if request.order_id else None
    outcome = await _act(clerk, request, order.customer_id if order else customer, request)
    if outcome.status != "done":
        raise RequestInvalid(f"prior {request.name} on {request.order_id}: {outcome.status} {outcome.rule}")


async def _act(clerk: Clerk, request: Request, customer: str, confirmed: Request | None) -> Outcome:
    from knowledge.service.case import Asker
    from tools.actions.clerk import Errand
    from tools.actions.consent import Consent

    consent = Consent.to(confirmed) if confirmed else None
    return await clerk.act(Errand(Asker(customer), request, customer, consent=consent))


async def _state(scratch: Scratch, wanted: Try) -> dict[str, Any]:
    from integrations.shops.json_records import customer_record, order_record

    order = await scratch.order(wanted.request.order_id) if wanted.request.order_id else None
    owner = await scratch.customer(wanted.customer or (order.customer_id if order else ""))
    return {
        "order": order_record(order) if order else None, "customer": customer_record(owner) if owner else None,
    }  # fmt: skip
