"""What a check of a service policy has to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """One thing to look at. `severity` error (it cannot hold as written), warning (hardly meant) or note; `action` and
    `rule` name what it is about, '' where it is about the policy as a whole; `suggestion` says what to do.
    """

    severity: str
    action: str
    rule: str
    message: str
    suggestion: str


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that a wrong one is most like, or ''."""
    return next(iter(get_close_matches(name, list(known), 1)), "")


def meant(name: str, known: Iterable[str]) -> str:
    """What to write in place of a name that is not known."""
    names = sorted(known)
    near = nearest(name, names)
    return f"Did you mean {near!r}?" if near else f"There are: {', '.join(names)}."
