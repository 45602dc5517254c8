"""The tables. Nouns are stored whole as JSON beside the few columns they are found by, so no field is lost."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from integrations.database.columns import Moment, Words


class Base(DeclarativeBase):
    """What all tables share: JSON for dictionaries and lists."""

    metadata = MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "pk": "pk_%(table_name)s"})
    type_annotation_map = {
        str: Words,
        datetime: Moment,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
    }


class ShopFact(Base):
    """What is true of the shop as a whole: its name, currency, whether it is the demo, where its documents are."""

    __tablename__ = "shop_facts"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class ProductRow(Base):
    """A product. `position` keeps the merchant's order, `version` counts its changes."""

    __tablename__ = "products"
    product_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    data: Mapped[dict[str, Any]]


class ProductKey(Base):
    """What else a product is found by: SKU, GTIN."""

    __tablename__ = "product_keys"
    key: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str]


class CustomerRow(Base):
    """A customer. `version` counts its changes."""

    __tablename__ = "customers"
    customer_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    data: Mapped[dict[str, Any]]


class OrderRow(Base):
    """An order, by its normal number. `version` counts its changes."""

    __tablename__ = "orders"
    order_key: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(index=True)
    placed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    data: Mapped[dict[str, Any]]


class OperationRow(Base):
    """An operation on the built-in shop that was written, and is not written again; or that never will be."""

    __tablename__ = "operations"
    operation_id: Mapped[str] = mapped_column(primary_key=True)
    written: Mapped[bool]
    at: Mapped[datetime]


class ActionRow(Base):
    """An entry of the ledger: what was asked of the shop, by whom, under which rule, and what became of it."""

    __tablename__ = "actions"
    operation_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    order_id: Mapped[str] = mapped_column(default="", index=True)
    customer_id: Mapped[str] = mapped_column(default="", index=True)
    session_id: Mapped[str] = mapped_column(default="", index=True)
    asker: Mapped[dict[str, Any]]
    why: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(index=True)
    rule: Mapped[str] = mapped_column(default="")
    passage: Mapped[str] = mapped_column(default="")
    signals: Mapped[list[str]]
    quote: Mapped[dict[str, Any]]
    version: Mapped[int | None]
    history: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    told: Mapped[str] = mapped_column(default="", server_default="")


class SessionRow(Base):
    """Who speaks, over which channel, how far identified. `token_hash` is of homes made before tokens had a table."""

    __tablename__ = "sessions"
    session_id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(default="")
    role: Mapped[str]
    channel: Mapped[str]
    locale: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    market: Mapped[str] = mapped_column(default="")
    customer_id: Mapped[str] = mapped_column(default="")
    order_ids: Mapped[list[str]]
    created_at: Mapped[datetime]


class Attempt(Base):
    """A failed try to prove an identity, counted by session and by order number."""

    __tablename__ = "attempts"
    attempt_id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index("ix_attempts_subject_at", "subject", "at"),)


class HandoffRow(Base):
    """A shopper waiting for a person, or with one. `status` is waiting, claimed, returned or resolved; `summary` what
    the person should know.
    """

    __tablename__ = "handoffs"
    handoff_id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str]
    status: Mapped[str] = mapped_column(default="waiting")
    created_at: Mapped[datetime]
    claimed_by: Mapped[str] = mapped_column(default="", server_default="")
    changed_at: Mapped[datetime | None]
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class PersonTalkRow(Base):
    """What was said between a shopper and a person, `speaker` shopper or person. `heard` once the assistant knows."""

    __tablename__ = "person_talk"
    position: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[str] = mapped_column(index=True)
    session_id: Mapped[str] = mapped_column(index=True)
    speaker: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    language: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    heard: Mapped[bool] = mapped_column(default=False)


class FloorRow(Base):
    """Who answers a conversation now: one at a time, for as long as `until` is renewed. No holder: nobody."""

    __tablename__ = "floors"
    session_id: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(default="")
    until: Mapped[datetime]


class MessageRow(Base):
    """A message as it came in; its text until it is answered. `status` is waiting, running or ended; `answered_by` the
    turn whose answer is its answer too; `stopped` why none is wanted any more: the shopper said so, or a person has
    taken over.
    """

    __tablename__ = "messages"
    position: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str]
    turn: Mapped[str]
    text: Mapped[str]
    status: Mapped[str] = mapped_column(default="waiting", index=True)
    answered_by: Mapped[str] = mapped_column(default="")
    stopped: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    __table_args__ = (Index("ix_messages_session_id_turn", "session_id", "turn", unique=True),)


class Frame(Base):
    """An event sent to a widget, kept so that a lost connection can be resumed after it."""

    __tablename__ = "frames"
    session_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)  # a client may ask after any it thinks of
    turn: Mapped[str]
    data: Mapped[str]


class FeedbackRow(Base):
    """What a shopper thought of an answer."""

    __tablename__ = "feedback"
    feedback_id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(index=True)
    turn: Mapped[str]
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class TurnRow(Base):
    """A message and the answer that was shown."""

    __tablename__ = "turns"
    turn_id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(index=True)
    turn: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    shown: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class SearchRow(Base):
    """What was looked for and what was found. `text` is masked; `session_id` goes when the search is old."""

    __tablename__ = "searches"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str]
    text: Mapped[str]
    language: Mapped[str]
    market: Mapped[str]
    role: Mapped[str]
    channel: Mapped[str]
    session_id: Mapped[str | None]
    outcome: Mapped[str]
    documents: Mapped[list[str]]
    score: Mapped[float] = mapped_column(default=0.0)


class GapDecision(Base):
    """What the operator decided on a gap: `accepted`, with the entry that answers it, or `dismissed`, with why."""

    __tablename__ = "gap_decisions"
    gap_id: Mapped[str] = mapped_column(primary_key=True)
    decision: Mapped[str]
    question: Mapped[str]
    language: Mapped[str]
    entry: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class ModelUse(Base):
    """What a served model took on a day (UTC): calls, tokens, millionths of a US dollar."""

    __tablename__ = "model_use"
    day: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(BigInteger)
    tokens: Mapped[int] = mapped_column(BigInteger)
    microdollars: Mapped[int] = mapped_column(BigInteger)


class TraceRow(Base):
    """A turn, whole: what happened in it, in order, masked."""

    __tablename__ = "traces"
    id: Mapped[int] = mapped_column(primary_key=True)
    trace: Mapped[str] = mapped_column(index=True)
    session_id: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    channel: Mapped[str]
    role: Mapped[str]
    language: Mapped[str]
    engine: Mapped[str]
    outcome: Mapped[str]
    seconds: Mapped[float]
    record: Mapped[dict[str, Any]]
