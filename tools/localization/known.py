"""What is known without a model: the term base, the memory, the taxonomy's names, CLDR's, and texts made of these."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.findings import Finding
from knowledge.localizing import Change, Rendering, Segment, Terms
from tools.localization.memory import Memory, Near
from tools.localization.mending import plain
from tools.localization.names import name_in, value_in
from tools.localization.protecting import protect
from tools.localization.rates import Rates

_WORD = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CODE = re.compile(r"(X{0,4}|\dX)[SL]|M|(?=\D*\d)[A-Z0-9]+([-_/.][A-Z0-9]+)+")
"""A letter size, or a code with figures in it: AQ-P-001."""
_LABEL = re.compile(r"([^:：\n]{1,60}?)\s*[:：]\s+(?=\S)(.+)", re.DOTALL)
_ENDED = re.compile(r"([^:：]{1,80}?)\s*[:：]")
_LIST = re.compile(r",\s+|、|，")
_PATH = re.compile(r"\s+(>|/|\||·|›)\s+")


@dataclass(frozen=True)
class Known:
    """A rendering that is known: its text, where it is from, what code changed in it."""

    text: str
    origin: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Store:
    """What is known for one locale."""

    locale: str
    memory: Memory
    taxonomy: Memory
    terms: Terms = Terms()
    rates: Rates | None = None

    def find(self, segment: Segment) -> list[Known]:
        """Renderings of a segment that are known, the surest first."""
        if segment.form not in ("", "one", "other"):
            return []  # what is known says nothing of the other plural forms
        text = segment.text.strip()
        before, after = segment.text.partition(text)[::2] if text else ("", "")
        whole = replace(segment, text=text)
        found = [*self._whole(text, segment.context), *self._made(whole), *self._filled(whole)]
        near = self.near(segment)
        if near and near.text:
            found.append(Known(near.text.strip(), "fuzzy", near.changes))
        return [Known(before + one.text + after, one.origin, one.changes) for one in found]

    def near(self, segment: Segment) -> Near | None:
        """The nearest that was translated before."""
        return self.memory.near(segment.text)

    def _whole(self, text: str, context: str) -> list[Known]:
        found = [Known(one.target, "memory") for one in self.memory.exact(text)]
        terms = [term for term in self.terms if plain(term.source).casefold() == plain(text).casefold()]
        found += [Known(self._cased(term.source, text, term.target(self.locale)), "terms") for term in terms
                  if term.target(self.locale)]  # fmt: skip
        names = {one.target for one in self.taxonomy.exact(text)}
        found += [Known(names.pop(), "taxonomy")] if len(names) == 1 else []
        made = name_in(text, self.locale, context) or value_in(text, self.locale, context)
        return found + ([Known(made, "template")] if made else [])

    def _cased(self, term: str, text: str, target: str) -> str:
        """A term's rendering with a capital where the text has one and the term none."""
        return target[:1].upper() + target[1:] if text[:1].isupper() and term[:1].islower() else target

    def _made(self, segment: Segment) -> list[Known]:
        """A text made of parts that are known: a path, a label with its value, a list."""
        text = segment.text
        if ended := _ENDED.fullmatch(text):
            made = self._joined([ended.group(1)], segment, lambda parts: parts[0] + self._colon().rstrip())
        elif len(steps := _PATH.split(text)) > 1:
            made = self._joined(steps[::2], segment, lambda parts: _woven(parts, steps[1::2]))
        elif label := _LABEL.fullmatch(text):
            made = self._joined([*label.groups()], segment, self._colon().join)
        elif len(entries := _LIST.split(text)) > 1 and all(len(entry.split()) <= 4 for entry in entries):
            made = self._joined(entries, segment, self._comma().join)
        else:
            made = None
        return [made] if made else []

    def _filled(self, segment: Segment) -> Iterator[Known]:
        """Known texts with gaps that the text fills with figures, codes or kept names."""
        for form, translation in self.memory.forms():
            if match := form.fullmatch(plain(segment.text)):
                told = {name: kept(replace(segment, text=value), self.locale, self.terms, self.rates)
                        for name, value in match.groupdict().items()}  # fmt: skip
                filled = {name: one for name, one in told.items() if one}
                if len(filled) == len(told):
                    text = translation.target
                    for name, one in filled.items():
                        text = text.replace(f"{{{name}}}", one.text)
                    yield Known(text, "template", tuple(change for one in filled.values() for change in one.changes))

    def _joined(self, parts: Sequence[str], segment: Segment, join: Callable[[list[str]], str]) -> Known | None:
        found = [self._part(replace(segment, text=part)) for part in parts]
        known = [one for one in found if one]
        if len(known) < len(found):
            return None
        from_taxonomy = len(known) > 1 and all(one.origin == "taxonomy" for one in known)
        return Known(
            join([one.text for one in known]), "taxonomy" if from_taxonomy else "template",
            tuple(change for one in known for change in one.changes),
        )  # fmt: skip

    def _part(self, segment: Segment) -> Known | None:
        whole = self._whole(segment.text, segment.context) or self._made(segment)
        return whole[0] if whole else kept(segment, self.locale, self.terms, self.rates)

    def _colon(self) -> str:
        language = self.locale.split("-")[0]
        return {"fr": "\u00a0: ", "ja": "：", "zh": "："}.get(language, ": ")

    def _comma(self) -> str:
        return {"ja": "、", "zh": "、", "ar": "، "}.get(self.locale.split("-")[0], ", ")


def _woven(parts: Sequence[str], marks: Sequence[str]) -> str:
    return parts[0] + "".join(f" {mark} {part}" for mark, part in zip(marks, parts[1:], strict=True))


def kept(segment: Segment, locale: str, terms: Terms, rates: Rates | None = None) -> Known | None:
    """A text in which nothing is to translate: figures, codes, addresses, kept names, written as the locale does. None
    where there are words in it.
    """
    protected = protect(segment.text, segment.locale, terms, rates=rates)
    if _WORD.search(protected.bare):
        return Known(segment.text, "kept") if _CODE.fullmatch(segment.text.strip()) else None
    restored, changes = protected.restore(protected.text, locale)
    return Known(restored, "template" if changes else "kept", tuple(changes))


def missing(segment: Segment, locale: str, why: str, suggestion: str = "") -> Rendering:
    """The mark of a text that is not translated."""
    finding = Finding("l10n.missing", "block", (0, 0), "", why, "localize", "Translate it, or add it to the memory.")
    return Rendering(segment.id, locale, "", "", (finding,), (), suggestion)
