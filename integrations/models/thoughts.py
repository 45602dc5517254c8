"""What a model writes to itself is no answer: <think> blocks, and tool calls written as text, are left out."""

from __future__ import annotations

import re

from integrations.models.faults import ModelFault

_TAGS = "think|thinking|thought|reasoning|tool_call"
_OPEN = re.compile(rf"<({_TAGS})>", re.IGNORECASE)
_CLOSE = re.compile(rf"</({_TAGS})>", re.IGNORECASE)
_BEGUN = re.compile(r"</?[a-z_]{0,9}$", re.IGNORECASE)
"""What may be the beginning of a mark, at the end of a text that streams."""

THOUGHT_FIRST = "thought_first"
"""The kind of fault of an answer whose thoughts have an end and no beginning: they were taken for the answer."""


class Aloud:
    """Takes text as it streams and gives back what is said aloud. `thinks_first`: the model is known to begin in
    thought without saying so, so all waits for the mark that ends it.
    """

    def __init__(self, thinks_first: bool = False) -> None:
        self._held = ""
        self._within = "think" if thinks_first else ""
        self._unmarked = thinks_first

    def feed(self, text: str) -> str:
        """More text; returns what of it may be shown. Raises ModelFault where what was said before were thoughts."""
        if not self._held and not self._within and "<" not in text:
            return text
        self._held += text
        said = ""
        while True:
            mark = (_CLOSE if self._within else _OPEN).search(self._held)
            if mark is None:
                return said + self._unclear()
            said += "" if self._within else self._sure(self._held[: mark.start()])
            self._within = "" if self._within else mark[1]
            self._held = self._held[mark.end() :]

    def finish(self) -> str:
        """What is left at the end: thoughts that never ended are not shown, unless nothing says that they were any."""
        left, self._held = self._held, ""
        return "" if self._within and not self._unmarked else left

    def _unclear(self) -> str:
        """What can be shown of text without a whole mark."""
        if self._within:
            return ""
        begun = _BEGUN.search(self._held)
        end = begun.start() if begun else len(self._held)
        said, self._held = self._sure(self._held[:end]), self._held[end:]
        return said

    def _sure(self, text: str) -> str:
        if _CLOSE.search(text):
            raise ModelFault(THOUGHT_FIRST)
        return text
