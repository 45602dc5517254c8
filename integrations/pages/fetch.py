"""The pages of a shop's web site, saved as files: what its sitemap lists, asked for again only when it may differ."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import unquote, urlsplit

from integrations.pages.saved import Page, content_type, file_of, read_manifest, read_pages, write_file, write_pages
from integrations.pages.sitemaps import Sitemap, read_sitemap
from integrations.pages.web import AT_ONCE, Answer, Web, WebProblem
from knowledge.documents import DocumentProblem

__all__ = ["Saved", "fetch_pages", "read_manifest"]

KINDS = {"text/html": ".html", "application/xhtml+xml": ".html", "application/pdf": ".pdf"}
"""Content types we save, and the suffix of their files."""

NOTED_EVERY = 50
"""Pages after which pages.json is written, so that a crash late in a long run costs little."""


@dataclass(frozen=True)
class Saved:
    """Pages of one run: saved because new or changed, the same as before, and deleted. Failed ones are in none."""

    fetched: int
    unchanged: int
    removed: int


def fetch_pages(
    sitemap: str, folder: Path, *, allow: Sequence[str] = (), deny: Sequence[str] = (), limit: int = 2000,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Saved, list[DocumentProblem]]:  # fmt: skip
    """Save the pages a sitemap lists under a folder, and what became of those that could not be had.

    `sitemap` is an http address or a file; `allow` and `deny` are glob patterns on a page's path; of the pages left
    the first `limit` are saved. `progress` hears how many are done, of how many. Pages no longer asked for are
    deleted; a page that fails keeps its last copy. Blocks while it asks. Raises ValueError, with nothing lost, where
    the sitemap cannot be read or leaves no page, and where an argument or pages.json is not what it should be; OSError
    where the folder cannot be written.
    """
    _check(allow, deny, limit)
    with _alone(folder), Web() as web:
        run = _Run(folder, web)
        listed = read_sitemap(sitemap, web)
        wanted = _chosen(listed, allow, deny)
        if not wanted:
            why = "".join(f" ({problem.path}: {problem.problem})" for problem in listed.problems[:1])
            said = "lists no page that is wanted; check its host, allow and deny"
            raise ValueError(f"{sitemap} {said}{why}. Nothing changed")
        run.problems += listed.problems
        if len(wanted) > limit:
            left_out = f"{len(wanted):,} pages are wanted, the first {limit:,} are saved; raise the limit, or deny some"
            run.problems.append(DocumentProblem(path=sitemap, problem=left_out))
        run.fetch(dict(list(wanted.items())[:limit]), listed.whole, progress or _silently)
        return Saved(run.fetched, run.unchanged, run.removed), sorted(run.problems, key=lambda problem: problem.path)


def _check(allow: Sequence[str], deny: Sequence[str], limit: int) -> None:
    for pattern in (*allow, *deny):
        if not pattern.startswith(("/", "*")):
            raise ValueError(f"the pattern {pattern!r} fits no path; begin it with / or *")
    if limit < 1:
        raise ValueError("a limit of at least one page")


def _chosen(listed: Sitemap, allow: Sequence[str], deny: Sequence[str]) -> dict[str, str]:
    """Pages the patterns let through; one listed under http and https is one page, the first."""
    chosen: dict[str, tuple[str, str]] = {}
    for url, changed in listed.pages.items():
        path = unquote(urlsplit(url).path)
        allowed = not allow or any(fnmatchcase(path, pattern) for pattern in allow)
        if allowed and not any(fnmatchcase(path, pattern) for pattern in deny):
            chosen.setdefault(url.partition("://")[2], (url, changed))
    return dict(chosen.values())


def _silently(_done: int, _total: int) -> None:
    """Nobody wants to hear of the progress."""


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"another process is saving pages in {folder}; wait for it to end") from None
        yield


class _Run:
    """One run: what is saved, and what became of each page."""

    def __init__(self, folder: Path, web: Web) -> None:
        self.problems: list[DocumentProblem] = []
        self.fetched = self.unchanged = self.removed = 0
        self._folder, self._web = folder, web
        self._pages = {page.url: page for page in read_pages(folder)}
        self._before = dict(self._pages)

    def fetch(self, wanted: Mapping[str, str], whole: bool, progress: Callable[[int, int], None]) -> None:
        """Ask for what is wanted; delete the rest, where the list is whole. What is done is kept, come what may."""
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pages")
        try:
            asked = {pool.submit(self._ask, url, changed): url for url, changed in wanted.items()}
            for done, future in enumerate(as_completed(asked), 1):
                self._settle(asked[future], future)
                if not done % NOTED_EVERY:
                    write_pages(self._folder, list(self._pages.values()))
                progress(done, len(asked))
            for url in [url for url in self._pages if whole and url not in wanted]:
                self._forget(url)
        finally:
            pool.shutdown(cancel_futures=True)
            self._note()

    def _ask(self, url: str, changed: str) -> Page | None:
        """The page as it is now saved; None where there is no such page. Raises WebProblem."""
        before = self._before.get(url)
        if before and not before.intact(self._folder):
            before = None
        if before and before.surely_same(changed):
            return before
        answer = self._web.page(url, before.conditions() if before else {})
        if answer.status in (404, 410):
            return None
        if answer.status == 304 and before:
            return before.model_copy(update={"lastmod": changed})
        return self._save(url, changed, answer)

    def _save(self, url: str, changed: str, answer: Answer) -> Page:
        if answer.status != 200:
            raise WebProblem(f"the site answers {answer.status}")
        kind, charset = content_type(answer.headers.get("content-type", ""))
        if kind not in KINDS:
            raise WebProblem(f"neither HTML nor PDF ({kind[:60] or 'it does not say what it is'})")
        if not answer.body.strip():
            raise WebProblem("the page is empty")
        page = Page(
            url=url, file=file_of(url, KINDS[kind]), charset=charset, lastmod=changed,
            etag=answer.headers.get("etag", ""), last_modified=answer.headers.get("last-modified", ""),
            fetched_at=datetime.now(UTC).replace(microsecond=0), sha256=hashlib.sha256(answer.body).hexdigest(),
        )  # fmt: skip
        write_file(self._folder / page.file, answer.body)
        self._pages[url] = page  # here and not when it is counted: a run that breaks off in between knows its files
        return page

    def _settle(self, url: str, future: Future[Page | None]) -> None:
        before = self._before.get(url)
        try:
            page = future.result()
        except WebProblem as problem:
            kept = "; its last saved copy is kept" if before and (self._folder / before.file).is_file() else ""
            self.problems.append(DocumentProblem(path=url, problem=f"{problem}{kept}"))
            return
        if page is None:
            self._forget(url)
            return
        self._pages[url] = page
        same = before is not None and before.sha256 == page.sha256
        self.unchanged += same
        self.fetched += not same

    def _forget(self, url: str) -> None:
        self.removed += self._pages.pop(url, None) is not None

    def _note(self) -> None:
        """Delete files no page has any more, then write what is saved."""
        used = {page.file for page in self._pages.values()}
        for page in self._before.values():
            if page.file not in used:
                (self._folder / page.file).unlink(missing_ok=True)
                with contextlib.suppress(OSError):  # a folder that still holds something stays
                    os.removedirs((self._folder / page.file).parent)
        write_pages(self._folder, list(self._pages.values()))
