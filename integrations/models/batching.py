"""Asking by a server's Batch API: half the price, up to a day. Requests that come together go in one file; each is
known by the digest of what it asks, so whoever asks the same again, after a crash, gets the answer that is paid for.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any, Protocol

import orjson

from integrations.models.client import Chunk, Client, unstreamed
from integrations.models.faults import ModelFault, fault_of, reported
from knowledge.jobs import Halted, ItemFailed

MOST_REQUESTS, MOST_BYTES = 50_000, 150_000_000
"""What goes in one file; OpenAI takes 50,000 requests and 200 MB."""

SETTLE_S = 2.0
"""After so many seconds without another request a file is closed."""

FIRST_POLL_S, MOST_POLL_S = 1.0, 60.0
"""Seconds between two looks at a batch: at first, and at most."""

MOST_TRIES = 3
"""In how many batches a request may be."""

MOST_FAULTS = 20
"""How often in a row a look may fail before the job pauses."""

OVER = ("completed", "expired", "failed", "cancelled")

MARK = "dragoman_batch"
"""Under this name a batch carries our own id, by which it is found again where its creation was not heard of."""

Answers = dict[str, dict[str, Any]]


class Book(Protocol):
    """Where batches are kept: integrations/database/batch_records.py."""

    async def known(self, keys: Any) -> dict[str, tuple[str, dict[str, Any]]]: ...
    async def begin(self, batch_id: str, keys: Any) -> None: ...
    async def reached(self, batch_id: str, server_id: str) -> None: ...
    async def server_id(self, batch_id: str) -> str: ...
    async def ended(self, batch_id: str, answers: Any) -> None: ...


class Batches:
    """Gathers requests into batches, and gives each its answer."""

    def __init__(self, client: Client, book: Book, settle_s: float = SETTLE_S, poll_s: float = FIRST_POLL_S) -> None:
        self._client, self._book, self._settle_s, self._poll_s = client, book, settle_s, poll_s
        self._asked: dict[str, tuple[bytes, asyncio.Future[Chunk]]] = {}
        self._tries: Counter[str] = Counter()
        self._new = asyncio.Event()
        self._working: asyncio.Task[None] | None = None

    async def ask(self, body: bytes) -> list[Chunk]:
        """The answer to a request, when its batch is over. Raises ModelFault, Halted."""
        request = orjson.loads(body)
        whole = orjson.dumps({name: value for name, value in request.items() if not name.startswith("stream")})
        key = hashlib.sha256(self._client.server.base_url.encode() + whole).hexdigest()[:40]
        if key not in self._asked:
            self._asked[key] = (whole, asyncio.get_running_loop().create_future())
            self._new.set()
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return [unstreamed(await asyncio.shield(self._asked[key][1]))]

    async def close(self) -> None:
        """Ask no more; what the server has it keeps."""
        if self._working:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work(self) -> None:
        try:
            while self._asked:
                await self._settle()
                await self._round()
        except (Halted, ModelFault) as fault:
            self._tell_all(fault)
        except Exception as error:
            self._tell_all(Halted(f"The batch broke off ({type(error).__name__}); resume the job."))
            raise

    def _tell_all(self, fault: Exception) -> None:
        for _, future in self._asked.values():
            if not future.done():
                future.set_exception(fault)
        self._asked.clear()

    async def _settle(self) -> None:
        """Wait until no more requests come."""
        while self._new.is_set():
            self._new.clear()
            await asyncio.sleep(self._settle_s)

    async def _round(self) -> None:
        """Hand over what no batch holds yet, and see one batch after the other through."""
        known = await self._book.known(self._asked)
        fresh = [(key, self._asked[key][0]) for key in list(self._asked) if key not in known and self._may_try(key)]
        batches = {batch for batch, answer in known.values() if not answer}
        for part in _files(fresh):
            batches.add(await self._hand_over(part))
        await asyncio.gather(*(self._see_through(batch) for batch in batches))
        for key, (_, answer) in (await self._book.known(self._asked)).items():
            if answer:
                self._give(key, answer)

    def _may_try(self, key: str) -> bool:
        """Whether a request may go in another batch; one that was in several without an answer fails."""
        self._tries[key] += 1
        if self._tries[key] > MOST_TRIES:
            _, future = self._asked.pop(key)
            future.set_exception(ItemFailed(f"It was in {MOST_TRIES} batches, and none answered it."))
        return self._tries[key] <= MOST_TRIES

    def _give(self, key: str, answer: dict[str, Any]) -> None:
        _, future = self._asked.pop(key)
        if future.done():
            return
        if answer["status"] < 300:
            future.set_result(answer["body"])
        else:
            future.set_exception(reported(orjson.dumps(answer["body"]).decode(), answer["status"]))

    async def _hand_over(self, part: list[tuple[str, bytes]]) -> str:
        """Upload a file of requests and have it worked on. What is noted first can be found again after a crash."""
        batch = f"batch_{secrets.token_hex(8)}"
        await self._book.begin(batch, [key for key, _ in part])
        lines = (
            b'{"custom_id":"%b","method":"POST","url":"/v1/chat/completions","body":%b}' % (key.encode(), body)
            for key, body in part
        )
        try:
            file = await self._call("POST", "/files", file=("batch", b"\n".join(lines)))
            asked = {"input_file_id": file["id"], "endpoint": "/v1/chat/completions", "completion_window": "24h"}
            made = await self._call("POST", "/batches", {**asked, "metadata": {MARK: batch}})
        except ModelFault as fault:
            if not fault.is_retryable:  # refused for good: it has nothing of ours
                await self._book.ended(batch, {})
            raise Halted(f"The server takes no batch ({fault.kind}); resume without --batch, or later.") from fault
        await self._book.reached(batch, made["id"])
        return batch

    async def _see_through(self, batch: str) -> None:
        """Wait until a batch is over, and keep its answers; without those its requests are made again."""
        server_id = await self._book.server_id(batch) or await self._found(batch)
        if not server_id:
            await self._book.ended(batch, {})
            return
        wait = self._poll_s
        while (told := await self._patiently(f"/batches/{server_id}"))["status"] not in OVER:
            await asyncio.sleep(wait)
            wait = min(wait * 1.3, MOST_POLL_S)
        answers = await self._answers(told)
        await self._book.ended(batch, answers)
        if told["status"] in ("failed", "cancelled") and not answers:
            raise Halted(f"The server's batch {server_id} {told['status']}: {_reason(told)}")

    async def _found(self, batch: str) -> str:
        """A batch that the server may have though we never heard so."""
        after = ""
        while True:
            page = await self._call("GET", f"/batches?limit=100{after}")
            for told in page["data"]:
                if (told.get("metadata") or {}).get(MARK) == batch:
                    await self._book.reached(batch, told["id"])
                    return str(told["id"])
            if not page.get("has_more") or not page["data"]:
                return ""
            after = f"&after={page['data'][-1]['id']}"

    async def _answers(self, told: dict[str, Any]) -> Answers:
        """What a batch answered, in whatever order; without what may succeed when it is asked again."""
        answers: Answers = {}
        for name in ("output_file_id", "error_file_id"):
            if told.get(name):
                for line in (await self._client.call("GET", f"/files/{told[name]}/content")).splitlines():
                    answers |= _answer(orjson.loads(line)) if line.strip() else {}
        return answers

    async def _patiently(self, path: str) -> dict[str, Any]:
        """What is told, even where the server cannot be reached for a while."""
        for failed in range(MOST_FAULTS):
            try:
                return await self._call("GET", path)
            except ModelFault as fault:
                if not fault.is_retryable or failed == MOST_FAULTS - 1:
                    raise Halted(f"The server says nothing of the batch ({fault.kind}); resume the job.") from fault
            await asyncio.sleep(min(self._poll_s * 2**failed, MOST_POLL_S))
        raise AssertionError

    async def _call(self, method: str, path: str, data: Any = None, file: Any = None) -> dict[str, Any]:
        try:
            told = orjson.loads(await self._client.call(method, path, data, file))
        except (ModelFault, OSError, TimeoutError, ValueError) as error:
            raise fault_of(error) from error
        return dict(told)


def _files(requests: list[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    part: list[tuple[str, bytes]] = []
    size = 0
    for key, body in requests:
        if part and (len(part) >= MOST_REQUESTS or size + len(body) > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append((key, body))
        size += len(body) + 150
    if part:
        yield part


def _answer(line: dict[str, Any]) -> Answers:
    """A line's answer by its request; nothing where that was not worked on: it expired, or the server was at fault."""
    response = line.get("response") or {}
    status = int(response.get("status_code") or 0)
    if not status or status == 429 or status >= 500:
        return {}
    return {str(line["custom_id"]): {"status": status, "body": response.get("body") or {}}}


def _reason(told: dict[str, Any]) -> str:
    found = ((told.get("errors") or {}).get("data") or [{}])[0]
    return str(found.get("code") or "no reason given")
