"""Putting the parts together: the one place where concrete classes are named."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import functools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from integrations.database.actions import ActionLedger
from integrations.database.engine import DatabaseUnusable, Sessions, open_engine, prepare
from integrations.database.journal import Journal
from integrations.database.keys import Keyring
from integrations.database.searches import SearchStore
from integrations.database.sessions import SessionStore
from integrations.database.shop import BuiltInShop, ShopData
from integrations.database.slack_stores import SlackStores
from integrations.database.spending import SpendingBook
from integrations.database.studio_stores import StudioStores
from integrations.database.traces import TraceStore
from integrations.database.turns import TurnStore, now
from integrations.homes import HomeUnusable, home_secret, make_home
from integrations.library import DEMO_DOCUMENTS, Library, Notice
from integrations.settings import Settings
from knowledge.filters import Filter
from knowledge.generation import IndexDamaged
from knowledge.service.policy import ServicePolicy

if TYPE_CHECKING:
    from assistant.agent import Agent
    from assistant.conversation import Assistant
    from integrations.database.scratch import Scratch
    from integrations.forgetting import Forgetting
    from integrations.jobs.jobs import Jobs
    from integrations.localization.bureau import Bureau
    from integrations.models.serving import Serving
    from integrations.shops.exports import Export
    from knowledge.shop import Shop
    from knowledge.vector_cache import Stages
    from tools.actions.clerk import Clerk
    from tools.actions.ledger import Ledger
    from tools.context import Role, Session, ToolContext


@dataclass
class Dragoman:
    """A running Dragoman over one home: its shop, knowledge and assistant."""

    settings: Settings
    shop: BuiltInShop
    sessions: SessionStore
    turns: TurnStore
    searches: SearchStore
    ledger: ActionLedger
    traces: TraceStore
    slack: SlackStores
    studio: StudioStores
    keys: Keyring
    journal: Journal
    library: Library
    notice: Notice
    _database: Sessions
    _stack: AsyncExitStack
    _agents: dict[str, Agent] = field(default_factory=dict)
    _checkpointer: Any = None
    _policy: tuple[Any, ServicePolicy] | None = None
    """The policy as it was last read, and what it was read from."""

    async def adopt_documents(self, where: str, shop_name: str = "") -> None:
        """Take a folder, or a sitemap's address or file, as the shop's documents from now on; the demo shop, if that is
        what is here, gives way.
        """
        demo = bool(self.shop.facts.get("is_demo"))
        facts = {} if demo else dict(self.shop.facts)
        named = {"name": shop_name} if shop_name else {}
        facts |= {"documents": where, "filled_at": now().isoformat(), **named}
        await self.shop.replace(ShopData([], [], [], facts) if demo else ShopData(None, None, None, facts))

    async def adopt_shop(self, export: Export) -> None:
        """Fill the shop from another system's export. A demo gives way whole; a merchant's own parts stay unless the
        export brings them.
        """
        demo = bool(self.shop.facts.get("is_demo"))
        facts = {**({} if demo else self.shop.facts), **export.facts, "filled_at": now().isoformat()}
        if demo:
            export.products, export.customers = export.products or [], export.customers or []
            export.orders = export.orders or []
        await self.shop.replace(ShopData(export.products, export.customers, export.orders, facts))

    async def fill_with_demo(self) -> None:
        """Fill an empty home with the demo shop, as of today."""
        from integrations.shops.demo import read_demo_shop

        self.notice(f"{self.settings.home} is empty: filling it with the demo shop.")
        export = read_demo_shop(datetime.now(UTC).date())
        export.facts["documents"] = DEMO_DOCUMENTS
        await self.adopt_shop(export)

    async def ready(self) -> None:
        """Make sure there is a shop and an index that can be read, mending what can be mended."""
        await self.filled()
        try:
            self.library.index.generation()
        except IndexDamaged as damage:
            if self.library.index.exists():
                self.notice(f"{damage}; building it again from its sources.")
            await self.library.sync()

    async def filled(self) -> None:
        """Make sure there is a shop: an empty home gets the demo's, once, even when several processes find it so."""
        if self.shop.facts:
            return
        with contextlib.ExitStack() as stack:
            lock = await asyncio.to_thread((self.settings.home / "filling").open, "w")
            stack.enter_context(lock)
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            await self.shop.read_facts()
            if not self.shop.facts:
                await self.fill_with_demo()

    @property
    def policy(self) -> ServicePolicy:
        """The shop's service policy as it is now."""
        told = self.sessions.arrangements.limited(self.shop.facts.get("service_policy"))
        if self._policy is None or self._policy[0] is not told:
            self._policy = (told, ServicePolicy.of(told or {}))
        return self._policy[1]

    def clerk(self, shop: Shop | None = None, ledger: Ledger | None = None) -> Clerk:
        """Who carries out actions: on the shop, or on one put in its place."""
        from tools.actions.clerk import Clerk

        return Clerk(shop or self.shop, ledger or self.ledger, self.policy, self.signing_secret())

    def signing_secret(self) -> str:
        """What the home signs with: the secret of the settings, else its own."""
        return self.settings.signing_secret.get_secret_value() or home_secret(self.settings.home)

    async def scratch(self) -> Scratch:
        """A copy of the shop to try actions on."""
        from integrations.database.scratch import Scratch

        return await Scratch.of(self._database, self.shop.home_currency)

    async def context(self, session: Session) -> ToolContext:
        """What tools work with in a turn."""
        from integrations.listings.drafts import ShopDrafts
        from tools.context import ToolContext

        about = self.shop.facts.get("about") or {}
        return ToolContext(
            session=session, shop=self.shop, retriever=self.library.retriever, identities=self.sessions,
            handoffs=self.sessions.handoffs, searches=self.searches, desk=await self.sessions.arrangements.desk(about),
            clerk=self.clerk(), drafts=ShopDrafts(self.settings.home, self.shop), bureau=self.bureau(),
        )  # fmt: skip

    def bureau(self, model: bool = True) -> Bureau:
        """Who localizes for this home, with its models where some are configured."""
        from integrations.localization.bureau import open_bureau

        serving = self.serving if self.settings.served_models and model else None
        return open_bureau(self.settings.home, self._database, serving, self.shop.facts)

    async def assistant(self) -> Assistant:
        """The assistant over this home; conversations are kept in it."""
        from assistant.conversation import Assistant
        from integrations.observing.exporting import open_observers

        await self.ready()
        self._checkpointer = self._checkpointer or await self._open_conversations()
        engine, *_ = self.settings.served_models or ["embedded"]
        watching = [self.traces, *open_observers(self.settings.spans_to, self._stack)]
        return Assistant(self.agent, self.context, engine, self.sessions.remember, watching, self.library.natures)

    async def forgetting(self) -> Forgetting:
        """Who erases in this home."""
        from integrations.forgetting import Forgetting

        held = self.settings.home, self._database, await self.assistant()
        return Forgetting(*held, self.sessions, self.turns, self.signing_secret())

    async def _open_conversations(self) -> Any:
        from integrations.conversations import open_conversations

        return await self._stack.enter_async_context(open_conversations(self.settings.home, self._database))

    def warm(self) -> None:
        """Load now what the first message would otherwise wait for."""
        self.agent("shopper")
        self.library.router.route("hello", "en")
        _ = [read("hello", "en") for read in self.library.natures]
        self.library.retriever.search("hello", Filter(), language="en")

    def agent(self, role: Role) -> Agent:
        """The agent of a role, built once."""
        from assistant.agent import build_agent

        if role not in self._agents:
            self._agents[role] = build_agent(self.model, role, self._checkpointer, self._embedded, self.library.natures)
        return self._agents[role]

    @functools.cached_property
    def _embedded(self) -> Any:
        """The model that needs no key."""
        from assistant.embedded.model import EmbeddedModel

        return EmbeddedModel(route=self.library.router.route)

    @functools.cached_property
    def model(self) -> Any:
        """The model all roles share, and with it what is known of each server's health."""
        return self.serving.chain(self._embedded) if self.settings.served_models else self._embedded

    @functools.cached_property
    def serving(self) -> Serving:
        """The served models, their connection and what they may take in a turn and a day."""
        from integrations.models.serving import open_serving

        return open_serving(self.settings, SpendingBook(self._database), self._stack)

    @functools.cached_property
    def jobs(self) -> Jobs:
        """The home's long work."""
        from integrations.jobs.equipment import Equipment
        from integrations.jobs.opening import Lane, open_jobs

        lane = Lane(lambda: self.serving, self.settings.requests_per_minute)
        equipment = Equipment(self.settings.home, self.shop, sync=self.library.sync, database=self._database)
        return open_jobs(self._database, self._stack, equipment, lane if self.settings.served_models else None)


@asynccontextmanager
async def open_dragoman(
    settings: Settings, notice: Notice = lambda _: None, progress: Stages | None = None
) -> AsyncIterator[Dragoman]:
    """Open a home, and close it again. Raises HomeUnusable, DatabaseUnusable."""
    make_home(settings.home)
    async with AsyncExitStack() as stack:
        engine = open_engine(settings.database)
        stack.push_async_callback(engine.dispose)
        sessions = await prepare(engine, settings.migrate_on_start)
        shop = await BuiltInShop.open(sessions)
        stores = await SessionStore.open(sessions), TurnStore(sessions), SearchStore(sessions), ActionLedger(sessions)
        traces = TraceStore(sessions, settings.trace_days)
        stack.push_async_callback(traces.drain)
        library = Library(settings, shop, notice, progress)
        stack.callback(library.close)
        staff = Keyring(sessions, settings.api_key.get_secret_value()), Journal(sessions)
        desks = SlackStores.over(sessions), StudioStores.over(sessions)
        yield Dragoman(settings, shop, *stores, traces, *desks, *staff, library, notice, sessions, stack)


__all__ = ["DatabaseUnusable", "Dragoman", "HomeUnusable", "open_dragoman"]
