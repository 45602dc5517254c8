"""What a check of a text has to say, one thing at a time: claims, listings and translations share this noun."""

from __future__ import annotations

from dataclasses import dataclass

SEVERITIES = ("block", "warn", "info")
"""What a finding asks for: not to publish, a person's or evidence's look, nothing but to know."""


MARKS = {"block": "!!", "warn": "! ", "info": "- "}
"""What the line of a finding of each severity begins with."""


@dataclass(frozen=True)
class Finding:
    """One thing a check found. `span` is where in the text, in code points, `text` what stands there; `why` and
    `source` say what forbids it, `evidence` what would change that, `suggestion` what to do. `rewrite` is the whole
    text as it could stand, '' where nothing of it could; `field` the listing's field, '' for a text by itself, `item`
    the place in a list's field, counted from 0, -1 in a text.
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
    item: int = -1

    @property
    def place(self) -> str:
        """Where it is, for people: the field, or the words."""
        words = f"{self.text!r} at {self.span[0]}–{self.span[1]}" if self.text else ""
        return (f"{self.field}[{self.item}]" if self.item >= 0 else self.field) or words

    def lines(self) -> list[str]:
        """It in lines for people: where and by which rule, why, what to do, what would help."""
        more = [f"→ {self.suggestion}"] if self.suggestion else []
        more += [f"evidence: {'; '.join(self.evidence)}"] if self.evidence and not self.field else []
        more += [f"could stand: {self.rewrite.strip()}"] if self.rewrite else []
        more += [self.source] if not self.field else []
        return [f"{MARKS[self.severity]} {self.place}: {self.rule}", *(f"   {line}" for line in (self.why, *more))]
