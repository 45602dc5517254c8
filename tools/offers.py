"""Actions as tools of the assistant. A tool only offers: it shows what a request comes to. What happens, happens on the
shopper's own yes, which code takes and no model can give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, create_model

from knowledge.service.case import Asker
from knowledge.service.requests import WRITES, Arguments, Request, RequestInvalid
from tools.actions.clerk import IDENTITY, Errand
from tools.actions.outcome import Outcome
from tools.actions.telling import tell_outcome
from tools.context import Session, ToolContext
from tools.orders import refuse_order, seen_order
from tools.results import Told, describe_passage, tell

STAFF_ACTIONS = ("give_goodwill", "settle_return")
"""What only staff may do: no tool of a shopper's assistant."""

OFFERED = tuple(name for name in WRITES if name not in STAFF_ACTIONS)

MANNER = (
    " Nothing happens yet: the shopper is shown what it comes to and must confirm it themselves. Call it only when they"
    " asked for it, with what they gave; ask for what is missing."
)


def asker_of(session: Session) -> Asker:
    """Who a session speaks for, as far as code attested it. A tool acts for shoppers only."""
    return Asker(session.customer_id, session.order_ids)


def who_of(session: Session) -> str:
    """Who a confirmation is bound to: the customer, else this conversation."""
    return session.customer_id or f"session {session.id}"


async def offer(context: ToolContext, name: str, arguments: dict[str, Any]) -> Told:
    """What a request comes to, or why it may not be; an order the session may not see is refused like one that does
    not exist.
    """
    typed = str(arguments.get("order_id", ""))
    if typed or "order_id" in WRITES[name].model_fields:
        order = await seen_order(context, typed) if typed.strip() else None
        if order is None:
            return refuse_order(context, typed)
        arguments = {**arguments, "order_id": order.order_id}
    try:
        request = Request.of(name, arguments)
    except RequestInvalid as error:
        return tell("invalid", message=str(error))
    session = context.session
    errand = Errand(asker_of(session), request, who_of(session), session_id=session.id)
    return await tell_result(context, name, await context.clerk.act(errand), request.told())


async def tell_result(
    context: ToolContext, name: str, outcome: Outcome, arguments: Mapping[str, Any] | None = None
) -> Told:
    """An outcome as a tool tells it, in the session's language, with the passage that states the rule. The token that
    confirms a quote is for the shopper's own screen: it is in the artifact, and not in what the model reads.
    """
    session = context.session
    outcome = replace(outcome, quote=await _localized(context, outcome.quote))
    told = tell_outcome(outcome, name, session.locale or session.language, context.cite, arguments, session.language)
    passage = told.passage or _terms_of(context, name, outcome)
    content, artifact = tell(
        outcome.status, action=name, rule=_rule_told(outcome), message=told.text, quote=outcome.quote or None,
        operation_id=outcome.operation_id, passages=[passage] if passage else [],
    )  # fmt: skip
    token = {"token": outcome.token} if outcome.token else {}
    return content, artifact | token | _standing(outcome, arguments or {})


def _standing(outcome: Outcome, arguments: Mapping[str, Any]) -> dict[str, str]:
    """How the order stands, where the message of a refusal says so: what is said of it may stand on that."""
    status, order = outcome.figures.get("status"), arguments.get("order_id")
    return {"order_id": order, "order_status": status} if outcome.status == "denied" and status and order else {}


def _rule_told(outcome: Outcome) -> str | None:
    """The rule as a shopper may know it: not whether an order exists, nor why a person looks at a case."""
    if outcome.check in IDENTITY:
        return "IDENTITY_REQUIRED"
    return "APPROVAL" if outcome.status == "needs_approval" else outcome.rule or None


async def _localized(context: ToolContext, quote: dict[str, Any]) -> dict[str, Any]:
    """A quote with its products called as the shopper's language calls them."""
    lines = []
    for line in quote.get("lines", []):
        product = await context.shop.product(line["item_id"]) if line["item_id"] else None
        name = product.name_in(context.session.language) if product else ""
        lines.append({**line, "label": line["label"].replace(product.name, name, 1)} if product else line)
    return {**quote, "lines": lines} if lines else quote


def _terms_of(context: ToolContext, name: str, outcome: Outcome) -> dict[str, Any] | None:
    """The passage that states what an action leads to, beside its quote."""
    effect = context.policy.actions.get(name) if outcome.status == "needs_confirmation" else None  # type: ignore[call-overload]
    hit = context.cite(effect.passage) if effect and effect.passage else None
    return describe_passage(hit) if hit else None


def _tool(name: str, kind: type[Arguments]) -> BaseTool:
    async def run(runtime: ToolRuntime[ToolContext], **arguments: Any) -> Told:
        return await offer(runtime.context, name, arguments)

    asked = _asked(name, kind)
    fields = "\n".join(
        f"    {field}: {held.description}" for field, held in asked.model_fields.items() if field != "runtime"
    )
    summary = (kind.__doc__ or "").split("`")[0].strip()
    return StructuredTool.from_function(
        coroutine=run, name=name, description=f"{summary}{MANNER}\n\nArgs:\n{fields}", args_schema=asked,
        response_format="content_and_artifact",
    )  # fmt: skip


class _Run(BaseModel):
    """What the agent adds to a tool's arguments; no model sees it."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")
    runtime: ToolRuntime[ToolContext]


def _asked(name: str, kind: type[Arguments]) -> type[BaseModel]:
    """What a model is asked for: all but the customer, whom code knows."""
    fields: dict[str, Any] = {
        field: (held.annotation, held) for field, held in kind.model_fields.items() if field != "customer_id"
    }
    return create_model(name, __base__=_Run, **fields)


def action_tools() -> tuple[BaseTool, ...]:
    """A tool for each action a shopper may ask for."""
    return tuple(_tool(name, WRITES[name]) for name in OFFERED)
