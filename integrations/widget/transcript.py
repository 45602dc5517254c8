"""A conversation to take along: as text, page or data. What proved an identity, and what opens anything, is out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from assistant.embedded.wording import Words
from assistant.notices import ASSISTANT, TRANSCRIPT, YOU
from knowledge.locales import served_locales
from knowledge.masking import mask_personal, mask_secrets

if TYPE_CHECKING:
    from integrations.widget.house import House
    from tools.context import Session

HIDDEN = "•••"

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}"
    "dd{margin:0 0 1rem;white-space:pre-wrap}time{opacity:.6}"
)


@dataclass(frozen=True)
class Line:
    """What somebody said. `speaker` is shopper, assistant or person; `name` as it is shown."""

    at: datetime
    speaker: str
    name: str
    text: str


@dataclass(frozen=True)
class Transcript:
    """A conversation in a language, oldest first."""

    title: str
    language: str
    lines: tuple[Line, ...]


async def transcript_of(house: House, session: Session) -> Transcript:
    """What was said in a session, by whomever."""
    words, turns = Words(session.language), await house.turns.history(session.id)
    hide = _hiding(await _proofs(house, session))
    lines: list[Line] = []
    for turn in turns:
        lines.append(Line(turn.at, "shopper", words.say(YOU), hide(mask_personal(turn.question, ("order", "link")))))
        if turn.answer:
            lines.append(Line(turn.at, "assistant", words.say(ASSISTANT), hide(turn.answer)))
    asked = {turn.question for turn in turns}
    for said in await house.sessions.handoffs.said_in(session.id):
        if said.speaker == "person" or said.text not in asked:
            name = said.name or words.say(YOU)
            lines.append(Line(said.at, said.speaker, name, hide(mask_personal(said.text, ("order", "link")))))
    title = words.say(TRANSCRIPT, shop=house.shop.name)
    return Transcript(title, session.language, tuple(sorted(lines, key=lambda line: line.at)))


async def _proofs(house: House, session: Session) -> set[str]:
    """What proves to know the orders that were opened here: e-mail addresses and postcodes."""
    found: set[str] = set()
    for order_id in session.order_ids:
        order = await house.shop.order(order_id)
        customer = await house.shop.customer(order.customer_id) if order else None
        found |= {order.address.zip} if order else set()
        found |= {customer.email, customer.address.zip} if customer else set()
    return {proof for proof in found if len(proof) >= 3}


def _hiding(proofs: Iterable[str]) -> Callable[[str], str]:
    spelt = [r"[\s-]*".join(map(re.escape, re.sub(r"[\s-]", "", proof))) for proof in proofs]
    if not spelt:
        return mask_secrets
    pattern = re.compile("|".join(rf"(?<!\w){proof}(?!\w)" for proof in spelt), re.IGNORECASE)
    return lambda text: pattern.sub(HIDDEN, mask_secrets(text))


def as_text(told: Transcript) -> str:
    """Plain text."""
    lines = (f"{line.at:%Y-%m-%d %H:%M} UTC  {line.name}:\n{line.text}" for line in told.lines)
    return "\n\n".join([told.title, *lines]) + "\n"


def as_json(told: Transcript) -> str:
    """Data."""
    said = [{**asdict(line), "at": line.at.isoformat()} for line in told.lines]
    return json.dumps({"title": told.title, "language": told.language, "messages": said}, ensure_ascii=False, indent=1)


def as_page(told: Transcript) -> str:
    """A page with nothing on it but what was said."""
    said = "\n".join(
        f'<dt><b dir="auto">{escape(line.name)}</b> <time datetime="{line.at.isoformat()}">{line.at:%Y-%m-%d %H:%M} UTC'
        f'</time></dt><dd dir="auto">{escape(line.text)}</dd>'
        for line in told.lines
    )
    direction = served_locales()[told.language].direction if told.language in served_locales() else "ltr"
    return (
        f'<!doctype html><html lang="{escape(told.language)}" dir="{direction}"><meta charset="utf-8">'
        f"<title>{escape(told.title)}</title><style>{STYLE}</style>"
        f"<h1>{escape(told.title)}</h1><dl>{said}</dl></html>"
    )


FORMATS: dict[str, tuple[Callable[[Transcript], str], str]] = {
    "txt": (as_text, "text/plain"), "html": (as_page, "text/html"), "json": (as_json, "application/json"),
}  # fmt: skip
"""How a transcript is written, and as what."""
