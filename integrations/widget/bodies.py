"""What requests carry."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MOST_BYTES = 64_000
"""Largest request body; a message is far smaller."""


class Body(BaseModel):
    """What requests share: unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid")


class NewSession(Body):
    """`POST /v1/sessions`. `consent`: whether the visitor agreed that things are kept on their device; None: not asked.
    `proof` shows that they are a person, where this server wants it shown.
    """

    locale: str = Field("", max_length=35)
    identity_token: str = Field("", max_length=4000)
    consent: bool | None = None
    proof: str = Field("", max_length=4000)


OURS = ("said-", "person-", "decided-", "corrected-")
"""How names of turns begin that the server gives."""


def _of_client(turn: str) -> str:
    if turn.startswith(OURS):
        raise ValueError("is a name that the server gives")
    return turn


Turn = Annotated[str, Field(max_length=64), AfterValidator(_of_client)]


class Message(Body):
    """`POST /v1/chat`. `turn` names the turn, so that a message sent twice is answered once; empty with Last-Event-ID
    to follow the conversation again. Then `stay` keeps the stream open for what comes later: the answer to a message
    from another tab, what a person writes. `attachments` are files sent before, which belong to the message.
    """

    message: str = Field("", max_length=MOST_BYTES)
    page: str = Field("", max_length=2000)
    turn: Turn = ""
    stay: bool = False
    attachments: list[str] = Field([], max_length=5)


class Stop(Body):
    """`POST /v1/chat/cancel`. `turn` names the message that needs no answer any more; empty: all that have none yet."""

    turn: str = Field("", max_length=64)


class Proof(Body):
    """`POST /v1/identify`."""

    order_id: str = Field(max_length=64)
    email: str = Field("", max_length=254)
    postcode: str = Field("", max_length=20)


class Feedback(Body):
    """`POST /v1/feedback`. `score` is 1 for helpful, -1 for not."""

    turn: str = Field(max_length=64)
    score: int = Field(ge=-1, le=1)
    comment: str = Field("", max_length=2000)


class Wish(Body):
    """`POST /v1/handoff`."""

    reason: str = Field("", max_length=500)


class Asked(Body):
    """`POST /v1/actions`: an action of docs/operator.md, with its arguments."""

    action: str = Field(max_length=64)
    arguments: dict[str, Any] = {}


class Yes(Body):
    """`POST /v1/actions/{id}/confirm`."""

    token: str = Field(max_length=4000)


class Rating(Body):
    """`POST /v1/rating`: the conversation as a whole."""

    stars: int = Field(ge=1, le=5)
    comment: str = Field("", max_length=2000)


class Typing(Body):
    """`POST /v1/typing`."""

    typing: bool


class Recipient(Body):
    """`POST /v1/transcript`."""

    email: str = Field(max_length=254)
