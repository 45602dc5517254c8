"""`POST /v1/localizations`: texts, segments or rows in other locales (DESIGN 7)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from integrations.localization.bureau import WRONG, Bureau, checked_locale
from integrations.localization.documents import Document, open_document
from integrations.localization.shown import Shown
from integrations.localization.work import Localized, localize_document
from knowledge.claims.places import PlaceUnknown
from knowledge.localizing import Segment

MOST_CELLS = 2_000
"""Texts times locales of one request; more is a file or a job."""

Word = Annotated[str, Field(max_length=200)]


class Text(BaseModel):
    """A text to localize."""

    model_config = ConfigDict(extra="forbid")

    id: Word
    text: Annotated[str, Field(max_length=20_000)]
    context: Annotated[str, Field(max_length=1_000)] = ""
    limit: Annotated[int, Field(gt=0)] | None = None


class Wanted(BaseModel):
    """`segments` are localized one by one, or the texts in `rows`, of the `columns` named or found. `model` false keeps
    to what is known.
    """

    model_config = ConfigDict(extra="forbid")

    locales: Annotated[list[Word], Field(min_length=1, max_length=40)]
    segments: Annotated[list[Text], Field(max_length=MOST_CELLS)] = []
    rows: Annotated[list[dict[str, Any]], Field(max_length=MOST_CELLS)] = []
    columns: Annotated[list[Word], Field(max_length=100)] = []
    source_locale: Word = "en-US"
    jurisdiction: Word = ""
    marketplace: Word = ""
    category: Word = ""
    model: bool = True


class Segments:
    """Segments of a request, as a document."""

    per_locale = True
    brands: tuple[str, ...] = ()

    def __init__(self, segments: list[Segment]) -> None:
        self.segments, self.held = segments, dict[tuple[str, str], str]()

    def rendered(self, _by_locale: Any) -> dict[str, bytes]:
        """Nothing: the answer is made of the renderings."""
        return {}


def add_localizations(routes: APIRouter, bureau: Callable[[bool], Bureau]) -> None:
    """Put the route on the marketer's routes. `bureau` opens the home's, with models or without."""

    @routes.post("/localizations")
    async def localizations(body: Wanted) -> dict[str, Any]:
        """A rendering for each text and locale, with where it is from and what is wrong; '' where there is none."""
        if bool(body.segments) == bool(body.rows):
            raise _bad("Give segments or rows, one of them.")
        try:
            locales = [checked_locale(one) for one in body.locales]
            document = _document(body, locales)
            if len(document.segments) * len(locales) > MOST_CELLS:
                raise _bad(f"That is more than {MOST_CELLS:,} texts; localize it as a file:  dragoman localize FILE.")
            shown = Shown(body.jurisdiction, body.marketplace, body.category, datetime.now(UTC).date())
            localized = await localize_document(bureau(body.model), document, locales, shown)
        except (*WRONG, PlaceUnknown) as error:
            raise _bad(str(error)) from error
        return _told(localized, bool(body.rows))


def _document(body: Wanted, locales: list[str]) -> Document:
    source = checked_locale(body.source_locale)
    if body.segments:
        return Segments([Segment(one.id, one.text, source, one.context, one.limit) for one in body.segments])
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in body.rows)
    return open_document(Path("rows.jsonl"), locales, body.columns, source, lines.encode())


def _told(localized: Localized, rows: bool) -> dict[str, Any]:
    told = {
        "ok": localized.is_whole, "locales": localized.told(),
        "renderings": [one.told() for held in localized.renderings.values() for one in held],
    }  # fmt: skip
    if rows:
        told["rows"] = [json.loads(line) for line in localized.files[""].decode().splitlines()]
    return told


def _bad(message: str) -> HTTPException:
    return HTTPException(422, {"code": "bad_request", "message": message})
