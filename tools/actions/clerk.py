"""The clerk carries out actions, whoever asks: identify, authorize, check, quote, confirm, approve, execute, record.

Every write has an operation id. The entry in the ledger is there before the shop is asked, the shop writes an operation
once and only on the state it was decided on; so a crash at any point leaves an entry from which the truth can be found.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from knowledge.service.case import Asker, Case
from knowledge.service.policy import ServicePolicy
from knowledge.service.requests import Request
from knowledge.shop import Change, OperationBarred, Shop, ShopUnavailable, Snapshot, StateChanged
from tools.actions.approvals import needed
from tools.actions.books import Plan
from tools.actions.consent import Consent, expiry, sign
from tools.actions.ledger import FINAL, OPEN, Entry, Ledger, LedgerUnavailable, Status
from tools.actions.outcome import Outcome, outcome_of
from tools.actions.plans import draw_up
from tools.actions.reconciling import NOT_CARRIED_OUT, look_into

log = logging.getLogger(__name__)

TRIES = 25
"""How often a case is judged anew because its order changed under it."""

WAITS = 20
"""Tenths of a second an action that is being carried out is waited for by whoever asks the same."""

NOT_OFFERED, STATE_CHANGED = "NOT_OFFERED", "STATE_CHANGED"
OPERATION_TAKEN = "OPERATION_TAKEN"
"""The rule where an operation id was used for something else, or by somebody else."""


@dataclass(frozen=True)
class Errand:
    """A request with who makes it. `who` names them in ledger and confirmations; `why` is the staff's reason."""

    asker: Asker
    request: Request
    who: str
    session_id: str = ""
    why: str = ""
    consent: Consent | None = None
    operation_id: str = ""


class Clerk:
    """Carries out actions over one shop, by one policy."""

    def __init__(
        self, shop: Shop, ledger: Ledger, policy: ServicePolicy, secret: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self.policy = policy
        self.ledger = ledger
        self.secret = secret
        self._shop, self._clock = shop, clock

    def now(self) -> datetime:
        """This moment."""
        return self._clock()

    async def act(self, errand: Errand) -> Outcome:
        """Carry out a request as far as it may go. The same operation id gives the first outcome again. Raises
        ShopUnavailable and LedgerUnavailable, both only before anything was asked of the shop but to be read.
        """
        given = errand.operation_id or (errand.consent.operation_id if errand.consent else "")
        known = await self.ledger.find(given) if given and not errand.request.reads else None
        errand = replace(errand, operation_id=given or secrets.token_hex(16))
        if known is not None and not (errand.consent and _quoted(known, errand)):
            return await self._recall(known, errand)
        return await self.carry_out(errand, known)

    async def carry_out(self, errand: Errand, entry: Entry | None) -> Outcome:
        """Judge and carry out, anew whenever the order changed in between. Raises as `act` does."""
        for tries in range(TRIES):
            try:
                outcome, entry = await self._once(errand, entry)
            except ShopUnavailable:
                if entry is None or entry.status != "started":
                    raise
                return await self._afterwards(entry, "unknown")
            if outcome is not None:
                return outcome
            await asyncio.sleep(random.uniform(0, 0.005 * tries))  # noqa: S311
        return await self._deny(errand, entry, Outcome("denied", errand.operation_id, STATE_CHANGED))

    async def _once(self, errand: Errand, entry: Entry | None) -> tuple[Outcome | None, Entry | None]:
        seen = await self.look(errand)
        case = self.case_of(errand, seen)
        refusal = self._refusal(errand, case)
        if refusal:
            return await self._deny(errand, entry, refusal), entry
        if errand.request.reads:
            return Outcome("done", errand.operation_id, order=case.order, customer=case.customer), entry
        plan = draw_up(case, self.policy.actions[errand.request.name], errand.operation_id)  # type: ignore[index]
        said = Consent.to_quote(errand.request, plan.quote, seen.order_version, errand.operation_id)
        if errand.consent is None or not errand.consent.covers(said):
            return await self._ask(errand, entry, case, plan, said), entry
        entry, outcome = await self._take(errand, entry, case, plan)
        return outcome or await self._execute(entry, case, plan, seen), entry

    async def look(self, errand: Errand) -> Snapshot:
        """The state an errand is judged against."""
        asked = str(getattr(errand.request.arguments, "customer_id", "")) or errand.asker.customer_id
        skus = [*errand.request.item_ids, *errand.request.new_item_ids]
        return await self._shop.look(errand.request.order_id, asked, skus)

    def case_of(self, errand: Errand, seen: Snapshot) -> Case:
        """What rules look at."""
        return Case(
            errand.request, errand.asker, self.now(), seen.order, seen.customer,
            {product.product_id: product for product in seen.products}, seen.history, self.policy.returns,
            self._shop.home_currency,
        )  # fmt: skip

    def _refusal(self, errand: Errand, case: Case) -> Outcome | None:
        """The rule that stands against it, if any: first who may ask at all, then whether the shop offers it."""
        rule = self.policy.breach(case)
        offered = errand.request.name in self.policy.actions or errand.request.reads
        if not offered and (rule is None or rule.check not in IDENTITY):
            return Outcome("denied", errand.operation_id, NOT_OFFERED)
        return Outcome.denied(errand.operation_id, rule, rule.figures(case)) if rule else None

    async def _deny(self, errand: Errand, entry: Entry | None, refusal: Outcome) -> Outcome:
        if errand.request.reads:
            return refusal
        taken, noted = await self._note(errand, entry, "denied", rule=refusal.rule, passage=refusal.passage)
        return refusal if taken else await self._recall(noted, errand)

    async def _ask(self, errand: Errand, entry: Entry | None, case: Case, plan: Plan, said: Consent) -> Outcome:
        """Show the quote and wait for a yes to it."""
        terms, until = self.policy.confirmation, expiry(case.now, self.policy.confirmation.minutes)
        rule, check = (terms.mismatch, "changed") if errand.consent else (terms.required, "confirmed")
        told = {"quote": plan.quote.told(), "version": said.version, "rule": rule, "expires_at": until}
        taken, noted = await self._note(errand, entry, "needs_confirmation", **told)
        if not taken and not _quoted(noted, errand):
            return await self._recall(noted, errand)
        return Outcome(
            "needs_confirmation", errand.operation_id, rule, check, terms.passage, terms.text,
            quote=plan.quote.told(), token=sign(self.secret, said, errand.who, until), order=case.order,
        )  # fmt: skip

    async def _take(self, errand: Errand, entry: Entry | None, case: Case, plan: Plan) -> tuple[Entry, Outcome | None]:
        """Enter the action in the ledger: as waiting for a person, else as started. Whoever is second gets what the
        first got. One that was started is held against the limits again, unless a person said yes to it.
        """
        approval = None if entry and entry.approved else needed(self.policy, case, plan.quote)
        status: Status = "needs_approval" if approval else "started"
        if entry is not None and entry.status == status:
            return entry, None
        told: dict[str, Any] = {"quote": plan.quote.told(), "rule": "", "passage": ""}
        if approval:
            until = case.now + timedelta(hours=self.policy.approval.hours)
            told |= {**approval.told(), "expires_at": until}
        taken, noted = await self._note(errand, entry, status, **told)
        if not taken:
            return noted, await self._recall(noted, errand)
        return noted, outcome_of(noted) if approval else None

    async def _note(self, errand: Errand, entry: Entry | None, status: Status, **told: Any) -> tuple[bool, Entry]:
        """Enter or move; whether it was us, and the entry as it now is."""
        if entry is None:
            fresh = self._entry(errand).moved(status, self.now(), errand.who, **told)
            known = await self.ledger.open(fresh)
            return known is None, known or fresh
        moved = entry.moved(status, self.now(), errand.who, **told)
        if await self.ledger.move(moved, entry.status):
            return True, moved
        return False, await self.ledger.find(entry.operation_id) or entry

    def _entry(self, errand: Errand) -> Entry:
        asker = errand.asker
        attested = {
            "who": errand.who, "role": asker.role, "rank": asker.rank, "customer_id": asker.customer_id,
            "order_ids": sorted(asker.order_ids),
        }  # fmt: skip
        now = self.now()
        return Entry(
            errand.operation_id, errand.request.name, errand.request.told(), "started", attested, now, now,
            order_id=errand.request.order_id, customer_id=asker.customer_id, session_id=errand.session_id,
            why=errand.why,
        )  # fmt: skip

    async def _execute(self, entry: Entry, case: Case, plan: Plan, seen: Snapshot) -> Outcome | None:
        """Write to the shop, then note what became of it; None where the state has changed."""
        change = Change(entry.operation_id, plan.order, plan.customer, plan.stock, plan.stands_on(seen.versions, case))
        try:
            await self._shop.change(change)
        except StateChanged:
            return None
        except OperationBarred:
            return await self._afterwards(entry, "denied", rule=NOT_CARRIED_OUT)
        except ShopUnavailable:
            return await self._afterwards(entry, "unknown")
        done = await self._afterwards(entry, "done")
        return replace(done, order=plan.order or case.order, customer=plan.customer or case.customer)

    async def _afterwards(self, entry: Entry, status: Status, **told: Any) -> Outcome:
        """Note what became of a started action. It is told as it is even where it cannot be noted: the entry is mended
        when it is looked into.
        """
        moved = entry.moved(status, self.now(), "shop", **told)
        try:
            await self.ledger.move(moved, "started")
        except LedgerUnavailable as error:
            log.error("the outcome of %s is not in the ledger yet: %s", entry.operation_id, error)
        return outcome_of(moved)

    async def _recall(self, entry: Entry, errand: Errand) -> Outcome:
        """The outcome of an action that is in the ledger: waited for where somebody carries it out just now, looked
        into where it was left hanging.
        """
        if not _same(entry, errand):
            return Outcome("denied", errand.operation_id, OPERATION_TAKEN)
        for _ in range(WAITS):
            entry = await self.look_into(entry)
            if entry.status != "started":
                break
            await asyncio.sleep(0.1)
            entry = await self.ledger.find(entry.operation_id) or entry
        return outcome_of(entry).explained(self.policy.rules_of(entry.name))

    async def look_into(self, entry: Entry) -> Entry:
        """An entry as it truly is (see `look_into`)."""
        return await look_into(entry, self._shop, self.ledger, self.now())

    async def reconcile(self) -> list[Entry]:
        """Look into everything that is not settled; returns what was settled now."""
        waiting = [entry for status in OPEN for entry in await self.ledger.entries(status, 1000)]
        looked = [(entry, await self.look_into(entry)) for entry in waiting]
        return [now for before, now in looked if now.status in FINAL and now.status != before.status]


IDENTITY = ("identified", "order_exists", "own", "customer_exists")
"""Checks of who asks: before they hold, nothing is said of what the shop offers."""


def _same(entry: Entry, errand: Errand) -> bool:
    """Whether an errand asks what an entry's did: by the same one, the same request."""
    return (entry.asker["who"], entry.name, entry.arguments) == (errand.who, errand.request.name, errand.request.told())


def _quoted(entry: Entry, errand: Errand) -> bool:
    """Whether an entry waits for a yes to what this errand asks for."""
    return entry.status == "needs_confirmation" and _same(entry, errand)
