"""The kinds of jobs over a demo home: listings by templates and by a model, audits, indexing; and their command."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from integrations.bootstrap import open_dragoman
from integrations.settings import Settings
from knowledge.jobs import JobRefused
from tests.assistant.openai_server import say, serving

WANTED = {"skus": ["AQ-P-001", "AQ-P-002"], "marketplaces": ["amazon", "ebay"], "locales": "de-DE"}


def served(home: Path, address: str, **more: Any) -> Settings:
    return Settings(
        home=home, model="openai:gpt-4o-mini", openai_base_url=address, openai_api_key="key",
        requests_per_minute=60_000, **more,
    )  # fmt: skip


async def test_listings_of_every_product_channel_and_locale(home: Path) -> None:
    async with open_dragoman(Settings(home=home)) as dragoman:
        jobs = dragoman.jobs
        items = await jobs.plan("listings", WANTED)
        assert items == [
            {"sku": sku, "marketplace": market, "locale": "de-DE"}
            for sku in WANTED["skus"] for market in WANTED["marketplaces"]
        ]  # fmt: skip
        job = await jobs.create("listings", [*items, {"sku": "none"}, {"sku": "NOPE", "marketplace": "amazon"}])
        ended = await jobs.run(job.id)
        assert (ended.state, ended.done, ended.failed, ended.estimate_usd) == ("done", 4, 2, None)
        found = [item async for item in jobs.results(job.id)]
        assert found[0].result
        assert (found[0].result["marketplace"], found[0].result["locale"]) == ("amazon", "de-DE")
        assert found[0].result["fields"]["title"]
        assert "marketplace" in found[4].error
        assert "NOPE" in found[5].error


async def test_all_means_every_one(home: Path) -> None:
    async with open_dragoman(Settings(home=home)) as dragoman:
        products = await dragoman.shop.products()
        items = await dragoman.jobs.plan("audit", {"marketplaces": "shopify", "locales": ["en-US", "ja-JP"]})
        assert len(items) == 2 * len(products)
        for wanted in ({"locales": "all"}, {**WANTED, "skus": ["x"]}, {**WANTED, "marketplaces": "moon"}):
            with pytest.raises(JobRefused):
                await dragoman.jobs.plan("listings", wanted)
        with pytest.raises(JobRefused, match="No model"):
            await dragoman.jobs.create("listings", items, options={"model": True})


async def test_an_audit_tells_what_to_change(home: Path) -> None:
    async with open_dragoman(Settings(home=home)) as dragoman:
        jobs = dragoman.jobs
        items = await jobs.plan("audit", {"marketplaces": "shopify", "locales": "en-US"})
        ended = await jobs.run((await jobs.create("audit", items)).id)
        assert ended.done == ended.total
        async for item in jobs.results(ended.id):
            assert item.result is not None
            assert item.result["ok"] == (not item.result["changes"])


async def test_indexing_is_a_job_of_one_item(home: Path) -> None:
    async with open_dragoman(Settings(home=home)) as dragoman:
        job = await dragoman.jobs.create("ingest", await dragoman.jobs.plan("ingest", {}))
        assert (await dragoman.jobs.run(job.id)).done == 1
        [item] = [item async for item in dragoman.jobs.results(job.id)]
        assert item.result
        assert item.result["kept"] > 100
        assert item.result["added"] == item.result["removed"] == 0


async def test_a_model_writes_at_a_price_and_its_silence_is_told(home: Path) -> None:
    with serving(lambda _: say("{}")) as (address, seen):
        async with open_dragoman(served(home, address)) as dragoman:
            jobs = dragoman.jobs
            items = await jobs.plan("listings", WANTED)
            assert (await jobs.estimate("listings", items, {})) is None
            job = await jobs.create("listings", items, options={"model": True}, budget_usd=Decimal(1))
            assert job.estimate_usd
            assert 0 < job.estimate_usd < Decimal("0.05")
            ended = await jobs.run(job.id)
            assert (ended.done, ended.cost_usd > 0) == (4, True)
            assert len(seen) >= 4
            with pytest.raises(JobRefused, match="price"):
                await jobs.create("listings", items, budget_usd=Decimal(1))
    with serving(lambda _: 400) as (address, _):
        async with open_dragoman(served(home, address)) as dragoman:
            jobs = dragoman.jobs
            ended = await jobs.run((await jobs.create("listings", items, options={"model": True})).id)
            assert (ended.state, ended.failed) == ("failed", 4)  # templates do not stand in unseen


async def test_a_days_budget_that_is_used_up_pauses_the_job(home: Path) -> None:
    with serving(lambda _: say("{}")) as (address, _):
        async with open_dragoman(served(home, address, day_calls=1)) as dragoman:
            jobs = dragoman.jobs
            job = await jobs.create("listings", await jobs.plan("listings", WANTED), options={"model": True})
            ended = await jobs.run(job.id)
            assert (ended.state, ended.failed) == ("paused", 0)
            assert "day's budget" in ended.why


def test_the_command(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import integrations.cli.job  # noqa: F401
    from integrations.cli import app

    monkeypatch.setenv("DRAGOMAN_HOME", str(home))

    def told(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["job", *words])
        assert done.exit_code == code, done.output
        return done.stdout

    rows = [{"sku": "AQ-P-001", "marketplace": "amazon", "locale": "de-DE"}, {"sku": "NOPE", "marketplace": "amazon"}]
    file = tmp_path / "items.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert json.loads(told("run", "listings", "--items", str(file), "--estimate", "--json")) == {
        "items": 2, "estimate_usd": None,
    }  # fmt: skip
    job = json.loads(told("run", "listings", "--items", str(file), "--json", code=1))
    assert (job["done"], job["failed"]) == (1, 1)
    assert [one["id"] for one in json.loads(told("list", "--json"))["jobs"]] == [job["id"]]
    assert "NOPE" in told("show", job["id"])
    assert len(told("results", job["id"]).splitlines()) == 2
    assert json.loads(told("resume", job["id"], "--failed", "--json", code=1))["failed"] == 1
    told("pause", job["id"], code=2)
    told("run", "listings", "--budget", "much", code=2)
    told("run", "listings", code=2)
    told("show", "nope", code=2)
