"""How a check of a translation says what it found."""

from __future__ import annotations

from knowledge.findings import Finding

SOURCE = "checks of translations"


def found(
    rule: str, why: str, suggestion: str, span: tuple[int, int] = (0, 0), text: str = "", severity: str = "block"
) -> Finding:
    """A finding about the target text; `span` (0, 0) where something is missing from it."""
    return Finding(f"l10n.{rule}", severity, span, text, why, SOURCE, suggestion)
