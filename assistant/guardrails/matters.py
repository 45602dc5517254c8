"""Whether a figure is told of another matter or country than a sentence says it of: express, not standard."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from assistant.guardrails.claim import Claim
from assistant.guardrails.claims import figure_key
from knowledge.countries import countries_in
from knowledge.documents import Passage
from knowledge.markets import EU
from knowledge.measures import matters_in
from knowledge.statements import Statement, statements

TELLING = {"express", "warranty", "attempt", "pickup", "card"}
"""Matters that one figure has and another of the same passages has not. Returning goods and returning money are one
word in too many languages to be among them.
"""


def misplaced(claim: Claim, clause: str, passages: list[dict[str, Any]], language: str) -> bool:
    """Whether the told passages give a claim's figure only for other matters, or other countries, than its clause."""
    told = [statement for passage in passages for statement in _stated(passage["text"], *_about(passage))]
    same = [one for one in told if any(figure_key(figure) in claim.keys for figure in one.figures)]
    if not same:
        return False
    named = {
        country for code in countries_in(clause, language) for country in (EU | {"EU"} if code == "EU" else {code})
    }
    if named and all(one.countries and not one.countries & named for one in same):
        return True
    units = {one.unit for one in same}
    return any(
        all(one.matters and matter not in one.matters for one in same)
        and any(matter in one.matters and one.unit in units for one in told)
        for matter in matters_in(clause, language) & TELLING
    )


def _about(passage: dict[str, Any]) -> tuple[str, str, str]:
    return passage.get("locale") or "en", passage.get("title", ""), passage.get("heading", "")


@lru_cache(512)
def _stated(text: str, locale: str, title: str, heading: str) -> tuple[Statement, ...]:
    return tuple(statements(Passage("", title, text, locale, tuple(heading.split(" – ")) if heading else ())))
