"""What Slack takes in a message, a modal and the Home tab. Every one of ours is held against it before it is sent, so
that none is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

MOST_BLOCKS, MOST_VIEW_BLOCKS = 50, 100
MOST_SECTION, MOST_MARKDOWN, MOST_TEXT = 3000, 12_000, 40_000

Block = dict[str, Any]
Problems = Iterator[str]


class BlockKitInvalid(ValueError):
    """Slack would refuse it; the text says why."""


def check_message(message: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a message's text and blocks; nothing where it is sound."""
    blocks = message.get("blocks") or []
    text = message.get("text") or message.get("markdown_text") or ""
    found = [] if text or blocks else ["a message has neither text nor blocks"]
    if not message.get("text") and blocks:
        found.append("text is missing: notifications and screen readers show it")
    if len(message.get("text") or "") > MOST_TEXT:
        found.append(f"text is longer than {MOST_TEXT}")
    if len(message.get("markdown_text") or "") > MOST_MARKDOWN:
        found.append(f"markdown_text is longer than {MOST_MARKDOWN}")
    return [*found, *check_blocks(blocks, MOST_BLOCKS)]


def check_view(view: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a modal or a Home tab."""
    found = [f"{name} of a view is unknown" for name in view.keys() - VIEW]
    if view.get("type") not in ("modal", "home"):
        found.append("a view is a modal or a home")
    for name in ("title", "submit", "close") if view.get("type") == "modal" else ():
        if name == "title" or name in view:
            found += _text(view.get(name), 24, f"view.{name}", plain=True)
    if len(view.get("private_metadata", "")) > 3000:
        found.append("private_metadata is longer than 3000")
    return [*found, *check_blocks(view.get("blocks") or [], MOST_VIEW_BLOCKS, view=True)]


VIEW = {"type", "title", "submit", "close", "blocks", "private_metadata", "callback_id", "clear_on_close",
        "notify_on_close", "external_id", "submit_disabled"}  # fmt: skip


def check_blocks(blocks: list[Block], most: int, view: bool = False) -> list[str]:
    """What Slack would refuse in blocks."""
    found = [f"{len(blocks)} blocks, at most {most}"] if len(blocks) > most else []
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        found.append("two blocks have the same block_id")
    if sum(len(block.get("text", "")) for block in blocks if block.get("type") == "markdown") > MOST_MARKDOWN:
        found.append(f"markdown blocks are longer than {MOST_MARKDOWN} together")
    for place, block in enumerate(blocks):
        found += [f"block {place}: {problem}" for problem in _block(block, view)]
    return found


def _block(block: Block, view: bool) -> Problems:
    kind = block.get("type", "")
    if kind not in BLOCKS:
        yield f"there is no block '{kind}'"
        return
    fields, check = BLOCKS[kind]
    yield from (f"'{name}' is no field of a {kind}" for name in block.keys() - fields - {"type", "block_id"})
    if len(block.get("block_id", "")) > 255:
        yield "block_id is longer than 255"
    if kind == "markdown" and view:
        yield "markdown stands in messages only"
    yield from check(block)


def _section(block: Block) -> Problems:
    if "text" not in block and "fields" not in block:
        yield "a section has text or fields"
    if "text" in block:
        yield from _text(block["text"], MOST_SECTION, "text")
    if not 0 <= len(block.get("fields", [])) <= 10:
        yield "more than 10 fields"
    for field in block.get("fields", []):
        yield from _text(field, 2000, "field")
    if "accessory" in block:
        yield from _element(block["accessory"])


def _header(block: Block) -> Problems:
    yield from _text(block.get("text"), 150, "text", plain=True)


def _elements(most: int, check: Callable[[Any], Problems]) -> Callable[[Block], Problems]:
    def checked(block: Block) -> Problems:
        elements = block.get("elements", [])
        if not 1 <= len(elements) <= most:
            yield f"{len(elements)} elements, 1 to {most}"
        for element in elements:
            yield from check(element)
        ids = [element["action_id"] for element in elements if "action_id" in element]
        if len(ids) != len(set(ids)):
            yield "two elements have the same action_id"

    return checked


def _beside(element: Any) -> Problems:
    if element.get("type") == "image":
        yield from () if element.get("alt_text") and element.get("image_url") else ("an image has a url and alt_text",)
    else:
        yield from _text(element, MOST_SECTION, "context")


def _input(block: Block) -> Problems:
    yield from _text(block.get("label"), 2000, "label", plain=True)
    if "hint" in block:
        yield from _text(block["hint"], 2000, "hint", plain=True)
    yield from _element(block.get("element") or {})


def _markdown(block: Block) -> Problems:
    if not block.get("text"):
        yield "markdown without text"


def _nothing(_: Block) -> Problems:
    yield from ()


def _element(element: Block) -> Problems:
    kind = element.get("type", "")
    if kind not in ELEMENTS:
        yield f"there is no element '{kind}'"
        return
    yield from (f"'{name}' is no field of a {kind}" for name in element.keys() - ELEMENTS[kind] - {"type"})
    yield from _lengths(element, f"{kind} ")
    if kind == "button":
        yield from _text(element.get("text"), 75, "button", plain=True)
    if element.get("style") not in (None, "primary", "danger"):
        yield "style is primary or danger"
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, "placeholder", plain=True)
    if "confirm" in element:
        yield from _confirm(element["confirm"])
    yield from _options(element)


def _lengths(element: Block, where: str) -> Problems:
    limits = {"action_id": 255, "value": 2000, "url": 3000, "initial_value": 3000, "alt_text": 2000, "image_url": 3000}
    for name, most in limits.items():
        if len(str(element.get(name, ""))) > most:
            yield f"{where}{name} is longer than {most}"


def _options(element: Block) -> Problems:
    if element["type"] == "static_select" and not 1 <= len(element.get("options", [])) <= 100:
        yield "a select has 1 to 100 options"
    if element["type"] == "overflow" and not 1 <= len(element.get("options", [])) <= 5:
        yield "an overflow has 1 to 5 options"
    for option in element.get("options", []):
        yield from _text(option.get("text"), 75, "option")
        if not 1 <= len(option.get("value", "")) <= 150:
            yield "an option's value has 1 to 150 letters"
    for name in ("positive_button", "negative_button"):
        if element["type"] == "feedback_buttons":
            yield from _text((element.get(name) or {}).get("text"), 75, name, plain=True)


def _confirm(confirm: Block) -> Problems:
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from _text(confirm.get(name), most, f"confirm.{name}", plain=name != "text")


def _text(text: Any, most: int, where: str, plain: bool = False) -> Problems:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{where} is no text"
        return
    if plain and text["type"] != "plain_text":
        yield f"{where} is plain_text"
    if not 1 <= len(text.get("text", "")) <= most:
        yield f"{where} has {len(text.get('text', ''))} letters, 1 to {most}"
    yield from (f"'{name}' is no field of a text" for name in text.keys() - {"type", "text", "emoji", "verbatim"})


BLOCKS: dict[str, tuple[set[str], Callable[[Block], Problems]]] = {
    "section": ({"text", "fields", "accessory", "expand"}, _section), "header": ({"text"}, _header),
    "divider": (set(), _nothing), "context": ({"elements"}, _elements(10, _beside)),
    "actions": ({"elements"}, _elements(25, _element)), "markdown": ({"text"}, _markdown),
    "context_actions": ({"elements"}, _elements(5, _element)),
    "input": ({"label", "element", "hint", "optional", "dispatch_action"}, _input),
}  # fmt: skip
"""The blocks we use, with their fields."""

_CLICKED = {"action_id", "confirm"}
ELEMENTS: dict[str, set[str]] = {
    "button": {*_CLICKED, "text", "value", "url", "style", "accessibility_label"},
    "overflow": {*_CLICKED, "options"},
    "static_select": {*_CLICKED, "options", "initial_option", "placeholder"},
    "conversations_select": {*_CLICKED, "initial_conversation", "filter", "placeholder"},
    "plain_text_input": {"action_id", "placeholder", "initial_value", "multiline", "min_length", "max_length"},
    "number_input": {"action_id", "is_decimal_allowed", "initial_value", "min_value", "max_value", "placeholder"},
    "feedback_buttons": {"action_id", "positive_button", "negative_button"},
    "image": {"image_url", "alt_text"},
}
"""The elements we use, with their fields."""
