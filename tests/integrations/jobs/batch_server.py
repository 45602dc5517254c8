"""A server with a Batch API, in the test's own loop: files in, batches worked on, outputs out of order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


class BatchServer:
    """What came in and what is to happen: `looks` until a batch is over, `ends` how each batch ends in turn, `spoilt`
    what is wrong with a cell's lines in turn (a status, or `expired`).
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.looked: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.looks = 1
        self.ends: list[str] = []
        self.spoilt: dict[str, list[int | str]] = {}
        self.refuses = 0
        self.address = ""

    async def upload(self, request: web.Request) -> web.Response:
        if self.refuses:
            return web.json_response({"error": {"message": "no"}}, status=self.refuses)
        form = await request.post()
        assert form["purpose"] == "batch"
        assert request.headers["authorization"] == "Bearer key"
        return web.json_response({"id": self._keep(form["file"].file.read())})  # type: ignore[union-attr]

    async def create(self, request: web.Request) -> web.Response:
        asked = await request.json()
        assert (asked["endpoint"], asked["completion_window"]) == ("/v1/chat/completions", "24h")
        batch = {"id": f"server_{len(self.batches)}", "status": "validating", **asked}
        self.batches[batch["id"]] = batch
        return web.json_response(batch)

    async def show(self, request: web.Request) -> web.Response:
        batch = self.batches[request.match_info["id"]]
        self.looked[batch["id"]] += 1
        if batch["status"] in ("validating", "in_progress"):
            batch["status"] = "in_progress"
            if self.looked[batch["id"]] > self.looks:
                self._end(batch)
        return web.json_response(batch)

    async def listed(self, _: web.Request) -> web.Response:
        return web.json_response({"data": list(self.batches.values()), "has_more": False})

    async def content(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["id"]])

    def _end(self, batch: dict[str, Any]) -> None:
        batch["status"] = self.ends.pop(0) if self.ends else "completed"
        if batch["status"] == "failed":
            batch["errors"] = {"data": [{"code": "token_limit_exceeded"}]}
            return
        lines = [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]
        told = [self._told(line) for line in reversed(lines)]
        for name, wrong in (("output_file_id", False), ("error_file_id", True)):
            found = [json.dumps(line) for line, is_wrong in told if is_wrong == wrong]
            batch[name] = self._keep("\n".join(found).encode()) if found else None

    def _told(self, line: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        assert "stream" not in line["body"]
        cell = line["body"]["messages"][-1]["content"].split()[1]
        self.asked[cell] += 1
        way = self.spoilt[cell].pop(0) if self.spoilt.get(cell) else 200
        if way == "expired":
            return {"custom_id": line["custom_id"], "response": None, "error": {"code": "batch_expired"}}, True
        body: dict[str, Any] = {"error": {"message": "scripted"}}
        if way == 200:
            message = {"role": "assistant", "content": f"done {cell}"}
            usage = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
            body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage}
        return {
            "custom_id": line["custom_id"],
            "response": {"status_code": way, "body": body},
            "error": None,
        }, way != 200

    def _keep(self, body: bytes) -> str:
        self.files[name := f"file_{len(self.files)}"] = body
        return name


@asynccontextmanager
async def batching() -> AsyncIterator[BatchServer]:
    """A server that runs."""
    server, app = BatchServer(), web.Application(client_max_size=2**30)
    app.router.add_post("/v1/files", server.upload)
    app.router.add_get("/v1/files/{id}/content", server.content)
    app.router.add_post("/v1/batches", server.create)
    app.router.add_get("/v1/batches", server.listed)
    app.router.add_get("/v1/batches/{id}", server.show)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.address = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()
