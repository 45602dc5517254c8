"""What outcomes of actions say to people: a file a language, the same keys in each."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Formatter


@cache
def sentences(language: str) -> Mapping[str, str]:
    """A language's sentences by 'table.key'; what it does not say is in English."""
    held: dict[str, str] = {}
    for name in dict.fromkeys(("common", "en", language)):
        held |= sentences_of(name)
    return held


@cache
def sentences_of(name: str) -> Mapping[str, str]:
    """What one file says; nothing where there is none."""
    source = files("knowledge.service.words") / f"{name}.toml"
    tables = tomllib.loads(source.read_text("utf-8")) if source.is_file() else {}
    return {f"{table}.{key}": text for table, texts in tables.items() for key, text in texts.items()}


def placeholders(text: str) -> frozenset[str]:
    """The names in braces that a sentence is filled with."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
