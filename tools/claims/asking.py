"""A check as programs ask for it: an object with a text, where it is shown, and what is known beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from knowledge.findings import Finding
from tools.claims.check import check_claims
from tools.claims.evidence import Evidence

LONGEST = 200_000
"""Most letters of one text."""


def asked(held: Mapping[str, Any]) -> list[Finding]:
    """The findings for `text`, `jurisdiction`, `locale`, and maybe `category`, `evidence`, `brands`, `on`. Evidence is
    a text, or an object with `text`, `scope`, `valid_until`. Raises ValueError that says what is wrong.
    """
    text = _text(held, "text")
    if len(text) > LONGEST:
        raise ValueError(f"the text has more than {LONGEST:,} letters")
    if not _text(held, "locale"):
        raise ValueError("say the text's locale, like de-DE")
    return check_claims(
        text, _text(held, "jurisdiction"), _text(held, "locale"), category=_text(held, "category"),
        evidence=[_evidence(one) for one in _several(held, "evidence")], on=_day(held.get("on")),
        brands=[str(one) for one in _several(held, "brands")],
    )  # fmt: skip


def _text(held: Mapping[str, Any], name: str) -> str:
    value = held.get(name) or ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is a text")
    return value


def _several(held: Mapping[str, Any], name: str) -> list[Any]:
    value = held.get(name) or []
    if not isinstance(value, list):
        raise ValueError(f"{name} is a list")
    return value


def _evidence(held: Any) -> Evidence:
    if isinstance(held, str):
        return Evidence.of(held)
    if isinstance(held, dict) and isinstance(held.get("text"), str):
        return Evidence(held["text"], str(held.get("scope") or ""), _day(held.get("valid_until")))
    raise ValueError('evidence is a text, or {"text": ..., "scope": ..., "valid_until": ...}')


def _day(written: Any) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{written!r} is no day; write it like 2026-09-27") from error
