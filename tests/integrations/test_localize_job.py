"""A big file is a job: each text asked and paid for once, in however many goes."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from integrations.bootstrap import open_dragoman
from integrations.cli.localize_job import by_job, open_places
from integrations.localization.documents import open_document
from integrations.localization.shown import Shown
from integrations.localization.work import Localized, localize_document, texts_of
from integrations.settings import Settings
from tests.assistant.openai_server import Script, say, serving

WORDS = [f"{first}{second}" for first in ("lo", "ka", "mi") for second in ("ran", "vel", "dor", "pim")]
SHEET = "sku,title\n" + "".join(f"A,A good lamp in the style of {word.title()}\n" for word in WORDS) + "B,Add to cart\n"


class Model:
    """Translates what it is asked, but for the first time it is asked of some; and counts."""

    def __init__(self, broken: int = 0) -> None:
        self.asked: Counter[str] = Counter()
        self.broken = broken

    def __call__(self, body: dict[str, Any]) -> Any:
        task = str(body["messages"][-1]["content"])
        word = json.loads(task.partition("<data>\n")[2].partition("\n</data>")[0])["text"].split()[-1]
        if self.broken and len(self.asked) >= self.broken:
            return 401
        self.asked[word] += 1
        return say(json.dumps({"text": f"Eine gute Lampe im Stil von {word} für Ihr Zuhause"}), 400)


async def localized(home: Path, model: Script, budget: Decimal | None = None) -> tuple[Localized, Any]:
    with serving(model) as (url, _):
        settings = Settings(home=home, model="openai:gpt-4o-mini", OPENAI_BASE_URL=url, OPENAI_API_KEY="k")
        async with open_dragoman(settings) as dragoman:
            document = open_document(Path("p.csv"), ["de-DE"], data=SHEET.encode())
            known = await localize_document(dragoman.bureau(model=False), document, ["de-DE"])
            texts = texts_of(document, ["de-DE"])
            assert len(open_places(known, texts)) == len(WORDS)
            whole = await by_job(dragoman.jobs, known, texts, Shown(), budget)
            return whole, (await dragoman.jobs.list())[0]


async def test_a_job_that_broke_off_goes_on_where_it_was(tmp_path: Path) -> None:
    first = Model(broken=5)
    whole, job = await localized(tmp_path, first)
    told = whole.told()["de-DE"]
    assert told["origins"]["model:gpt-4o-mini"] == 5
    assert told["missing"] == len(WORDS) - 5
    assert job.estimate_usd > 0
    second = Model()
    whole, again = await localized(tmp_path, second)
    assert again.id == job.id
    assert whole.is_whole
    assert whole.told()["de-DE"]["origins"] == {"model:gpt-4o-mini": len(WORDS), "memory": 1}
    assert set(first.asked) | set(second.asked) == {word.title() for word in WORDS}
    assert not set(first.asked) & set(second.asked)
    third = Model()
    assert (await localized(tmp_path, third))[0].is_whole
    assert not third.asked


async def test_a_budget_stops_it_and_what_is_left_is_marked(tmp_path: Path) -> None:
    model = Model()
    _, job = await localized(tmp_path, model, Decimal("0.00001"))
    assert (job.state, job.done) == ("over_budget", 0)
    whole, job = await localized(tmp_path, model, job.estimate_usd / len(WORDS) * Decimal("1.6"))
    assert job.state == "over_budget"
    assert 0 < len(model.asked) < len(WORDS)
    left = [one for one in whole.renderings["de-DE"] if not one.origin]
    assert len(left) == len(WORDS) - len(model.asked)
    assert {one.findings[0].why for one in left} == {"It was not asked for yet."}
