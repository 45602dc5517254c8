"""What is typed into our modals, looked at before it is taken: what is wrong is said in the modal, which stays open."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from integrations.slack.settings_typed import mistaken


def typed(view: dict[str, Any]) -> dict[str, str]:
    """The fields of a modal as they were filled in."""
    held = (view.get("state") or {}).get("values") or {}
    return {
        block: "".join(str(field.get("value") or field.get("selected_conversation") or "") for field in fields.values())
        .strip()
        for block, fields in held.items()
    }  # fmt: skip


def amount_of(text: str) -> Decimal | None:
    """An amount as people type it (12.50 or 12,50); None where it is none."""
    try:
        found = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    exponent = found.as_tuple().exponent if found.is_finite() else 0
    return found if found.is_finite() and found > 0 and isinstance(exponent, int) and exponent >= -2 else None


def mistakes(view: dict[str, Any]) -> dict[str, str]:
    """What is wrong with a modal's fields, by field."""
    found = mistaken(typed(view)) if view.get("callback_id") in ("settings_changed", "limits_changed") else {}
    for name, text in typed(view).items():
        if not text and name in REQUIRED:
            found[name] = "Please fill this in."
        elif name == "amount" and amount_of(text) is None:
            found[name] = "An amount above zero, like 12.50."
    return found


REQUIRED = ("why", "text", "amount", "answer", "question")
"""Fields that may not be empty."""
