"""The roles: which prompt, which tools, which guardrails in order. The security review is this screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from langchain.agents.middleware import AgentMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.tools import BaseTool

from assistant.guardrails.asked_actions import OnlyAskedActions
from assistant.guardrails.evidence import Natures
from assistant.guardrails.model_calls import LimitModelCalls
from assistant.guardrails.noted_tools import NoteToolCalls
from assistant.guardrails.personal_data import MaskPersonalData
from assistant.guardrails.rewriting import RewriteUnborne
from assistant.guardrails.screen import Instructions
from assistant.guardrails.tool_faults import explain_tool_faults
from assistant.guardrails.untrusted import FenceToolResults
from assistant.prompts import prompt
from tools.claims.copy_check import check_copy
from tools.context import Role
from tools.copywriting.drafting import draft_copy
from tools.handoff import hand_to_person
from tools.listings.drafting import check_listing, draft_listing
from tools.localization.asking import localize_texts
from tools.offers import action_tools
from tools.orders import identify_customer, list_orders, show_order
from tools.policies import search_policies
from tools.products import compare_products, search_products, show_product
from tools.returns import refund_status, return_options
from tools.staff import approval_limits, customer_orders

MOST_MODEL_CALLS = 8
"""Model calls in one turn; more is a loop."""


def _guardrails(known: BaseChatModel | None = None, natures: Natures = ()) -> list[AgentMiddleware[Any, Any, Any]]:
    """Outermost first: the fence sees what the fault guard tells, too. `known` words what tools told where a served
    model cannot, `natures` tells what its sentences mean.
    """
    return [
        LimitModelCalls(MOST_MODEL_CALLS),
        *([RewriteUnborne(known, MOST_MODEL_CALLS, prompt("rewrite"), natures)] if known else []),
        MaskPersonalData(),
        NoteToolCalls(),
        FenceToolResults(),
        explain_tool_faults(),
        OnlyAskedActions(),
    ]


@dataclass(frozen=True)
class RoleSpec:
    """What a role's agent is made of."""

    prompt: str
    tools: tuple[BaseTool, ...]
    guardrails: Callable[..., list[AgentMiddleware[Any, Any, Any]]] = _guardrails


_PRODUCT_TOOLS = (search_products, show_product, compare_products)
_LISTING_TOOLS = (draft_listing, check_listing, draft_copy, localize_texts)

ROLES: dict[Role, RoleSpec] = {
    "shopper": RoleSpec(
        "shopper",
        (search_policies, *_PRODUCT_TOOLS, identify_customer, show_order, list_orders, return_options,
         refund_status, *action_tools(), hand_to_person),
    ),
    "operator": RoleSpec(
        "operator",
        (search_policies, *_PRODUCT_TOOLS, show_order, list_orders, return_options, refund_status, customer_orders,
         approval_limits, check_copy, *_LISTING_TOOLS),
    ),
    "marketer": RoleSpec("marketer", (search_policies, *_PRODUCT_TOOLS, check_copy, *_LISTING_TOOLS)),
}  # fmt: skip


def tool_names() -> frozenset[str]:
    """The names of all tools there are."""
    return frozenset(tool.name for spec in ROLES.values() for tool in spec.tools)


@cache
def instructions(role: Role) -> Instructions:
    """What a role's assistant is told and nobody else reads."""
    spec = ROLES[role]
    texts = [
        prompt(spec.prompt),
        prompt("route"),
        prompt("word"),
        prompt("rewrite"),
        *(tool.description for tool in spec.tools),
    ]
    return Instructions(texts, [tool.name for tool in spec.tools])
