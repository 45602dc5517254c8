"""Our own phrases in nine languages, from the catalogues we ship: what shops say every day, ready to be said again."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.localizing import Translation

WORDS = {"integrations.widget.storefront": ("",), "knowledge.phrasing": ("labels", "modules")}
"""Where words stand in a file a language, and which tables of them; '' for a file that is one table."""


@cache
def our_phrases(language: str) -> tuple[Translation, ...]:
    """English phrases of our catalogues in a language; none for a language we have no catalogue of."""
    return tuple(dict.fromkeys(_phrases(language)))


def _phrases(language: str) -> Iterator[Translation]:
    catalogue = files("assistant.embedded") / "messages" / f"{language}.po"
    if catalogue.is_file():
        from babel.messages.pofile import read_po

        for message in read_po(io.BytesIO(catalogue.read_bytes())):
            if isinstance(message.id, str) and message.id and message.string:
                yield Translation(message.id, str(message.string), language, "en", "ours")
    for package, parts in WORDS.items():
        folder = files(package) / "words"
        if language != "en" and (folder / f"{language}.toml").is_file():
            english, theirs = (tomllib.loads((folder / f"{one}.toml").read_text("utf-8")) for one in ("en", language))
            for part in parts:
                yield from _alike(english.get(part, english), theirs.get(part, theirs), language)
    head, *rows = (line.split("\t") for line in _values().splitlines())
    if language in head[1:]:
        yield from (Translation(row[0], row[head.index(language)], language, "en", "ours") for row in rows)


def _alike(english: Mapping[str, Any], theirs: Mapping[str, Any], language: str) -> Iterator[Translation]:
    """The texts that two tables have under the same keys."""
    for key, text in english.items():
        if isinstance(text, str) and isinstance(theirs.get(key), str):
            yield Translation(text, theirs[key], language, "en", "ours")


def _values() -> str:
    """Values attributes often have: colours, materials, sizes."""
    return (files("integrations.localization") / "values.tsv").read_text("utf-8")
