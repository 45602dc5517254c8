"""The tool calls by which a product is looked at."""

from __future__ import annotations

from typing import Any

from assistant.embedded.order_calls import given
from assistant.embedded.quotes import closeness, told_for
from assistant.embedded.task import Task
from assistant.embedded.turn import Turn

MUCH_NEARER = 0.1
"""How much nearer than any policy a product of the kind said must be to answer what looks like a policy question."""


def named_calls(task: Task, turn: Turn) -> list[tuple[str, dict[str, Any]]]:
    """A second look at what is likely no question about a product: if it names one, or says the kind of one that comes
    nearer to it than the policies, that product is looked at too.
    """
    looked = ("search_products", given(query=task.text))
    found = told_for("search_products", "query", task, turn) or {}
    policy = told_for("search_policies", "question", task, turn)
    nearer = closeness(found) > closeness(policy) + MUCH_NEARER
    meant = found.get("named") or (found.get("of_kind") if nearer and policy else None)
    return [looked, ("show_product", {"product": meant[0], "question": task.text})] if meant else [looked]
