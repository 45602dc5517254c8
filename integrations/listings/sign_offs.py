"""Who accepted which finding, when and why: a log that is only added to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge.findings import Finding
from knowledge.listings import Draft


@dataclass(frozen=True)
class SignOff:
    """One finding accepted by one person, for the text it was found in. `at` is UTC."""

    at: str
    who: str
    why: str
    product_id: str
    marketplace: str
    locale: str
    rule: str
    field: str
    severity: str
    text: str

    def covers(self, draft: Draft, finding: Finding) -> bool:
        """Whether this accepted a draft's finding: the same rule about the same words of the same field."""
        own = (self.product_id, self.marketplace, self.locale, self.rule, self.field, self.text)
        return own == (draft.product_id, draft.marketplace, draft.locale, finding.rule, finding.field, finding.text)


class SignOffLog:
    """The log of a home, a line an entry."""

    def __init__(self, home: Path) -> None:
        self._path = home / "sign_offs.jsonl"

    def accept(self, draft: Draft, rule: str, field: str, who: str, why: str, at: str) -> list[SignOff]:
        """Note that a person accepts a draft's findings of a rule in a field ('' for any); what is noted is on disk."""
        accepted = [
            SignOff(
                at, who, why, draft.product_id, draft.marketplace, draft.locale, f.rule, f.field, f.severity, f.text
            )
            for f in draft.findings
            if f.rule == rule and field in ("", f.field)
        ]
        if accepted:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lines = "".join(json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in accepted)
            with self._path.open("a", encoding="utf-8") as log:
                log.write(lines)
                log.flush()
                os.fsync(log.fileno())
        return accepted

    def entries(self) -> Iterator[SignOff]:
        """Every entry, oldest first. A line that a crash broke off is passed over."""
        if not self._path.is_file():
            return
        for line in self._path.read_text("utf-8").splitlines():
            try:
                yield SignOff(**json.loads(line))
            except (ValueError, TypeError):
                continue

    def open_findings(self, draft: Draft) -> list[Finding]:
        """A draft's blocking findings that nobody accepted."""
        known = list(self.entries())
        return [
            f for f in draft.findings if f.severity == "block" and not any(entry.covers(draft, f) for entry in known)
        ]
