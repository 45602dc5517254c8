"""What a model proposes: pieces of text, each naming the facts that bear it, asked for and read by a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from knowledge.facts import Facts

TEXT = ("text",)
"""The parts of a plain piece."""

Pieces = dict[str, list[dict[str, Any]]]
"""What was proposed for each field."""


class ModelSilent(Exception):
    """No model gave an answer; the text says why."""


class Ask(Protocol):
    """Asks a model for JSON of a schema. Returns its text and the model's name. Raises ModelSilent."""

    async def __call__(self, instructions: str, task: str, schema: Mapping[str, Any]) -> tuple[str, str]: ...


def schema_of(parts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The schema of an answer: a list of pieces for each field, a piece with its parts and facts."""
    return {
        "type": "object", "additionalProperties": False, "required": list(parts),
        "properties": {name: {"type": "array", "items": _piece(own)} for name, own in parts.items()},
    }  # fmt: skip


def _piece(parts: Sequence[str]) -> dict[str, Any]:
    held: dict[str, Any] = {part: {"type": "string"} for part in parts}
    held["facts"] = {"type": "array", "items": {"type": "string"}}
    return {"type": "object", "additionalProperties": False, "required": [*parts, "facts"], "properties": held}


def read_pieces(text: str, parts: Mapping[str, Sequence[str]]) -> Pieces:
    """The fields of an answer that are as asked for; the rest is passed over, and asked for again."""
    start, end = text.find("{"), text.rfind("}")
    try:
        told = json.loads(text[start : end + 1])
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {name: held for name, own in parts.items() if (held := _held(told.get(name), own))}


def _held(told: Any, parts: Sequence[str]) -> list[dict[str, Any]]:
    pieces = told if isinstance(told, list) else [told]
    return [
        {**{part: " ".join(piece[part].split()) for part in parts}, "facts": [str(f) for f in piece.get("facts") or []]}
        for piece in pieces
        if isinstance(piece, dict) and all(isinstance(piece.get(part), str) for part in parts)
        and piece[parts[0]].strip()
    ]  # fmt: skip


def told_facts(facts: Facts, language: str) -> dict[str, Any]:
    """The facts as a model reads them, by id: names and summaries in the language alone."""
    held = {
        fact.id: fact.value for fact in facts.attested
        if not fact.name.startswith(("name.", "summary.")) or fact.language == language
    }  # fmt: skip
    return held | {
        facts.certificate_fact(c): f"{c.name}, {c.number}, {c.issuer}, until {c.valid_until}"
        for c in facts.certificates
    }
