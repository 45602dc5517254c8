"""Asking a web site for what it offers: few requests at a time, only its own hosts, as its robots.txt allows."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 5_000_000
"""Bytes of a page; a longer answer is cut off and refused."""

AT_ONCE = 4
"""Requests under way at a time; the caller starts no more threads than this."""

CONNECT_S = 5.0
READ_S = 20.0
"""Longest waits for a connection, and for the next piece of an answer."""

MOST_REDIRECTS = 5
RETRIES = 2

MOST_WAIT_S = 30.0
"""Longest wait a site may ask for; told to wait longer, we give up until the next run."""

MOST_TIME_S = 60.0
"""Longest time for one answer, however steadily it trickles."""

MOST_SILENCE = 10
"""Requests in a row without an answer, after which nothing more is asked: the site is down."""

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*(:[0-9]+)?")


class WebProblem(ValueError):
    """What was asked for could not be had, and why, in words."""


@dataclass(frozen=True)
class Answer:
    """What a site answered, after redirects. `body` is unpacked; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def address(text: str, base: str = "") -> str:
    """An http address in the one form we compare: host in ASCII, path quoted, no fragment. Raises WebProblem."""
    import httpx

    try:
        url = httpx.URL(urljoin(base, text.strip()))
    except (httpx.InvalidURL, ValueError) as error:
        raise WebProblem(f"not an address: {error}") from error
    host, path = url.netloc.decode("ascii"), url.raw_path.decode("ascii")
    if url.scheme not in ("http", "https") or url.userinfo or not _HOST.fullmatch(host) or len(host) > 240:
        raise WebProblem("not an address of a web page: it must begin with http:// or https:// and a host's name")
    if len(path) > 2048:
        raise WebProblem("an address longer than 2,048 letters")
    return f"{url.scheme}://{host}{path if url.query else path.removesuffix('?')}"


def host_of(url: str) -> str:
    """The host of an address, with its port where that is not the usual one."""
    return urlsplit(url).netloc


class Web(AbstractContextManager["Web"]):
    """Asks for addresses of `hosts` and of no other. Used by several threads; close it, or use it in a with block."""

    def __init__(self) -> None:
        import httpx

        self.hosts: set[str] = set()
        self._client = httpx.Client(
            headers={"User-Agent": f"Dragoman/{version('dragoman')} (+knowledge sync)", "Accept-Encoding": "gzip"},
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(READ_S, connect=CONNECT_S), limits=httpx.Limits(max_connections=AT_ONCE),
        )  # fmt: skip
        self._robots: dict[str, RobotFileParser | None] = {}
        self._reading_robots = threading.Lock()
        self._resume = 0.0
        self._silent = 0

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def page(self, url: str, headers: Mapping[str, str]) -> Answer:
        """The answer for a page, whatever its status, where robots.txt allows the asking. Raises WebProblem."""
        return self._follow(url, headers, MOST_BYTES, obey=True)

    def file(self, url: str, most: int) -> bytes:
        """A file the caller was told of by name, of at most so many bytes. Raises WebProblem."""
        answer = self._follow(url, {}, most, obey=False)
        if answer.status != 200:
            raise WebProblem(f"the site answers {answer.status}")
        return answer.body

    def _follow(self, url: str, headers: Mapping[str, str], most: int, *, obey: bool) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            if host_of(url) not in self.hosts:
                raise WebProblem(f"it leads to {url}, on another host")
            if obey:
                self._permit(url)
            answer = self._ask(url, headers, most)
            target = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or target is None:
                return answer
            url = address(target, url)
        raise WebProblem(f"more than {MOST_REDIRECTS} redirects")

    def _permit(self, url: str) -> None:
        scheme, host = urlsplit(url)[:2]
        with self._reading_robots:
            if host not in self._robots:
                self._robots[host] = self._read_robots(f"{scheme}://{host}/robots.txt")
        robots = self._robots[host]
        if robots is None:
            raise WebProblem("not asked for: the robots.txt of its host cannot be had")
        if not robots.can_fetch("Dragoman", url):
            raise WebProblem("not asked for: the site's robots.txt forbids it (allow Dragoman there)")

    def _read_robots(self, url: str) -> RobotFileParser | None:
        """The rules of a host; None where it does not say whether there are any."""
        try:
            answer = self._follow(url, {}, MOST_BYTES, obey=False)
        except WebProblem:
            return None
        if answer.status >= 500:
            return None
        robots = RobotFileParser()
        robots.parse(answer.body.decode("utf-8-sig", "replace").splitlines() if answer.status == 200 else [])
        return robots

    def _ask(self, url: str, headers: Mapping[str, str], most: int, retries: int = RETRIES) -> Answer:
        if self._silent >= MOST_SILENCE:
            raise WebProblem("not asked for: the site stopped answering")
        time.sleep(max(0.0, self._resume - time.monotonic()))
        answer = self._send(url, headers, most)
        if answer.status not in (429, 503):
            self._silent = 0
            return answer
        wait = _wanted_wait(answer.headers.get("retry-after", ""))
        if wait > MOST_WAIT_S or not retries:
            self._silent += 1
            raise WebProblem(f"the site is too busy (it answers {answer.status})")
        self._resume = max(self._resume, time.monotonic() + wait)  # the other threads wait too
        return self._ask(url, headers, most, retries - 1)

    def _send(self, url: str, headers: Mapping[str, str], most: int) -> Answer:
        import httpx

        try:
            with self._client.stream("GET", url, headers=dict(headers)) as response:
                return Answer(response.status_code, response.headers, _read(response, most))
        except httpx.InvalidURL as error:  # the client looks at redirects even when told not to follow them
            raise WebProblem("it leads to what is not an address") from error
        except httpx.TimeoutException as error:
            self._silent += 1
            raise WebProblem("the site did not answer in time") from error
        except httpx.HTTPError as error:
            self._silent += 1
            raise WebProblem(f"the connection failed ({error})") from error


def _read(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    until = time.monotonic() + MOST_TIME_S
    for piece in response.iter_bytes():
        body += piece
        if len(body) > most:
            raise WebProblem(f"larger than {most:,} bytes")
        if time.monotonic() > until:
            raise WebProblem(f"it took longer than {MOST_TIME_S:.0f} seconds")
    return bytes(body)


def _wanted_wait(header: str) -> float:
    """Seconds a Retry-After header asks for, given as seconds or as a date; one, where it does not say."""
    if header.strip().isdecimal():
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return 1.0
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
