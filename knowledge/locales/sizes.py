"""Sizes of clothes and shoes by market. The tables are approximate: a size is told beside the maker's, not instead."""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

Row = dict[str, str]
"""One size: the column ('EU', 'US_women', 'foot_cm') and what it is called there."""


class Sizes(BaseModel):
    """The tables, and what they lean on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    standard: str
    source: tuple[str, ...]
    as_of: str
    women: tuple[Row, ...]
    shoes: tuple[Row, ...]


@cache
def sizes() -> Sizes:
    """The tables of sizes.toml."""
    table = tomllib.loads((files("knowledge.locales") / "sizes.toml").read_text("utf-8"))
    return Sizes.model_validate({**table, "as_of": str(table["as_of"])})
