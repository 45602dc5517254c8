"""Jobs over HTTP: asked for, watched, read, stopped; closed without the key."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from integrations.database.engine import open_engine, prepare
from integrations.database.keys import Keyring
from integrations.jobs.attending import Attending
from integrations.studio.api import add_studio
from knowledge.jobs import ItemFailed
from tests.integrations.jobs.doubling import Doubling, opened

KEY = "a-key-of-at-least-sixteen-bytes"
BODY = {"kind": "doubling", "items": [{"n": n} for n in range(5)], "options": {"unit": "cm"}, "title": "Twice"}


@pytest.fixture
def url(tmp_path: Path, made_at: Callable[[Path], str]) -> str:
    return made_at(tmp_path / "jobs.sqlite3")


@asynccontextmanager
async def served(url: str, work: Doubling) -> AsyncIterator[AsyncClient]:
    api = FastAPI(telemetry={"logs": False, "operation_spans": False, "auto_configure": False})
    async with opened(url, work) as jobs:
        attending, engine = Attending(jobs), open_engine(url)
        add_studio(api, Keyring(await prepare(engine), KEY), attending=attending)
        headers = {"authorization": f"Bearer {KEY}"}
        async with (
            attending.working(),
            AsyncClient(transport=ASGITransport(api), base_url="http://shop.test", headers=headers) as client,
        ):
            yield client
        await engine.dispose()


async def fail() -> None:
    raise ItemFailed("no such product")


async def test_a_job_is_asked_for_watched_and_read(url: str) -> None:
    async with served(url, Doubling({3: fail})) as client:
        made = await client.post("/v1/jobs", json=BODY)
        assert made.status_code == 202
        job = made.json()
        events = (await client.get(f"/v1/jobs/{job['id']}/events")).text.strip().split("\n\n")
        last = json.loads(events[-1].partition("data: ")[2])
        assert (last["state"], last["done"], last["failed"], last["waiting"]) == ("done", 4, 1, 0)
        assert (await client.get(f"/v1/jobs/{job['id']}")).json() == last
        assert (await client.get("/v1/jobs")).json() == {"jobs": [last]}
        lines = (await client.get(f"/v1/jobs/{job['id']}/items")).text.splitlines()
        items = [json.loads(line) for line in lines]
        assert [item["number"] for item in items] == list(range(5))
        assert items[4]["result"] == {"twice": 8, "unit": "cm"}
        assert items[3]["error"] == "no such product"
        failed = (await client.get(f"/v1/jobs/{job['id']}/items", params={"state": "failed"})).text
        assert json.loads(failed) == items[3]


async def test_a_server_that_starts_again_takes_its_jobs_up(url: str) -> None:
    async with opened(url, Doubling()) as jobs:
        ours = await jobs.create("doubling", BODY["items"], by="api")  # type: ignore[arg-type]
        theirs = await jobs.create("doubling", BODY["items"], by="anna")  # type: ignore[arg-type]
    async with served(url, Doubling()) as client:
        assert '"done": 5' in (await client.get(f"/v1/jobs/{ours.id}/events")).text
        assert (await client.get(f"/v1/jobs/{theirs.id}")).json()["state"] == "queued"


async def test_a_job_is_stopped_and_goes_on(url: str) -> None:
    async with served(url, Doubling()) as client:
        job = (await client.post("/v1/jobs", json=BODY)).json()
        await client.get(f"/v1/jobs/{job['id']}/events")
        assert (await client.post(f"/v1/jobs/{job['id']}/pause")).status_code == 409
        assert (await client.post(f"/v1/jobs/{job['id']}/resume", json={"failed": True})).json()["state"] == "done"
        assert (await client.post(f"/v1/jobs/{job['id']}/burn")).status_code == 422


async def test_what_cannot_be_done_is_refused(url: str) -> None:
    async with served(url, Doubling(price=5)) as client:
        for change in ({"kind": "tripling"}, {"items": []}, {"items": None}, {"budget_usd": 0}, {"more": 1}):
            assert (await client.post("/v1/jobs", json={**BODY, **change})).status_code == 422
        told = await client.post("/v1/jobs", json={**BODY, "start": False})
        assert told.json() == {"items": 5, "estimate_usd": 25e-6}
        assert (await client.get("/v1/jobs")).json() == {"jobs": []}
        assert (await client.get("/v1/jobs/job_1")).status_code == 404
        client.headers.pop("authorization")
        for way, path in (("POST", ""), ("GET", ""), ("GET", "/job_1"), ("POST", "/job_1/cancel")):
            assert (await client.request(way, f"/v1/jobs{path}", json={})).status_code == 401
