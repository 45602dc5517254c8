"""Our own phrases in nine languages, from the catalogues we ship: what shops say every day, ready to be said again."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from knowledge.localizing import Translation


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
    folder = files("integrations.widget.storefront") / "words"
    if language != "en" and (folder / f"{language}.toml").is_file():
        english, theirs = (tomllib.loads((folder / f"{one}.toml").read_text("utf-8")) for one in ("en", language))
        for key, text in english.items():
            if isinstance(text, str) and isinstance(theirs.get(key), str):
                yield Translation(text, theirs[key], language, "en", "ours")
