"""Whether a service policy can hold as it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from knowledge.service import audit_limits as limits
from knowledge.service import audit_passages as passages
from knowledge.service import audit_rules as rules
from knowledge.service import audit_terms as terms
from knowledge.service.audit_shape import read_policy
from knowledge.service.findings import SEVERITIES, Finding
from knowledge.service.policy import ServicePolicy

CONTRADICTIONS: tuple[Callable[[ServicePolicy], Iterable[Finding]], ...] = (
    rules.unknown_actions, rules.unknown_markets, rules.disjoint, rules.forbidden, rules.never_met, rules.repeated,
    rules.two_texts, terms.shorter_than_law, terms.excluded_goods, terms.postage, terms.markets_of_terms,
    limits.upside_down, limits.out_of_reach, limits.second_limit, limits.amounts, limits.levels, limits.confirmation,
    passages.malformed,
)  # fmt: skip
"""What cannot hold together, or means nothing."""

ABSENCES: tuple[Callable[[ServicePolicy], Iterable[Finding]], ...] = (
    rules.stateless, rules.unknown_states, terms.right_of_law, terms.missing_terms, limits.unlimited,
)  # fmt: skip
"""What is missing: looked for only where all could be read, since it may stand in what could not."""


def check_policy(data: dict[str, Any], find: passages.Find | None = None) -> list[Finding]:
    """All there is to say about a policy as it was written, the gravest first.

    `find` gives text and locale of a passage cited as 'document#number', None where there is none; without it,
    passages are not looked up.
    """
    policy, found = read_policy(data)
    checks = CONTRADICTIONS if found else (*CONTRADICTIONS, *ABSENCES)
    found += [finding for check in checks for finding in check(policy)]
    found += passages.compare(policy, find) if find else ()
    return sorted(dict.fromkeys(found), key=lambda finding: SEVERITIES.index(finding.severity))
