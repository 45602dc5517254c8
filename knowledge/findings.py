"""What a check of a text has to say, one thing at a time: claims, listings and translations share this noun."""

from __future__ import annotations

from dataclasses import dataclass

SEVERITIES = ("block", "warn", "info")
"""What a finding asks for: not to publish, a person's or evidence's look, nothing but to know."""


@dataclass(frozen=True)
class Finding:
    """One thing a check found. `span` is where in the text, in code points, `text` what stands there; `why` and
    `source` say what forbids it, `evidence` what would change that, `suggestion` what to do. `rewrite` is the whole
    text as it could stand, '' where nothing of it could; `field` the listing's field, '' for a text by itself.
    """

    rule: str
    severity: str
    span: tuple[int, int]
    text: str
    why: str
    source: str
    suggestion: str
    evidence: tuple[str, ...] = ()
    field: str = ""
    rewrite: str = ""
