"""What may not be claimed in a listing is not said in a conversation either."""

from __future__ import annotations

from datetime import date

from knowledge.claims.places import PlaceUnknown
from tools.claims.check import check_claims


def unsayable(sentence: str, market: str, language: str, on: date | None = None) -> list[str]:
    """Why a sentence of an answer may not be said to a shopper in a market, in plain words: claims that may not be
    published there without evidence. None where the market is not known, or has no rules.
    """
    if not market:
        return []
    try:
        found = check_claims(sentence, market, language, on=on)
    except PlaceUnknown:
        return []
    blocked = [finding for finding in found if finding.severity == "block"]
    return [f"{finding.text!r} may not be claimed in {market} ({finding.rule})" for finding in blocked]
