"""What CUSTOM events carry, as types; their JSON Schema is published for clients."""

from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter


class Payload(BaseModel):
    """What all payloads share."""

    model_config = ConfigDict(extra="forbid")


class CitationPayload(Payload):
    """One source, numbered as in the answer."""

    number: int
    document: str
    title: str
    quote: str
    locale: str
    url: str


class CitationsPayload(Payload):
    """`citations`: the sources of the answer."""

    citations: list[CitationPayload]


class VariantPayload(Payload):
    """One thing that can be put in a cart. `stock` is None where the shop does not count it."""

    variant_id: str
    name: str
    price: str | None
    currency: str
    available: bool
    stock: int | None


class CardPayload(Payload):
    """One product, as the shop states it. `price` is a decimal as text, in `currency`; `stock` that of all variants;
    `lowest_30_days` the lowest price of the last thirty days where the shop states one; `checked_at` when all this was
    looked up.
    """

    product_id: str
    name: str
    summary: str
    price: str | None
    price_to: str | None
    currency: str
    available: bool
    url: str
    image: str
    stock: int | None = None
    variants: list[VariantPayload] = []
    lowest_30_days: str | None = None
    checked_at: str = ""


class CardsPayload(Payload):
    """`cards`: the products the answer names."""

    cards: list[CardPayload]


class OrderItemPayload(Payload):
    """A line of an order; `price` is for one piece."""

    item_id: str
    product_id: str
    name: str
    variant: str
    quantity: int
    price: str | None
    image: str


class OrderStepPayload(Payload):
    """A step on an order's way. `at` is a moment, ISO, or ''."""

    status: str
    words: str
    at: str
    place: str
    current: bool


class OrderCardPayload(Payload):
    """An order. Words are in the session's language; `expected` is a sentence, '' where nothing is expected; `actions`
    names what may still be asked for it.
    """

    order_id: str
    status: str
    status_words: str
    placed_at: str | None
    items: list[OrderItemPayload]
    total: str | None
    currency: str
    timeline: list[OrderStepPayload]
    carrier: str
    tracking_number: str
    tracking_url: str
    expected: str
    checked_at: str
    actions: list[str]


class OrderPayload(Payload):
    """`order`: an order this session may see."""

    order: OrderCardPayload


class IdentifyPayload(Payload):
    """`identify`: what is needed to go on."""

    missing: list[str]
    order_id: str


class HandoffPayload(Payload):
    """`handoff`: the shopper waits for a person. `status` is waiting, claimed (a person has taken over: no assistant
    answers), returned or resolved; `message` says so, `name` is the person's.
    """

    reference: str
    open_now: bool
    email: str
    status: str
    message: str
    name: str


class AttachmentPayload(Payload):
    """A file of the conversation: `GET /v1/attachments/{attachment_id}` gives it to its session alone."""

    attachment_id: str
    name: str
    media_type: str
    bytes: int


class PersonMessagePayload(Payload):
    """`person_message`: what a person of the shop wrote. One that comes again by its `id` is `edited`: other words are
    in its place, or none where it was taken back.
    """

    name: str
    text: str
    at: str
    id: str = ""
    edited: bool = False
    attachments: list[AttachmentPayload] = []


class NoticePayload(Payload):
    """`notice`: what becomes of a message beside its answer. `code` is stopped, person (a person has it),
    interrupted, one_moment (others are before it), or typing (the person writes just now).
    """

    code: str
    text: str


class ActionPayload(Payload):
    """`action`: what an action comes to, or what became of it. `status` as in DESIGN 4; a quote that waits for a yes
    carries the token that `POST /v1/actions/{operation_id}/confirm` takes.
    """

    action: str
    status: str
    rule: str | None
    message: str
    quote: dict[str, Any] | None
    operation_id: str
    token: str


class SuggestionsPayload(Payload):
    """`suggestions`: what to ask next."""

    suggestions: list[str]


PAYLOADS: dict[str, type[Payload]] = {
    "citations": CitationsPayload, "cards": CardsPayload, "order": OrderPayload, "identify": IdentifyPayload,
    "handoff": HandoffPayload, "suggestions": SuggestionsPayload,
    "action": ActionPayload, "person_message": PersonMessagePayload, "notice": NoticePayload,
}  # fmt: skip
"""Payloads by the name of their CUSTOM event."""


def payload_schema() -> dict[str, Any]:
    """JSON Schema of every payload, by event name."""
    return {name: TypeAdapter(kind).json_schema() for name, kind in PAYLOADS.items()}
