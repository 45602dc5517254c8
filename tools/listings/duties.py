"""What the law wants beside the text: who made it and who answers for it in the Union, California's warning."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from knowledge.claims.rules import Rule, claim_rules
from knowledge.facts import Facts
from knowledge.findings import Finding
from knowledge.listings import Listing

SAFETY = "gpsr_fields"
"""The field that holds maker, responsible person and warnings."""

_MAKER = ("manufacturer", "responsible_person")
_ADDRESS = re.compile(r"\d{3}|@|https?://|www\.")
"""What an address has: a postcode or house number of three digits, or an electronic one."""
_NEEDLESS = re.compile(r"\b(?:EU|UE|ЕС)\b|européenne|europea|europeia", re.I)
"""How a listing says that its maker sits in the Union, and answers for itself."""
_WARNED = re.compile(r"prop(?:osition)?\.?\s*65|p65warnings|state of california", re.I)


def duties(listing: Listing, facts: Facts | None, groups: Collection[str], on: date) -> Iterator[Finding]:
    """What is lacking by rules that are about a listing's data, not its words. A field that is filled and wrong blocks;
    one that is not there may stand elsewhere in the channel, and is advice.
    """
    rules = claim_rules()
    if "EU" in groups and rules["eu.gpsr.info_missing"].holds_on(on):
        yield from _safety(rules["eu.gpsr.info_missing"], listing, facts)
    if "US" in groups and facts and facts.value("prop65"):
        told = " ".join([*_texts(listing.fields), str(facts.value("warnings", ""))])
        if not _WARNED.search(told):
            yield _finding(rules["us.ca.prop65"], "warn", "warnings", "The facts name a chemical on California's list.")


def _safety(rule: Rule, listing: Listing, facts: Facts | None) -> Iterator[Finding]:
    held = listing.fields.get(SAFETY)
    if not held:
        lacking = [name for name in _MAKER if facts and not facts.get(name)]
        if lacking:
            yield _finding(rule, "info", SAFETY, f"Neither listing nor facts hold {' and '.join(lacking)}.")
        return
    if not isinstance(held, Mapping):
        told = " ".join(_texts(held))
        if not _ADDRESS.search(told):
            yield _finding(rule, rule.severity, SAFETY, "It holds no postal or electronic address.")
        return
    for name in _MAKER:
        told = " ".join(_texts(held.get(name)))
        if not told:
            yield _finding(rule, rule.severity, SAFETY, f"It holds no {name}.")
        elif not _ADDRESS.search(told) and not (name == "responsible_person" and _NEEDLESS.search(told)):
            yield _finding(rule, rule.severity, SAFETY, f"The {name} has no postal or electronic address.")


def _texts(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, Mapping):
        for part in held.values():
            yield from _texts(part)
    elif isinstance(held, list | tuple):
        for part in held:
            yield from _texts(part)


def _finding(rule: Rule, severity: str, field: str, why: str) -> Finding:
    return Finding(
        rule.id, severity, (0, 0), "", f"{rule.says} {why}", f"{'; '.join(rule.sources)}, as of {rule.as_of}",
        rule.advice, tuple(proof.says for proof in rule.evidence), field,
    )  # fmt: skip
