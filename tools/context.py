"""Who speaks, and what a tool may reach. Identity is here because code attested it, never because a text said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, Protocol, runtime_checkable

from knowledge.filters import Filter
from knowledge.listings import Draft
from knowledge.localizing import Rendering
from knowledge.retrieval import Hit, Retriever
from knowledge.service.policy import ServicePolicy
from knowledge.shop import Shop
from tools.actions.clerk import Clerk
from tools.desk import Desk

Role = Literal["shopper", "operator", "marketer"]
Channel = Literal["cli", "widget", "slack", "evals"]
Kind = Literal["policies", "products"]
"""What a search looks in."""


@dataclass(frozen=True)
class Session:
    """Who speaks, over which channel, how far identified.

    `customer_id` is set for a signed-in customer; `order_ids` are orders opened one by one with number and e-mail or
    postcode, which opens nothing else. `language` is that of the last message, `market` an ISO country or ''. `public`:
    what is answered may be read by anybody, so it is made of nothing but what everybody may know, whatever the role.
    """

    id: str
    role: Role = "shopper"
    channel: Channel = "cli"
    locale: str = ""
    language: str = "en"
    market: str = ""
    customer_id: str = ""
    order_ids: frozenset[str] = frozenset()
    public: bool = False

    @property
    def staff(self) -> bool:
        """Whether internal documents and any order may be shown: to the shop's own, where nobody else reads along."""
        return self.role == "operator" and not self.public

    @property
    def audience(self) -> Literal["shopper", "operator"]:
        """Whose documents are searched."""
        return "shopper" if self.role == "shopper" or self.public else "operator"

    @property
    def identified(self) -> bool:
        """Whether any identity was attested."""
        return bool(self.customer_id or self.order_ids)


@dataclass(frozen=True)
class Handoff:
    """A shopper who waits for a person, or has one. `status` is waiting, claimed (by `claimed_by`: the assistant is
    silent), returned to the assistant or resolved; `summary` is what the person should know.
    """

    id: str
    session_id: str
    reason: str
    status: str
    created_at: datetime
    claimed_by: str = ""
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """What a shopper or a person said to each other: `speaker` is shopper or person; `origin` is where it was written,
    in a channel whose messages have names.
    """

    position: int
    speaker: str
    name: str
    text: str
    language: str
    at: datetime
    session_id: str = ""
    origin: str = ""


@runtime_checkable
class Identities(Protocol):
    """Where attested identities and failed attempts are kept."""

    async def open_order(self, session: Session, order_id: str) -> Session:
        """The session, from now on allowed to see this order."""
        ...

    async def begin_attempt(self, subjects: list[str]) -> tuple[list[int], int]:
        """Count an attempt against each subject (a session, an order number) before it is made, so that attempts made
        at once count each other. Returns what withdraws it, and the most that count on a subject now.
        """
        ...

    async def withdraw_attempt(self, attempt: list[int]) -> None:
        """Count an attempt no longer: it succeeded, or was not made."""
        ...


@runtime_checkable
class Handoffs(Protocol):
    """Where shoppers wait for a person."""

    async def open(self, session: Session, reason: str) -> Handoff:
        """Put the session in line; asking again keeps its place and its reference."""
        ...

    async def summarize(self, handoff_id: str, summary: dict[str, Any]) -> None:
        """Keep what the person should know."""
        ...

    async def last(self, session_id: str) -> Handoff | None:
        """The newest handoff of a session, in whatever state."""
        ...

    async def open_of(self, customer_id: str) -> list[Handoff]:
        """The handoffs a customer has open, in whatever session."""
        ...

    async def say(self, handoff: Handoff, speaker: str, name: str, text: str, language: str = "") -> Said:
        """Keep what the shopper or the person said."""
        ...

    async def said(self, handoff_id: str) -> list[Said]:
        """What was said with a person."""
        ...

    async def unheard(self, session_id: str) -> list[Said]:
        """What was said with a person that the assistant does not know of yet."""
        ...

    async def hear(self, said: Sequence[Said]) -> None:
        """The assistant knows of these now."""
        ...


@dataclass(frozen=True)
class Search:
    """What was looked for, and what was found: the documents shown and how likely the best passage answers, 0 to 1.

    `kind` is policies or products. A product called by its name is found with 1.
    """

    kind: Kind
    text: str
    market: str
    documents: tuple[str, ...] = ()
    score: float = 0.0

    @classmethod
    def of(cls, kind: Kind, text: str, told: dict[str, Any], market: str) -> Search:
        """A search as its tool told it; a country that was asked about goes before the asker's market."""
        shown = told.get("passages") or []
        documents = tuple(dict.fromkeys(passage["document"] for passage in shown))
        score = max([0.0, *(passage["score"] for passage in shown)])
        return cls(kind, text, told.get("country") or market, documents, 1.0 if told.get("named") else score)


@runtime_checkable
class Searches(Protocol):
    """Where searches are noted, so that what was not found can be written."""

    async def record(self, session: Session, search: Search, at: datetime) -> None:
        """Note a search of the turn that began at a moment. Never raises, never holds the turn up."""
        ...


class DraftRefused(LookupError):
    """A draft cannot be made as asked; the text says what there is."""


@runtime_checkable
class Drafts(Protocol):
    """Where listings are written and checked: by the shop's facts, its marketplaces and its brand's voice."""

    async def write(self, product: str, marketplace: str, locale: str) -> Draft:
        """A draft of a product's listing. Raises DraftRefused."""
        ...

    async def check(self, fields: Mapping[str, Any], product: str, marketplace: str, locale: str) -> Draft:
        """A text in a channel's fields with its findings; `product` '' for none. Raises DraftRefused."""
        ...

    async def copy(self, kind: str, product: str, locale: str, channel: str = "") -> Mapping[str, Any]:
        """Campaign copy of a product with its findings; `channel` '' for the usual one. Raises DraftRefused."""
        ...


@runtime_checkable
class Localizing(Protocol):
    """Where texts are put into other locales: by what is known, and by a model where there is one."""

    async def texts(
        self, texts: Sequence[str], locale: str, marketplace: str = "", jurisdiction: str = ""
    ) -> list[Rendering]:
        """A rendering for each text, marked where it could not be translated. Raises DraftRefused."""
        ...


@dataclass
class ToolContext:
    """What tools work with. `session` is replaced when an identity is attested in the middle of a turn."""

    session: Session
    shop: Shop
    retriever: Retriever
    identities: Identities
    handoffs: Handoffs
    searches: Searches
    clerk: Clerk
    desk: Desk = field(default_factory=Desk)
    drafts: Drafts | None = None
    bureau: Localizing | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def cite(self, cite: str) -> Hit | None:
        """The passage a rule names, as this session may read it."""
        wanted = Filter(market=self.session.market, on=self.today)
        return self.retriever.passage(cite, self.session.language, wanted)

    @property
    def policy(self) -> ServicePolicy:
        """The shop's service policy."""
        return self.clerk.policy

    @property
    def today(self) -> date:
        """The day of this turn, UTC."""
        return self.now.date()

    async def note(self, kind: Kind, text: str, told: dict[str, Any]) -> None:
        """Note a search of this turn as its tool tells it."""
        await self.searches.record(self.session, Search.of(kind, text, told, self.session.market), self.now)
