"""Campaign copy by the home's workshop: its facts, its brand's voice, its models where one is to write."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.listings.facts_files import find_facts, read_facts
from integrations.listings.tables import FileUnreadable
from integrations.listings.workshop import Workshop
from knowledge.facts import Facts
from tools.copywriting.write import Copy, Writing

if TYPE_CHECKING:
    from integrations.models.serving import Serving


@dataclass(frozen=True)
class Campaigns:
    """Writes copy on a day."""

    workshop: Workshop
    day: date

    def products(self, named: str, file: Path | None = None) -> list[Facts]:
        """The products named by SKU or id, with commas, or all; of a file, where one is given. Raises FileUnreadable,
        FactsUnreadable.
        """
        held = {facts.product_id: facts for facts in read_facts(file, self.day)} if file else self.workshop.facts
        if named == "all":
            return list(held.values())
        found = {key: find_facts(held, key) for key in named.split(",")}
        unknown = [key for key, facts in found.items() if facts is None]
        if unknown:
            known = ", ".join(list(held)[:3])
            raise FileUnreadable(f"There is no product {', '.join(unknown)}. Its id or a SKU is wanted, like {known}.")
        return [facts for facts in found.values() if facts]

    async def write(
        self, kind: str, facts: Facts, locale: str, channel: str = "", serving: Serving | None = None
    ) -> Copy:  # fmt: skip
        """A piece of copy, by models where they are given. Raises CopyUnknown, LanguageUnworded."""
        voice, rivals = self.workshop.voice, self.workshop.rivals(facts)
        writing = Writing(kind, facts, locale, channel, self.day, voice.banned, rivals)
        if serving is None:
            return await asyncio.to_thread(writing.copy)
        from assistant.guardrails.untrusted import fence
        from integrations.listings.author import models_of
        from tools.copywriting.author import CopyAuthor

        return await CopyAuthor(models_of(serving), fence, voice.tone).write(writing)


def told(copy: Copy) -> Mapping[str, Any]:
    """A piece of copy as one JSON object that says whether all is well."""
    return {"ok": not copy.draft.findings, **copy.told()}
