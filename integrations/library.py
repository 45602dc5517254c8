"""What a home knows: its documents, saved pages, accepted entries and products, indexed, and the search over them."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from integrations.embedders import is_served, open_embedder
from integrations.pages.fetch import fetch_pages, read_manifest
from integrations.shipped import open_natures, open_router, packaged, read_means
from knowledge.documents import DocumentProblem, Passage
from knowledge.filters import Filter
from knowledge.folder import file_source, folder_sources
from knowledge.folder_rules import Site, read_rules
from knowledge.gap_drafts import ENTRIES
from knowledge.index import Change, Index, IndexBusy
from knowledge.product_passages import product_source
from knowledge.retrieval import Hit, Retriever
from knowledge.sources import Source
from knowledge.vector_cache import Stages, VectorCache

if TYPE_CHECKING:
    from assistant.embedded.router import Router
    from assistant.guardrails.evidence import Natures
    from integrations.database.shop import BuiltInShop
    from integrations.settings import Settings

DEMO_DOCUMENTS = "demo"
"""In place of a folder: the documents of the demo shop that ship with us."""

WAITS = 600.0
"""Seconds for which another process's build of the index is waited for; a large shop's first takes minutes."""

Notice = Callable[[str], None]
"""Told what is being done, in words."""


class DocumentsUnreadable(Exception):
    """The shop's documents cannot be listed, and what to do about it. The index stays as it was."""


class Library:
    """Everything the assistant of one home can look up."""

    def __init__(self, settings: Settings, shop: BuiltInShop, notice: Notice, progress: Stages | None) -> None:
        self._settings, self._shop, self._notice, self._progress = settings, shop, notice, progress

    @cached_property
    def cache(self) -> VectorCache:
        """Vectors of everything ever embedded here, and those that ship with us."""
        return self._open_vectors(self._settings.embedder)

    @cached_property
    def built_in(self) -> VectorCache:
        """Vectors of the built-in encoders, for the router: its examples are sent to no server."""
        return self._open_vectors("default") if is_served(self._settings.embedder) else self.cache

    def _open_vectors(self, embedder: str) -> VectorCache:
        server = (self._settings.openai_base_url, self._settings.openai_api_key, self._settings.home)
        opened = open_embedder(embedder, *server, self._notice, self._settings.embedder_prefixes)
        return VectorCache(server[-1] / "vectors.sqlite3", opened, [packaged("knowledge.demo_shop", "vectors.npz")])

    @cached_property
    def index(self) -> Index:
        """The index of this home's shop."""
        means = read_means(self.cache.embedder.identity)
        return Index(self._settings.home / "index", self.cache, means, self._settings.chroma_url)

    @cached_property
    def retriever(self) -> Retriever:
        """Search over the index."""
        return Retriever(self.index, self.cache.query)

    def cite(self, locale: str) -> Callable[[str], Hit | None]:
        """How a passage that a rule names is found, in a reader's language."""
        language = locale.split("-")[0] if locale not in ("pt-BR", "zh-CN") else locale
        today = datetime.now(UTC).date()
        return lambda cite: self.retriever.passage(cite, language, Filter(on=today))

    @cached_property
    def router(self) -> Router:
        """The embedded model's router, trained again when its examples were changed."""
        return open_router(self._settings.home, self.built_in)

    @cached_property
    def natures(self) -> Natures:
        """What tells the nature of a served model's sentences, the quickest first; the embedded one needs none."""
        if not self._settings.served_models:
            return ()
        return open_natures(self._settings.home, self.built_in.embedder)

    def close(self) -> None:
        """Let go of the index, if it was opened."""
        if "index" in vars(self):
            self.index.close()

    @property
    def documents(self) -> str:
        """Where the shop's documents are: a folder, a sitemap's address or file, or '' for none."""
        named = str(self._shop.facts.get("documents") or "")
        return str(packaged("knowledge.demo_shop", "policies")) if named == DEMO_DOCUMENTS else named

    async def sync(self) -> Change:
        """Index what documents, pages, entries and products say now; sources that cannot be read are reported.

        Where another process builds the index, its end is waited for, and said. Raises DocumentsUnreadable, IndexBusy
        after `WAITS` seconds, ServerUnreachable, EmbedderUnavailable, and ValueError in words.
        """
        until = time.monotonic() + WAITS
        while True:
            await self._turn(until)
            with contextlib.suppress(IndexBusy):  # somebody else was quicker
                return await self._synced()

    async def _turn(self, until: float) -> None:
        """Wait until nobody else builds the index; a thread that waited for the lock could not be interrupted."""
        told = False
        while await asyncio.to_thread(self.index.is_being_written):
            if time.monotonic() >= until:
                raise IndexBusy(
                    f"another process has been building this index for {WAITS / 60:.0f} minutes; wait for it to end, "
                    "or end it"
                )
            if not told:
                self._notice("another process is building the index: waiting for it to end")
            told = True
            await asyncio.sleep(0.2)

    async def _synced(self) -> Change:
        sources, problems = await asyncio.to_thread(self._sources, self._fetch)
        sources += [product_source(product) for product in await self._shop.products()]
        change = await asyncio.to_thread(self.index.sync, sources, self._progress)
        return Change(change.added, change.removed, change.kept, (*problems, *change.problems))

    async def ended(self) -> list[Passage]:
        """Passages of documents that have expired and left the index: what they said is no longer found, but may
        still disagree with what is. Where documents can no longer be read, that is noted.
        """
        today = date.today()  # noqa: DTZ011
        entries = self.index.generation().entries()
        names = {entry.source for entry in entries if entry.valid_until and entry.valid_until < today}
        try:
            sources, _ = await asyncio.to_thread(self._sources, lambda _: [])
        except DocumentsUnreadable as fault:
            self._notice(str(fault))
            return []
        held = [passage for source in sources if source.name in names for passage in self._read(source)]
        return [passage for passage in held if passage.valid_until and passage.valid_until < today]

    def _read(self, source: Source) -> Sequence[Passage]:
        try:
            return source.read()
        except (ValueError, OSError) as error:
            self._notice(f"{source.name} cannot be read: {error}")
            return []

    def _sources(self, fetch: Callable[[Site], list[DocumentProblem]]) -> tuple[list[Source], list[DocumentProblem]]:
        sources: list[Source] = []
        problems: list[DocumentProblem] = []
        sites: list[Site] = []
        if is_sitemap(self.documents):
            sites.append(Site(url=self.documents))
        elif self.documents:
            sources, sites = _read_folder(Path(self.documents))
            if not (sources or sites):
                self._notice(f"there is no document in {self.documents}")
        for site in sites:
            problems += fetch(site)
            sources += self._pages(site)
        entries = self._settings.home / ENTRIES
        if entries.is_dir():
            sources += folder_sources(entries, ENTRIES)
        return sources, problems

    def _fetch(self, site: Site) -> list[DocumentProblem]:
        """Save a site's pages anew; where that fails, those saved before stay."""
        self._notice(f"reading the pages of {site.url}")
        try:
            _, problems = fetch_pages(site.url, self._saved(site), allow=site.allow, deny=site.deny)
        except ValueError as error:
            return [DocumentProblem(path=site.url, problem=str(error))]
        return problems

    def _pages(self, site: Site) -> Iterator[Source]:
        folder = self._saved(site)
        for file, url in read_manifest(folder).items():
            yield file_source(url, folder / file, site.terms(), {"url": url, "id": page_id(url)})

    def _saved(self, site: Site) -> Path:
        return self._settings.home / "pages" / re.sub(r"[^A-Za-z0-9.-]+", "_", site.url).strip("_")[:120]


def _read_folder(folder: Path) -> tuple[list[Source], list[Site]]:
    """The documents of a folder, and the sitemaps that its rules name, files of those beside it."""
    try:
        sites = read_rules(folder).sitemap
        sources = list(folder_sources(folder))
    except FileNotFoundError as error:
        raise DocumentsUnreadable(f"{error}; name the documents' folder: dragoman knowledge sync FOLDER") from error
    except ValueError as error:
        raise DocumentsUnreadable(f"{error}; correct it in {folder}, then: dragoman knowledge sync") from error
    near = [site if "://" in site.url else site.model_copy(update={"url": str(folder / site.url)}) for site in sites]
    return sources, near


def is_sitemap(where: str) -> bool:
    """Whether documents are named by a sitemap: an http address, or a file of it."""
    return where.startswith(("http://", "https://")) or where.lower().endswith((".xml", ".xml.gz"))


def page_id(url: str) -> str:
    """A page's id, where it states none: its address without the scheme and ends that say nothing."""
    return re.sub(r"^https?://(www\.)?", "", url).removesuffix("/").removesuffix(".html")
