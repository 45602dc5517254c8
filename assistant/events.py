"""What a reply is made of. Channels render these; nothing here knows a wire format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ACTING = ("confirm_action", "hand_to_person")
"""Steps that do something: what began with one of them is told to its end."""


@dataclass(frozen=True)
class Step:
    """Work under way, in words the shopper can read; `name` says which tool."""

    name: str
    words: str
    call_id: str = ""


@dataclass(frozen=True)
class StepDone:
    """That work has ended. Arguments stay on the server; operators see them in the CLI."""

    name: str
    call_id: str
    status: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sentence:
    """A checked piece of the answer, shown as it is and never taken back."""

    text: str


@dataclass(frozen=True)
class Citation:
    """Where a statement stands: the document and the words, so that they can be found again."""

    document: str
    title: str
    quote: str
    number: int = 0
    locale: str = ""
    url: str = ""


@dataclass(frozen=True)
class Citations:
    """The sources of the answer, numbered as in its text."""

    entries: tuple[Citation, ...]


@dataclass(frozen=True)
class Cards:
    """Products named in the answer, as the shop states them."""

    entries: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class OrderShown:
    """An order the session may see, as its tool told it; `language` is that of whoever reads it."""

    order: dict[str, Any]
    language: str = "en"


@dataclass(frozen=True)
class Identify:
    """Identity is needed to go on; `missing` names what to ask for."""

    missing: tuple[str, ...]
    order_id: str = ""


@dataclass(frozen=True)
class HandedOver:
    """The shopper waits for a person; or, by `status`, one has taken over (claimed) or gone (returned, resolved).
    `message` says so in their words, `name` who it is.
    """

    reference: str
    open_now: bool
    email: str
    status: str = "waiting"
    message: str = ""
    name: str = ""


@dataclass(frozen=True)
class ActionShown:
    """What an action comes to, waiting for the shopper's yes, or what became of it: as its tool told it."""

    told: dict[str, Any]


@dataclass(frozen=True)
class Notice:
    """Something the shopper should know of the conversation itself; `code` says what, `text` in their words."""

    code: str
    text: str


@dataclass(frozen=True)
class PersonMessage:
    """What a person of the shop wrote, who has taken over. `at` is a moment, ISO; `id` names the message, which
    may come again `edited`: with other words, or with none where it was taken back. `attachments` are files they sent,
    as clients are told of them.
    """

    name: str
    text: str
    at: str
    id: str = ""
    edited: bool = False
    attachments: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Suggestions:
    """What the shopper may want to ask next, in their language."""

    entries: tuple[str, ...]


@dataclass(frozen=True)
class Failed:
    """The turn ended in a fault, explained for people; `trace` finds it in the log."""

    message: str
    code: str
    trace: str


@dataclass(frozen=True)
class Finished:
    """The turn ended well. `usage` counts tokens, `engine` says which model made the answer, `awaits` names the actions
    that wait for a yes.
    """

    language: str
    engine: str
    usage: dict[str, int]
    latency_ms: int
    awaits: tuple[str, ...] = ()


Event = (
    Step
    | StepDone
    | Sentence
    | Citations
    | Cards
    | OrderShown
    | Identify
    | HandedOver
    | ActionShown
    | Notice
    | PersonMessage
    | Suggestions
    | Failed
    | Finished
)
