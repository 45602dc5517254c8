"""Asking a case: its messages one after the other, and all that came back as one answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from evals.cases import Case
from evals.models import Aides
from integrations.cli.ask import collect
from tools.context import Session

if TYPE_CHECKING:
    from evals.scorers import Answer
    from integrations.bootstrap import Dragoman

JOINED = ("tool_calls", "citations", "cards", "actions")
"""What is gathered over the turns of a conversation."""

FELL_BACK = {"message": "the model that is measured gave no whole answer; the embedded one did", "code": "fell_back"}


async def ask_case(case: Case, dragoman: Dragoman, aides: Aides | None = None) -> Answer:
    """What came back for a case, in an open home: the judged turns together, what tools told, and for a case with a
    `state` what the shop holds afterwards.
    """
    assistant = await dragoman.assistant()
    session = _session(case)
    aides = aides or Aides(dragoman.settings)
    given: list[Answer] = []
    said: list[str] = []
    while (text := await _next(case, given, said, aides)) is not None:
        kept = await dragoman.sessions.find(session.id)
        session = replace(session, order_ids=kept.order_ids) if kept else session
        said.append(text)
        given.append(await collect(assistant, text, session))
    answer = together(given[len(case.before) :]) | {"asked": said[len(case.before) :], "wrote": said}
    if dragoman.settings.served_models and "embedded" in answer["engines"]:
        answer.setdefault("error", FELL_BACK)
    answer["told"] = [*await _told(dragoman, session), *answer["actions"]]
    answer["state"] = await _held(case, dragoman)
    answer["verdict"] = await aides.judged(case.judge, "\n".join(said), answer["answer"])
    return answer


async def _next(case: Case, given: list[Answer], said: list[str], aides: Aides) -> str | None:
    """What is written next; None where the conversation is over."""
    if case.shopper and len(given) >= len(case.before):
        return await aides.next_line(case.shopper, given[len(case.before) :], said[len(case.before) :])
    return case.messages[len(given)] if len(given) < len(case.messages) else None


def _session(case: Case) -> Session:
    market = case.market or case.locale.partition("-")[2]
    return Session(
        id=f"case-{case.id}", channel="evals", locale=case.locale, language=case.language, market=market,
        customer_id=case.customer,
    )  # fmt: skip


def together(given: list[Answer]) -> Answer:
    """The answers of a conversation as one; `said` keeps them apart, `language` and `engines` name every one."""
    languages = dict.fromkeys(answer["language"] for answer in given)
    whole = {name: list(chain.from_iterable(answer[name] for answer in given)) for name in JOINED}
    said = [answer["answer"] for answer in given]
    failed = [{"error": answer["error"]} for answer in given if "error" in answer]
    return {
        **given[-1], **whole, "said": said, "answer": "\n\n".join(said), "language": ", ".join(languages),
        "engines": [answer.get("engine", "") for answer in given],
        "latencies": [answer.get("latency_ms", 0) for answer in given],
        "usages": [answer.get("usage", {}) for answer in given],
        **(failed[0] if failed else {}),
    }  # fmt: skip


async def _told(dragoman: Dragoman, session: Session) -> list[dict[str, Any]]:
    """What tools returned in the conversation."""
    config = {"configurable": {"thread_id": session.id}}
    state = await dragoman.agent("shopper").aget_state(config)  # type: ignore[arg-type]
    held = state.values.get("messages", [])
    return [m.artifact for m in held if isinstance(getattr(m, "artifact", None), dict)]


async def _held(case: Case, dragoman: Dragoman) -> dict[str, Any]:
    """What the shop holds of all that the case looks at; the ledger is the whole home's, which is the case's own."""
    if case.state is None:
        return {}
    found = {number: await dragoman.shop.order(number) for number in case.state.orders}
    orders = {number: order.model_dump(mode="json", by_alias=True) for number, order in found.items() if order}
    entries = sorted(await dragoman.ledger.entries(), key=lambda entry: entry.created_at)
    return {"orders": orders, "ledger": [f"{entry.name} {entry.status}" for entry in entries]}
