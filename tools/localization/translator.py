"""Translating with a model: it proposes, facts are restored by code, checks dispose. What still fails is marked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.findings import Finding
from knowledge.localizing import Rendering, Segment, Terms
from tools.attesting.proposals import Ask, ModelSilent
from tools.localization.known import Known, missing
from tools.localization.protecting import MARKS, Protected, protect
from tools.localization.rates import Rates

MOST_REPAIRS = 2
SCHEMA = {
    "type": "object", "additionalProperties": False, "required": ["text"], "properties": {"text": {"type": "string"}},
}  # fmt: skip

Check = Callable[[Segment, str, Known], list[Finding]]


@dataclass(frozen=True)
class Style:
    """How texts of a locale are to be: the language's name, the form of address, what copy has to mind, what else the
    shop asks for, and how much longer than the source a text may become (1.3: a third); 0 where nobody says.
    """

    language: str = ""
    register: str = ""
    notes: tuple[str, ...] = ()
    voice: str = ""
    length: float = 0.0


@dataclass(frozen=True)
class Translator:
    """Translates with a model into one locale."""

    ask: Ask
    locale: str
    terms: Terms = Terms()
    style: Style = field(default_factory=Style)
    rates: Rates | None = None

    async def translate(
        self, segment: Segment, around: Sequence[Segment], suggestion: str, check: Check
    ) -> Rendering:  # fmt: skip
        """A rendering that passes its checks, or the mark of a text that is not translated."""
        protected = protect(segment.text, segment.locale, self.terms, rates=self.rates)
        task = self._task(segment, protected, around, suggestion)
        asked, faults = task, list[Finding]()
        for _ in range(MOST_REPAIRS + 1):
            try:
                answer, model = await self.ask(_instructions(), asked, SCHEMA)
            except ModelSilent as silence:
                return missing(segment, self.locale, f"No model translated it: {silence}", suggestion)
            said = _read(answer)
            known, faults = self._judged(segment, protected, said, model, check)
            if not any(fault.severity == "block" for fault in faults):
                return Rendering(segment.id, self.locale, known.text, known.origin, tuple(faults), known.changes)
            asked = _again(task, said, faults)
        rules = ", ".join(dict.fromkeys(fault.rule for fault in faults if fault.severity == "block"))
        return missing(segment, self.locale, f"What the model wrote did not pass: {rules}.", suggestion)

    def _judged(
        self, segment: Segment, protected: Protected, said: str, model: str, check: Check
    ) -> tuple[Known, list[Finding]]:  # fmt: skip
        """What a model said with its facts restored, and what is wrong with it."""
        if not said.strip():
            return Known("", ""), [_fault("l10n.missing", "There is no text in the answer.")]
        if lost := protected.findings(said):
            return Known("", ""), lost
        text, changes = protected.restore(said, self.locale)
        known = Known(text, f"model:{model}", tuple(changes))
        return known, check(segment, text, known)

    def _task(self, segment: Segment, protected: Protected, around: Sequence[Segment], suggestion: str) -> str:
        used = self.terms.found_in(segment.text)
        about: dict[str, Any] = {
            "from": segment.locale, "to": self.locale, "language": self.style.language, "register": self.style.register,
            "mind": list(self.style.notes), "voice": self.style.voice, "most_characters": segment.limit,
            "about_times_as_long": self.style.length or None, "plural_form": segment.form,
            "terms": [{"term": term.source, "use": term.target(self.locale), "avoid": list(term.avoided(self.locale))}
                      for term in used if not term.keep and (term.target(self.locale) or term.avoided(self.locale))],
            "never_translated": [term.source for term in used if term.keep],
        }  # fmt: skip
        told = {name: value for name, value in about.items() if value not in ("", None, [], 0)}
        data: dict[str, Any] = {
            "text": protected.text, "stands_in": segment.context, "neighbours": [one.text[:300] for one in around],
            "like_it_before": suggestion,
        }  # fmt: skip
        return json.dumps(told, ensure_ascii=False) + "\n\n" + fenced({k: v for k, v in data.items() if v})


def fenced(data: Mapping[str, Any]) -> str:
    """Texts of others as data: nothing inside can end the fence, and no letter of it is lost."""
    inside = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<data>\n{inside}\n</data>"


def _again(task: str, said: str, faults: Sequence[Finding]) -> str:
    """The task with what was written and what is wrong with it."""
    told = [{"text": fault.text, "why": fault.why, "do": fault.suggestion} for fault in faults[:12]]
    held = fenced({"you_wrote": said, "wrong_with_it": told})
    return f"{task}\n\nWhat you wrote, and what is wrong with it; mend that and keep the rest:\n{held}"


def _read(answer: str) -> str:
    """The text of a model's answer; '' where it is none."""
    try:
        told = json.loads(answer[answer.find("{") : answer.rfind("}") + 1])
    except ValueError:
        return ""
    return str(told["text"]) if isinstance(told, dict) and isinstance(told.get("text"), str) else ""


def _fault(rule: str, why: str) -> Finding:
    return Finding(rule, "block", (0, 0), "", why, "localize", "Answer as asked.")


@cache
def _instructions() -> str:
    return (files("tools.localization") / "translator.md").read_text("utf-8").replace("{marks}", MARKS)
