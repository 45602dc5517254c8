"""Names of the taxonomy's categories and attributes, as the taxonomy itself translates them.

From Shopify's open product taxonomy (2025-08), MIT License, Copyright (c) Shopify (`LICENSE.taxonomy.txt`): 600 of its
categories and 661 attributes in seven languages; its attributes' values are not among them.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from importlib.resources import files

from knowledge.localizing import Translation


def translated_names(locale: str) -> Iterator[Translation]:
    """The taxonomy's English texts in the language of a locale, where it has that."""
    text = gzip.decompress((files("knowledge.facts") / "translated_names.tsv.gz").read_bytes()).decode()
    head, *rows = (line.split("\t") for line in text.splitlines())
    tag = next((one for one in head if one != "en" and locale.casefold() in (one.casefold(), *_of(one, locale))), None)
    if tag is None:
        return
    place = head.index(tag)
    yield from (Translation(row[0], row[place], tag, "en", "taxonomy") for row in rows if row[place])


def _of(tag: str, locale: str) -> tuple[str, ...]:
    """The locale itself where a language's tag stands for it: 'de' for 'de-AT', but 'pt-BR' for no other."""
    return (locale.casefold(),) if "-" not in tag and locale.split("-")[0].casefold() == tag else ()
