"""Labelled messages and conversations: what a good answer to each must do. A case is an entry in a TOML file."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from evals.shoppers import Shopper
from knowledge.locales import match_language, served_locales


class State(BaseModel):
    """What the shop must hold after a conversation, looked at in a home made for that case alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    orders: dict[str, dict[str, Any]] = {}
    """Fields of orders, by number, as in the `json` format; fields left out are not checked."""
    ledger: tuple[str, ...]
    """Every action that was begun, oldest first, as `name status`; none other may stand there."""


class Case(BaseModel):
    """What a shopper says and what the answers must do. Fields left out are not checked, but for `tools` and
    `language`. `text` is one message; `turns` are several, and all that is said and done in them is judged together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: str
    suite: str = ""
    """The file it stands in."""
    text: str = ""
    turns: tuple[str, ...] = ()
    shopper: Shopper | None = None
    """Someone who answers what is asked; how long the conversation is depends on them."""
    before: tuple[str, ...] = ()
    """Messages said earlier, whose answers are not judged."""
    language: str
    market: str = ""
    customer: str = ""
    tools: tuple[str, ...] = ()
    """At least one of these must be called; empty: none need be."""
    cites: tuple[str, ...] = ()
    """Any of these documents or products is a right source."""
    products: tuple[str, ...] = ()
    """At least one of these must be shown."""
    refuse: bool = False
    """Nothing of the shop's data may be shown."""
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    state: State | None = None
    judge: str = ""
    """What a model is asked about the answer, where code cannot tell; left out where no judge is named."""

    @model_validator(mode="after")
    def _one_way_to_speak(self) -> "Case":
        if sum(map(bool, (self.text, self.turns, self.shopper))) != 1:
            raise ValueError("give `text` (one message), `turns` (a list of messages) or `shopper`, one of them")
        return self

    @property
    def judged(self) -> tuple[str, ...]:
        """The messages whose answers are judged, as far as they are known before."""
        return (self.shopper.opens,) if self.shopper else self.turns or (self.text,)

    @property
    def messages(self) -> tuple[str, ...]:
        """Everything the shopper says, in order."""
        return (*self.before, *self.judged)

    @property
    def locale(self) -> str:
        """The locale the shopper's page has: their language in their market."""
        language = match_language(self.language) or "en"
        if not self.market:
            return served_locales()[language].locale
        return f"{language.split('-')[0]}-{self.market}"


def read_cases(folder: Path) -> list[Case]:
    """Every case in the files of a folder. Raises ValueError that names the file and the case."""
    cases: list[Case] = []
    for path in sorted(folder.glob("*.toml")):
        cases += [_case(entry, path) for entry in _entries(path)]
    ids = [case.id for case in cases]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise ValueError(f"cases named twice: {', '.join(doubled)}")
    return cases


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["case"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} cannot be read as TOML: {error}") from error
    except KeyError:
        raise ValueError(f"{path.name} holds no [[case]]") from None
    return entries


def _case(entry: dict[str, Any], path: Path) -> Case:
    try:
        return Case.model_validate({"suite": path.stem, **entry})
    except ValueError as error:
        raise ValueError(f"{path.name}, case {entry.get('id')}: {error}") from error
