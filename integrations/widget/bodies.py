"""What requests carry."""

import json
from typing import Annotated, Any, TypeVar

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

B = TypeVar("B", bound=BaseModel)

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


async def body_of(request: Request, kind: type[B]) -> B:
    """A request's body, read for a route that is asked so often that FastAPI's own way is a good part of it. Raises
    what that raises.
    """
    sent = await request.body()
    try:
        held = json.loads(sent) if sent and _is_json(request.headers.get("content-type", "")) else sent or None
        return kind.model_validate(held)
    except json.JSONDecodeError as error:
        fault = {"type": "json_invalid", "loc": ("body", error.pos), "msg": "JSON decode error", "input": {}}
        raise RequestValidationError([fault]) from error
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(faults) from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "There was an error parsing the body") from error


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def documented(kind: type[BaseModel], *headers: str) -> dict[str, Any]:
    """What OpenAPI says of a route that reads its request itself."""
    named = [{"name": name, "in": "header", "required": False, "schema": {"type": "string"}} for name in headers]
    body = {"required": True, "content": {"application/json": {"schema": kind.model_json_schema()}}}
    return {"parameters": named, "requestBody": body}
