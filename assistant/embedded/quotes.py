"""Policies quoted in answer to a task, where they are near enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.answers import asks
from assistant.embedded.passages import quote_passage
from assistant.embedded.task import CERTAIN, Task
from assistant.embedded.turn import Call, Turn
from assistant.embedded.wording import Words, asides

NEAR_ANSWER = 0.2
"""Closeness from which a passage answers a message whose intent was unclear. Of off-topic messages one in ten comes
so near to a policy, of policy questions three in four.
"""

NEAR_CERTAIN = 0.45
"""Closeness from which a policy is quoted beside what is surely a request about one's own order."""

NEAR_QUESTION = 0.3
"""The same beside what is asked about an order to be changed."""

NEAR_ASIDE = 0.24
"""Closeness from which a policy is quoted beside a request about an order."""


def quote_policy(task: Task, turn: Turn, words: Words) -> Iterator[str]:
    """The policy found for a task, if it is near enough."""
    found = told_for("search_policies", "question", task, turn)
    if found and closeness(found) > least_closeness(task):
        yield quote_passage(found["passages"], task.text, found.get("country", ""), words)


def least_closeness(task: Task) -> float:
    """How near a policy must be to be quoted beside, or instead of, what was asked."""
    if task.intent == "private_data":
        return NEAR_ANSWER
    if task.intent in ("order_status", "refund_status"):
        return NEAR_CERTAIN if task.sure >= CERTAIN else NEAR_ASIDE * 0.4
    if task.slots.order_ids:  # what is to be done with an order says little of the rules
        return NEAR_QUESTION if asks(task.text) else NEAR_CERTAIN
    return 0.0


def told_for(tool: str, argument: str, task: Task, turn: Turn) -> dict[str, Any] | None:
    """What a tool told for this task, or for the whole turn."""
    ours = asides(turn.language)
    told = [call for call in turn.calls if call.name == tool and call.told is not None]
    calls = [call for call in told if call.arguments.get("question") not in ours]
    own = [call for call in calls if call.arguments.get(argument) == task.text]
    return (own or calls or [Call("", {})])[0].told


def closeness(told: dict[str, Any] | None) -> float:
    """How near the nearest passage of a tool's result is to what was asked, -1 to 1."""
    return max((passage["closeness"] for passage in (told or {}).get("passages", [])), default=0.0)
