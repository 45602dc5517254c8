"""Asking a server for long work: at its pace, and again until it answers whole. Nobody waits for the first word here,
so an answer is given out when it is there to its end.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from integrations.models.client import Chunk, Client, Stream
from integrations.models.faults import ModelFault, fault_of
from integrations.models.pacing import Pacer
from knowledge.jobs import Halted, ItemFailed

if TYPE_CHECKING:
    from integrations.models import Server

MOST_TRIES = 8
"""How often a request is made that fails for another reason than the limit."""

PAUSE_S, MOST_PAUSE_S = 0.5, 30.0
"""Seconds before the second try, twice as many each time, and at most."""

ENDS = {
    "quota": "The server's account has no quota left: raise it, then resume the job.",
    "refused": "The server refuses us: see the key (OPENAI_API_KEY), the address and the model's name, then resume.",
}
"""What ends a whole job, and what to do about it."""


class Whole(Stream):
    """An answer that has come to its end."""

    def __init__(self, chunks: list[Chunk]) -> None:
        self._chunks: list[Chunk] | None = chunks

    async def read(self) -> list[Chunk] | None:
        """All of it, once."""
        chunks, self._chunks = self._chunks, None
        return chunks

    async def rest(self, until: float) -> None:
        """Nothing more comes."""

    async def drain(self) -> None:
        """It is closed."""


class PacedClient(Client):
    """A client whose requests wait for their turn. Refused for the limit, they wait as long as it takes; other faults
    that may pass are tried again. What ends the job raises Halted, what ends only this request ItemFailed, and what the
    request itself was at fault for ModelFault.
    """

    def __init__(self, server: Server, pacer: Pacer, pause_s: Callable[[int], float] | None = None) -> None:
        super().__init__(server)
        self.pacer = pacer
        self._pause_s = pause_s or _pause_s
        self._answered_at = time.monotonic()

    def heard(self, headers: Mapping[str, str]) -> None:
        """Limits are told in the headers."""
        self.pacer.heard(headers)

    @asynccontextmanager
    async def ask(self, body: bytes, ends: float) -> AsyncIterator[Stream]:
        """The whole answer to a request. Raises ModelFault, ItemFailed, Halted."""
        yield Whole(await self._whole(body))

    async def _whole(self, body: bytes) -> list[Chunk]:
        begun, failed = time.monotonic(), 0
        while True:
            await self.pacer.turn()
            sent_at = time.monotonic()
            try:
                return await self._once(body, sent_at)
            except (ModelFault, OSError, TimeoutError) as error:
                fault = fault_of(error)
            if fault.kind == "rate_limit":
                self.pacer.refused(fault.after, sent_at)
                continue
            failed += 1
            self._give_up(fault, failed, begun)
            await asyncio.sleep(self._pause_s(failed))

    async def _once(self, body: bytes, sent_at: float) -> list[Chunk]:
        chunks: list[Chunk] = []
        async with super().ask(body, sent_at + 3 * self.silence_s) as stream:
            while (more := await stream.read()) is not None:
                chunks += more
        if not any(choice and choice.get("finish_reason") for chunk in chunks for choice in chunk.get("choices") or ()):
            raise ModelFault("cut_short")
        self._answered_at = time.monotonic()
        self.pacer.answered({}, self._answered_at - sent_at)
        return chunks

    def _give_up(self, fault: ModelFault, failed: int, begun: float) -> None:
        """Raise what a fault comes to, where it is not tried again."""
        if fault.kind in ENDS and not fault.ours:
            raise Halted(ENDS[fault.kind]) from fault
        if fault.ours:
            raise fault
        if failed >= MOST_TRIES and self._answered_at < begun:
            raise Halted(
                f"The server has answered nothing for {time.monotonic() - begun:.0f} s ({fault.kind})."
            ) from fault
        if failed >= MOST_TRIES:
            raise ItemFailed(f"The server failed {failed} times to answer this one ({fault.kind}).") from fault


def _pause_s(failed: int) -> float:
    return float(min(MOST_PAUSE_S, PAUSE_S * 2 ** (failed - 1))) * random.uniform(0.75, 1.25)  # noqa: S311
