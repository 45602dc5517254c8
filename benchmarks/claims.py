"""How well claims are found, and how much hangs on single phrases: `python -m benchmarks.claims [FILE.jsonl ...]`.

Recall and precision over findings on our cases (or the files named), then with only the phrases that were carried over,
then with a fifth of all phrases left out at random (five draws); and what a check costs.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.claims.places import places_meant, scopes_of
from knowledge.claims.rules import EVERYWHERE, Rule, claim_rules
from knowledge.claims.tongues import tongue_of
from tools.claims.check import check_claims, find_claims
from tools.claims.evidence import Evidence, Given
from tools.claims.matching import Reader

CASES = Path(__file__).resolve().parents[1] / "tests" / "data" / "claims"
LISTING = "The backpack holds 22 litres. The straps are padded with foam, and a sleeve holds a laptop. " * 14
Change = Callable[[Rule], Rule]


def found_in(case: dict[str, Any], readers: dict[tuple[frozenset[str], str], Reader], change: Change) -> set[str]:
    """The rules a case meets, by readers made for rules that were changed."""
    where, tongue = places_meant(case["jurisdiction"]), tongue_of(case["locale"])
    if (where, tongue.language) not in readers:
        rules = [change(rule) for rule in claim_rules().values() if (where | {EVERYWHERE}) & set(rule.where)]
        readers[where, tongue.language] = Reader(rules, tongue)
    category = case.get("category", "")
    scopes = scopes_of(category) if category else None
    evidence = tuple(Evidence.of(held) for held in case.get("evidence", []))
    given = Given(category, scopes, evidence, date(2026, 11, 30))
    return {finding.rule for finding in find_claims(case["text"], readers[where, tongue.language], given)}


def scored(cases: list[dict[str, Any]], change: Change) -> tuple[float, float]:
    """Recall and precision over findings, with every rule changed."""
    readers: dict[tuple[frozenset[str], str], Reader] = {}
    pairs = [(found_in(case, readers, change), set(case["expected"])) for case in cases]
    right = sum(len(found & expected) for found, expected in pairs)
    expected, found = sum(len(wanted) for _, wanted in pairs), sum(len(found) for found, _ in pairs)
    return right / max(expected, 1), right / max(found, 1)


Counts = tuple[int, int, int]
"""Findings that were right, those that should have been, those there were."""


def by_language(cases: list[dict[str, Any]]) -> dict[str, Counts]:
    """What the check says of cases as it is, counted by language."""
    counts: dict[str, Counts] = {}
    for case in cases:
        found = {
            finding.rule
            for finding in check_claims(
                case["text"], case["jurisdiction"], case["locale"],
                category=case.get("category", ""), evidence=case.get("evidence", []), on=date(2026, 11, 30),
            )
        }  # fmt: skip
        wanted, language = set(case["expected"]), case["locale"].split("-")[0]
        held = counts.get(language, (0, 0, 0))
        counts[language] = (held[0] + len(found & wanted), held[1] + len(wanted), held[2] + len(found))
    return counts


def told(counts: Counts) -> str:
    """Recall and precision in words."""
    right, wanted, found = counts
    return f"recall {right / wanted if wanted else 1:.3f}, precision {right / found if found else 1:.3f}"


def without_ours(rule: Rule) -> Rule:
    """A rule with the phrases that were carried over alone."""
    return rule.model_copy(update={"also": {}})


def thinned(seed: int) -> Change:
    """A change that leaves out a fifth of a rule's phrases."""
    chance = random.Random(seed)

    def thin(phrases: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {name: tuple(one for one in held if chance.random() > 0.2) for name, held in phrases.items()}

    return lambda rule: rule.model_copy(update={"phrases": thin(rule.phrases), "also": thin(rule.also)})


def main() -> None:
    """Measure and print."""
    for path in [Path(name) for name in sys.argv[1:]] or sorted(CASES.glob("*.jsonl")):
        cases = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        counts = by_language(cases)
        right, wanted, found = (sum(each) for each in zip(*counts.values(), strict=True))
        print(f"{path.name}: {len(cases)} texts, {told((right, wanted, found))}")
        print("  " + "; ".join(f"{language} {told(held)}" for language, held in sorted(counts.items())))
        recall, precision = scored(cases, without_ours)
        print(f"  carried-over phrases alone: recall {recall:.3f}, precision {precision:.3f}")
        draws = [scored(cases, thinned(seed)) for seed in range(5)]
        recalls = [recall for recall, _ in draws]
        print(f"  a fifth of all phrases left out: recall {statistics.mean(recalls):.3f} (least {min(recalls):.3f})")
    readers: dict[tuple[frozenset[str], str], Reader] = {}
    listing = {"text": LISTING, "jurisdiction": "EU", "locale": "en-IE"}
    spent = []
    for _ in range(20):
        begun = time.process_time()
        found_in(listing, readers, lambda rule: rule)
        spent.append(time.process_time() - begun)
    usual, first = 1000 * statistics.median(spent), 1000 * spent[0]
    print(f"{len(LISTING):,} letters: {usual:.1f} ms of a core (the first, with its reader: {first:.0f})")


if __name__ == "__main__":
    main()
