"""Slack's limits as its documents state them, written apart from the product's own check of them."""

from __future__ import annotations

from typing import Any

TEXTS = {"header": 150, "section": 3000, "button": 75, "option": 75, "context": 3000, "label": 2000, "title": 100}
KNOWN = {"section", "header", "divider", "context", "actions", "markdown", "context_actions", "input"}


def refused_blocks(blocks: list[dict[str, Any]], most: int) -> list[str]:
    """Why Slack answers invalid_blocks."""
    found = [] if len(blocks) <= most else [f"more than {most} blocks"]
    markdown = 0
    for block in blocks:
        kind = block.get("type")
        if kind not in KNOWN:
            found.append(f"unknown block {kind}")
        if kind in ("header", "section") and "text" in block:
            found += _text(block["text"], TEXTS[kind], kind)
        if kind == "section" and len(block.get("fields", [])) > 10:
            found.append("more than 10 fields")
        found += [fault for field in block.get("fields", []) for fault in _text(field, 2000, "field")]
        if kind == "markdown":
            markdown += len(block.get("text", ""))
        found += _elements(kind, block.get("elements"))
    return found + (["markdown is too long"] if markdown > 12_000 else [])


def _elements(kind: Any, elements: Any) -> list[str]:
    if kind not in ("context", "actions", "context_actions"):
        return []
    most = {"context": 10, "actions": 25, "context_actions": 5}[kind]
    found = [] if elements and len(elements) <= most else [f"{kind} has {len(elements or [])} elements"]
    for element in elements or []:
        if kind == "context":
            found += _text(element, 3000, kind)
        if element.get("type") == "button":
            found += _text(element.get("text"), 75, "button")
            found += [] if len(element.get("value", "")) <= 2000 else ["a value is too long"]
        if element.get("type") == "overflow":
            found += [] if 1 <= len(element["options"]) <= 5 else ["overflow has 1 to 5 options"]
    return found


def _text(text: Any, most: int, where: str) -> list[str]:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        return [f"{where} is no text"]
    return [] if 1 <= len(text["text"]) <= most else [f"{where}: {len(text['text'])} letters, 1 to {most}"]
