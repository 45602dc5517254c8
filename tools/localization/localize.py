"""Localizing segments: what is known first, a model for the rest, checks on everything; what fails is marked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.findings import Finding
from knowledge.localizing import Rendering, Segment
from tools.localization.checks import check_rendering
from tools.localization.known import Known, Store, kept, missing
from tools.localization.translator import Translator

AT_ONCE = 8
"""Segments a model is asked for at once."""

NEIGHBOURS = 2
"""Texts before and after one that a model is shown."""

More = Callable[[Segment, str, str], list[Finding]]
"""Further checks of a segment's text in a locale: claims where it is shown, a channel's limits."""


@dataclass(frozen=True)
class Localizer:
    """Localizes into the locale of what is known (`store`); `translator` asks a model, None for none."""

    store: Store
    translator: Translator | None = None
    more: More = lambda segment, text, locale: []

    @property
    def locale(self) -> str:
        """The locale it localizes into."""
        return self.store.locale

    async def localize(
        self,
        segments: Sequence[Segment],
        held: Mapping[str, str] | None = None,
        on_done: Callable[[], None] = lambda: None,
    ) -> list[Rendering]:
        """A rendering for each segment. `held` are those that already stand in the file, by segment; `on_done` is
        called after each. Equal texts are rendered once.
        """
        places: dict[tuple[object, ...], list[int]] = {}
        for place, one in enumerate(segments):
            own = (held or {}).get(one.id, "")
            places.setdefault((one.text, one.context, one.limit, one.form, own), []).append(place)
        gate, found = asyncio.Semaphore(AT_ONCE), dict[int, Rendering]()

        async def do(own: str, at: list[int]) -> None:
            async with gate:
                rendering = await self.one(segments, at[0], own)
            for place in at:
                found[place] = replace(rendering, segment=segments[place].id)
                on_done()

        try:
            async with asyncio.TaskGroup() as tasks:
                for key, at in places.items():
                    tasks.create_task(do(str(key[-1]), at))
        except ExceptionGroup as faults:  # with one fault nothing more is asked
            raise faults.exceptions[0] from None
        return [found[place] for place in range(len(segments))]

    async def one(self, segments: Sequence[Segment], place: int, own: str = "") -> Rendering:
        """The rendering of one segment among its neighbours; `own` is what already stands in the file."""
        segment = segments[place]
        if own:
            return self._checked(segment, Known(own, "person"))
        plain = kept(segment, self.locale, self.store.terms, self.store.rates)
        tried = [self._checked(segment, one) for one in ([plain] if plain else self.store.find(segment))]
        sound = next((one for one in tried if not one.is_blocked), None)
        if sound or plain:
            return sound or tried[0]
        near = self.store.near(segment)
        suggestion = near.translation.target if near else ""
        if self.translator is None:
            return self._missing(segment, tried, suggestion)
        around = [*segments[max(0, place - NEIGHBOURS) : place], *segments[place + 1 : place + 1 + NEIGHBOURS]]
        return await self.translator.translate(segment, around, suggestion, self._findings)

    def _findings(self, segment: Segment, text: str, known: Known) -> list[Finding]:
        found = check_rendering(
            segment.text, text, self.locale, source_locale=segment.locale, limit=segment.limit, terms=self.store.terms,
            changes=known.changes,
        )  # fmt: skip
        return [*found, *_formula(segment.text, text), *self.more(segment, text, self.locale)]

    def _checked(self, segment: Segment, known: Known) -> Rendering:
        found = tuple(self._findings(segment, known.text, known))
        return Rendering(segment.id, self.locale, known.text, known.origin, found, known.changes)

    def _missing(self, segment: Segment, tried: Sequence[Rendering], suggestion: str) -> Rendering:
        failed = [finding for one in tried for finding in one.findings if finding.severity == "block"]
        why = (
            f"What is known of it does not pass: {failed[0].why}" if failed else "Nothing that is known translates it."
        )
        return missing(segment, self.locale, why, suggestion or (tried[0].text if tried else ""))


def _formula(source: str, text: str) -> list[Finding]:
    """A rendering that a spreadsheet would run, of a source that it would not."""
    runs = re.compile(r"\s*(=|@|[+-](?![\d\s.,])|\t|\r)")
    if not runs.match(text) or runs.match(source):
        return []
    why = f"It begins with {text.strip()[:1]!r}: a spreadsheet would run it as a formula."
    return [Finding("l10n.formula", "block", (0, 1), text[:1], why, "localize", "Begin it with a word.")]
