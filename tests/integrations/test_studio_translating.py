"""The studio's cells in languages without templates: translated by what is known or a chosen model, else marked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from integrations.bootstrap import Dragoman, open_dragoman
from integrations.cli.studio import filling_of, jobs_of
from integrations.database.studio_cells import Cell
from integrations.jobs.attending import Attending
from integrations.localization.shown import Shown
from integrations.settings import Settings
from integrations.studio.desk import today
from integrations.studio.inspector import origin_words
from integrations.studio.reader import Reader
from integrations.studio.reception import Studio
from integrations.studio.translating import translated
from integrations.studio.workbooks import exported
from knowledge.findings import Finding
from knowledge.localizing import Rendering, Segment, Translation
from tests.assistant.openai_server import say, serving
from tests.integrations.studio_at_hand import studio_over
from tests.integrations.test_listing_author import GOOD

SKU, CHANNEL, LOCALES = "AQ-P-001", "amazon", ["en-US", "nl-NL"]
TITLE = "Amberquay Tidbit voerautomaat, inhoud 3,7 l, 5 W, geen wifi nodig"
DUTCH = "⟦1⟧ Tidbit voerautomaat, ⟦2⟧, knoppen in plaats van een app"


async def filled(dragoman: Dragoman, writer: str = "templates") -> tuple[Studio, str]:
    """A batch that is filled as a server does it, and the studio it is in."""
    studio, attending = studio_over(dragoman), Attending(jobs_of(dragoman))
    filling = filling_of(dragoman, attending)
    batch_id = await studio.desk.take_in(SKU, "Jana")
    assert await studio.desk.batches.begin(batch_id, [CHANNEL], LOCALES, writer)
    await filling.begin(await studio.batch(batch_id))
    await asyncio.gather(*filling._tasks.values(), *attending._running.values())
    return studio, batch_id


async def by_field(studio: Studio, batch_id: str, locale: str) -> dict[tuple[str, int], Cell]:
    cells = await studio.desk.cells.all(batch_id, CHANNEL)
    return {(cell.field, cell.item): cell for cell in cells if cell.locale == locale}


async def known(dragoman: Dragoman, target: str = TITLE) -> None:
    """Put a translation of the title that the templates write into the home's memory."""
    workshop = await studio_over(dragoman).desk.workshop()
    facts = workshop.find(SKU)
    assert facts is not None
    draft = workshop.write(facts, workshop.market(CHANNEL, today()), "en-US", today())
    await dragoman.bureau().store.remember([Translation(str(draft.fields["title"]), target, "nl-NL")])


async def test_what_the_memory_knows_is_filled_in_and_the_rest_says_why_it_is_empty(dragoman: Dragoman) -> None:
    await known(dragoman)
    studio, batch_id = await filled(dragoman)
    source, cells = [await by_field(studio, batch_id, locale) for locale in LOCALES]
    title = cells.pop(("title", -1))
    assert (title.text, title.origin, title.model, title.findings) == (TITLE, "memory", "", [])
    assert {fact for claim in title.claims for fact in claim["facts"]} >= {f"{SKU}#power_w"}
    assert cells.keys() == source.keys() - {("title", -1)}
    for cell in cells.values():
        assert (cell.text, cell.origin) == ("", "")
        assert "l10n.missing" in [found["rule"] for found in cell.findings]
    assert [(slot.state, slot.written_by) for slot in await studio.desk.batches.slots(batch_id, CHANNEL, [0])] == [
        ("written", "templates"), ("written", "memory"),
    ]  # fmt: skip
    assert origin_words(Reader("en"), title.origin, "memory") == "translation"


async def test_why_a_cell_is_empty_is_said_until_somebody_writes_it(dragoman: Dragoman) -> None:
    await known(dragoman)
    studio, batch_id = await filled(dragoman)
    cells = await by_field(studio, batch_id, "nl-NL")
    await studio.desk.write(cells["alt_texts", 0], 1, "Afbeelding van de voerautomaat", "Jana")
    after = await by_field(studio, batch_id, "nl-NL")
    assert "l10n.missing" not in [found["rule"] for found in after["alt_texts", 0].findings]
    assert "l10n.missing" in [found["rule"] for found in after["bullets", 0].findings]


async def test_a_translation_that_does_not_pass_is_no_cell(dragoman: Dragoman) -> None:
    await known(dragoman, TITLE.replace("5 W", "50 W"))
    studio, batch_id = await filled(dragoman)
    cells = await by_field(studio, batch_id, "nl-NL")
    assert not any(cell.text for cell in cells.values())
    assert "does not pass" in cells["title", -1].findings[0]["why"]
    assert await studio.desk.batches.progress(batch_id) == {"written": 1, "unwritten": 1}


async def test_a_broken_file_of_the_home_leaves_the_cells_for_a_person(dragoman: Dragoman) -> None:
    (dragoman.settings.home / "rates.toml").write_text("= broken", "utf-8")
    studio, batch_id = await filled(dragoman)
    cells = await by_field(studio, batch_id, "nl-NL")
    assert cells
    assert all("rates.toml" in cell.findings[0]["why"] and not cell.text for cell in cells.values())


def answered(body: dict[str, Any]) -> Any:
    """A model that writes good English, and Dutch for the title alone: elsewhere it gives the English back."""
    if body["response_format"]["json_schema"]["name"] == "listing":
        return say(json.dumps(GOOD), 400)
    data = json.loads(str(body["messages"][-1]["content"]).partition("<data>\n")[2].partition("\n</data>")[0])
    return say(json.dumps({"text": DUTCH if data["stands_in"] == "title" else data["text"]}), 400)


async def test_a_chosen_model_writes_the_source_and_translates_it_and_is_named_for_what_is_its_own(
    tmp_path: Path,
) -> None:
    with serving(answered) as (url, seen):
        settings = Settings(home=tmp_path, model="openai:writer", OPENAI_BASE_URL=url, OPENAI_API_KEY="k")
        async with open_dragoman(settings) as dragoman:
            await dragoman.filled()
            studio, batch_id = await filled(dragoman, "model")
            source, cells = [await by_field(studio, batch_id, locale) for locale in LOCALES]
            [batch] = await studio.desk.batches.newest()
            rows = (await exported(studio.desk, batch))[CHANNEL]
    assert (source["title", -1].text, source["title", -1].model) == (GOOD["title"][0]["text"], "writer")
    title = cells["title", -1]
    assert title.text.replace("\u00a0", " ") == "Amberquay Tidbit voerautomaat, 3,7 l, knoppen in plaats van een app"
    assert (title.origin, title.model) == ("model:writer", "writer")
    assert {(cell.text, cell.origin, cell.model) for cell in cells.values() if cell != title} == {("", "", "")}
    own = {(row["locale"], row["field"].split()[0]) for row in rows if row["ai_generated"] == "yes"}
    assert own == {("nl-NL", "title"), *(("en-US", field) for field in GOOD)}
    assert "translation" in {one["response_format"]["json_schema"]["name"] for one in seen}


async def test_a_model_is_not_asked_where_templates_were_chosen(tmp_path: Path) -> None:
    with serving(answered) as (url, seen):
        settings = Settings(home=tmp_path, model="openai:writer", OPENAI_BASE_URL=url, OPENAI_API_KEY="k")
        async with open_dragoman(settings) as dragoman:
            await dragoman.filled()
            studio, batch_id = await filled(dragoman)
            assert not any(cell.text for cell in (await by_field(studio, batch_id, "nl-NL")).values())
    assert seen == []


class Careless:
    """A bureau that hands out what its own checks forbid."""

    async def localize(
        self, segments: Sequence[Segment], locale: str, shown: Shown = Shown(), *, names: Sequence[str] = ()
    ) -> list[Rendering]:
        found = Finding("l10n.unit", "block", (0, 1), "", "The unit is another.", "localize", "")
        return [Rendering(one.id, locale, "Voerautomaat", "kept", (found,)) for one in segments]


async def test_a_text_with_a_blocking_finding_never_becomes_a_cell(dragoman: Dragoman) -> None:
    studio, batch_id = await filled(dragoman)
    source = list((await by_field(studio, batch_id, "en-US")).values())
    [slot] = [one for one in await studio.desk.batches.slots(batch_id, CHANNEL, [0]) if one.locale == "nl-NL"]
    cells, done = await translated(Careless(), source, slot, "", "no templates")
    assert {cell.text for cell in cells} == {""}
    assert {cell.findings[0]["why"] for cell in cells} == {"The unit is another."}
    assert (done.state, done.why) == ("unwritten", "no templates")
