"""A turn as it is kept: one JSON object without personal data and secrets, of a bounded size."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from assistant.tracing import (
    Acted,
    Broke,
    Handed,
    Happening,
    Masked,
    ModelAsked,
    Refused,
    ToolRan,
    Trace,
    Withheld,
)
from knowledge.masking import mask_personal, mask_secrets, one_line
from knowledge.personal import Kind

_PLAIN = re.compile("[a-z_]{0,64}")
"""A name, as code gives them."""

KINDS: dict[type[Happening], str] = {
    ModelAsked: "model", ToolRan: "tool", Masked: "masked", Withheld: "withheld", Refused: "refused", Acted: "action",
    Handed: "handoff", Broke: "fault",
}  # fmt: skip

PROVES = ("email", "postcode", "zip", "phone", "name", "first_name", "last_name", "address1", "address2", "city")
"""Arguments that say who or where somebody is: an order's number with its postcode opens it."""

NUMBERS: tuple[Kind, ...] = ("order",)
"""What stays in fields that end in _id, where it stands alone."""

MOST_LETTERS = 2000
MOST_VALUES = 20
MOST_LEVELS = 4
"""More of an argument, and deeper, is not kept: a model can write what it likes."""


def record_of(trace: Trace) -> dict[str, Any]:
    """All that happened in a turn, in order; times in seconds from its beginning."""
    record = {
        "first_shown": _since(trace, trace.first_shown), "question": masked(trace.question),
        "happened": [_describe(one, trace) for one in trace.happened], "answer": masked("".join(trace.shown)),
    }  # fmt: skip
    proofs = [proof for one in trace.happened if isinstance(one, ToolRan) for proof in _proofs(one.arguments)]
    return _without(record, re.compile("|".join(proofs), re.IGNORECASE)) if proofs else record


def _proofs(arguments: dict[str, Any]) -> Iterator[str]:
    """Patterns of what was given to a tool to say who somebody is, however it is spaced: in the shopper's own words it
    may look like nothing personal.
    """
    for name in PROVES:
        signs = [re.escape(sign) for sign in str(arguments.get(name) or "")[:100] if sign.isalnum()]
        if len(signs) > 2:
            yield r"(?<!\w)" + r"\W{0,2}".join(signs) + r"(?!\w)"


def _without(value: Any, proofs: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return proofs.sub("[proof]", value)
    if isinstance(value, dict):
        return {name: _without(part, proofs) for name, part in value.items()}
    return [_without(part, proofs) for part in value] if isinstance(value, list) else value


def _since(trace: Trace, reading: float | None) -> float | None:
    return round(reading - trace.began, 4) if reading else None


def masked(text: str, keep: Collection[Kind] = ()) -> str:
    """A text as one line, without personal data, numbers of orders and secrets."""
    if _PLAIN.fullmatch(text):
        return text
    kept = mask_personal(mask_secrets(one_line(text, 2 * MOST_LETTERS)), keep)
    return kept if len(kept) <= MOST_LETTERS else kept[: MOST_LETTERS - 1] + "…"


def _describe(one: Happening, trace: Trace) -> dict[str, Any]:
    told = {"kind": KINDS[type(one)], **vars(one)}
    if isinstance(one, ModelAsked | ToolRan):
        told |= {"at": _since(trace, told.pop("began")), "seconds": round(told.pop("ended") - one.began, 4)}
    match one:
        case ModelAsked():
            told |= {"first": _since(trace, one.first), "answered_by": masked(one.answered_by)}
            told |= {"finish_reason": masked(one.finish_reason)}
        case ToolRan():
            told |= {"name": masked(one.name), "arguments": _arguments(one.arguments), "call_id": masked(one.call_id)}
            told["passages"] = [{"cite": cite, "score": score} for cite, score in one.passages]
        case Withheld():
            told |= {"sentence": masked(one.sentence), "reason": masked(one.reason)}
    return told


def _arguments(value: Any, name: str = "", level: int = 0) -> Any:
    """What a tool was called with. Numbers of orders, items and products stay in the fields that are for them."""
    if level > MOST_LEVELS:
        return "…"
    if isinstance(value, dict):
        first = list(value.items())[:MOST_VALUES]
        return {masked(str(key)): _arguments(part, str(key), level + 1) for key, part in first}
    if isinstance(value, list):
        return [_arguments(part, name, level + 1) for part in value[:MOST_VALUES]]
    if value is None or isinstance(value, bool):
        return value
    return _argument(value, name)


def _argument(value: Any, name: str) -> Any:
    text = str(value)
    if name in PROVES:
        return f"[{name}]" if text else ""
    numbers = name.endswith(("_id", "_ids")) and len(text.split()) == 1
    kept = masked(text, NUMBERS if numbers else ())
    return value if isinstance(value, int) and kept == text else kept
