"""Asking a server for a streamed chat completion, over connections that are kept. The one place that knows the HTTP
client.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
import orjson

from integrations.models.faults import ModelFault, reported

if TYPE_CHECKING:
    from integrations.models import Server

OPENAI_URL = "https://api.openai.com/v1"
"""Where a model is asked that has no other address."""

CONNECT_S = 5.0
"""Longest wait for a connection: a server that is not there is known soon."""

MOST_CONNECTIONS = 1000
"""More turns than one process can carry."""

MOST_OF_AN_ERROR = 65536
"""Bytes of an error that are read."""

TO_BE_CLOSED_S = 0.2
"""How long the end of a stream is waited for after its last word, so that its connection can be used again."""

Chunk = dict[str, Any]


class Client:
    """One server's address, key and connections. It is opened by its first use and belongs to that event loop."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.is_openai = not server.base_url
        self.silence_s = server.timeout_s
        self._url = f"{(server.base_url or OPENAI_URL).rstrip('/')}/chat/completions"
        self._key = server.api_key
        self._session: aiohttp.ClientSession | None = None
        address = urlsplit(self._url)
        self._proxy = None if proxy_bypass(address.hostname or "") else getproxies().get(address.scheme)

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    @asynccontextmanager
    async def ask(self, body: bytes, ends: float) -> AsyncIterator[Stream]:
        """The stream that answers a request, given up at a moment (of the monotonic clock). Raises ModelFault, OSError
        or TimeoutError.
        """
        try:
            async with asyncio.timeout(self.silence_s):
                response = await self._open().post(self._url, data=body, headers=self._headers(), proxy=self._proxy)
            async with response:
                self.heard(response.headers)
                if response.status >= 300:
                    raise await self._refused(response)
                yield Stream(response, self.silence_s, ends)
        except aiohttp.ClientPayloadError as error:
            raise ModelFault("connection") from error

    async def call(self, method: str, path: str, data: Any = None, file: tuple[str, bytes] | None = None) -> bytes:
        """What another route says to JSON, or to a file with its purpose. Raises ModelFault, OSError, TimeoutError."""
        headers = {name: value for name, value in self._headers().items() if name == "authorization"}
        form = aiohttp.FormData()
        if file is not None:
            form.add_field("purpose", file[0])
            form.add_field("file", file[1], filename="batch.jsonl", content_type="application/jsonl")
        body: dict[str, Any] = {"data": form} if file is not None else {"json": data} if data is not None else {}
        url = self._url.removesuffix("/chat/completions") + path
        async with self._open().request(method, url, headers=headers, proxy=self._proxy, **body) as response:
            if response.status >= 300:
                raise await self._refused(response)
            return await response.read()

    def heard(self, headers: Mapping[str, str]) -> None:
        """Told of each answer's headers; here nobody listens."""

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=MOST_CONNECTIONS, ssl=_trust() if "https:" in self._url else False)
            patience = aiohttp.ClientTimeout(total=None, sock_connect=min(CONNECT_S, self.silence_s))
            self._session = aiohttp.ClientSession(connector=connector, timeout=patience, auto_decompress=True)
        return self._session

    def _headers(self) -> dict[str, str]:
        key = self._key.get_secret_value().strip() or "none"
        return {"authorization": f"Bearer {key}", "content-type": "application/json", "accept": "text/event-stream"}

    async def _refused(self, response: aiohttp.ClientResponse) -> ModelFault:
        async with asyncio.timeout(self.silence_s):
            said = await response.content.read(MOST_OF_AN_ERROR)
        return reported(said.decode("utf-8", "replace"), response.status, response.headers)


class Stream:
    """A streamed answer, read in the pieces that have come since it was last read."""

    def __init__(self, response: aiohttp.ClientResponse, silence_s: float, ends: float) -> None:
        self._content = response.content
        # else each piece in the buffer would resume the transport, which costs as much as a token
        self._content._low_water = 0
        self._protocol = response.connection.protocol if response.connection else None
        self._whole = "json" in response.content_type
        self._silence_s = silence_s
        self._ends = ends
        self._left = b""
        self._over = False
        if "html" in response.content_type:
            raise ModelFault("protocol")

    async def read(self) -> list[Chunk] | None:
        """What has come, at least one piece; None at the end. Raises ModelFault, TimeoutError."""
        while not self._over:
            chunks = self._parsed(await self._more())
            if chunks:
                return chunks
        return None

    async def rest(self, until: float) -> None:
        """Let more come, until a moment (of the monotonic clock). The system gathers it meanwhile: to be woken for each
        token costs more than to read it.
        """
        wait = until - time.monotonic()
        if wait > 0 and self._protocol is not None and not self._content.is_eof():
            self._protocol.pause_reading()
            try:
                await asyncio.sleep(wait)
            finally:
                self._protocol.resume_reading()

    async def drain(self) -> None:
        """Let the stream close after its last word, so that the connection serves the next request."""
        with contextlib.suppress(TimeoutError, aiohttp.ClientError):
            async with asyncio.timeout(TO_BE_CLOSED_S):
                await self._content.read()

    async def _more(self) -> bytes:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise ModelFault("too_slow", retry=False)
        async with asyncio.timeout(min(self._silence_s, left)):
            read = await self._content.read() if self._whole else await self._content.readany()
        if self._protocol is not None and not self._content.at_eof():
            self._protocol.resume_reading()
        return read

    def _parsed(self, data: bytes) -> list[Chunk]:
        if self._whole:
            self._over = True
            return [unstreamed(_json(data))]
        self._over = not data
        *lines, self._left = (self._left + data).split(b"\n")
        if self._over and self._left:
            lines.append(self._left)
        return _chunks(list(self._events(lines)))

    def _events(self, lines: list[bytes]) -> Iterator[bytes]:
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            event = line[5:].strip()
            if event == b"[DONE]":
                self._over = True
                return
            if event:
                yield event


def _chunks(events: list[bytes]) -> list[Chunk]:
    """Events of a stream, read in one go where all are whole."""
    try:
        read = orjson.loads(b"[" + b",".join(events) + b"]")
        if len(read) == len(events) and all(type(one) is dict for one in read):
            return list(read)
    except ValueError:
        pass
    return list(map(_event, events))


def _event(data: bytes) -> Chunk:
    """An event of a stream; what is none of the protocol is told as an error, in its place."""
    try:
        return _json(data)
    except ModelFault as fault:
        return {"error": fault.kind}


def _json(data: bytes) -> Chunk:
    try:
        read = orjson.loads(data)
    except ValueError as error:
        raise ModelFault("protocol") from error
    if not isinstance(read, dict):
        raise ModelFault("protocol")
    return read


def unstreamed(answer: Chunk) -> Chunk:
    """A whole answer as one piece of a stream: some servers do not stream when they are asked to."""
    for choice in answer.get("choices") or []:
        message = choice.setdefault("delta", choice.pop("message", None) or {})
        for position, call in enumerate(message.get("tool_calls") or []):
            call.setdefault("index", position)
    return answer


def _trust() -> ssl.SSLContext:
    """Whom to trust: this machine's authorities and, for machines that have none, those of certifi."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
