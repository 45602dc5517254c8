"""`POST /v1/listings`: a draft of a listing, written from facts or checked (DESIGN 7)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from integrations.listings.drafts import ShopDrafts
from knowledge.listings import Draft
from tools.context import DraftRefused

Key = Annotated[str, Field(max_length=200)]


class Wanted(BaseModel):
    """What is wanted: a draft of a product (`sku`), or of the facts handed in (`facts`); with `listing` those fields
    are checked instead of written.
    """

    model_config = ConfigDict(extra="forbid")

    marketplace: Key
    locale: Annotated[str, Field(min_length=2, max_length=35, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}$")]
    sku: Key = ""
    facts: Annotated[dict[str, Any] | None, Field(max_length=400)] = None
    listing: Annotated[dict[str, Any] | None, Field(max_length=100)] = None
    on: date | None = None


def add_listings(routes: APIRouter, drafts: ShopDrafts) -> None:
    """Put the route on the marketer's routes."""

    @routes.post("/listings")
    async def listings(body: Wanted) -> dict[str, Any]:
        """A draft with its findings, each claim's facts, and what is missing."""
        if not (body.sku or body.facts or body.listing):
            raise HTTPException(422, {"code": "bad_request", "message": "Give a sku, facts, or a listing to check."})
        try:
            draft = await _draft(body, drafts)
        except DraftRefused as refusal:
            raise HTTPException(422, {"code": "bad_request", "message": str(refusal)}) from refusal
        return {"ok": not draft.findings, **draft.told()}


async def _draft(body: Wanted, drafts: ShopDrafts) -> Draft:
    if body.listing is not None:
        return await drafts.check(body.listing, body.sku, body.marketplace, body.locale, body.facts, body.on)
    if body.facts is not None:
        return await drafts.write_of(body.facts, body.marketplace, body.locale, body.on)
    return await drafts.write(body.sku, body.marketplace, body.locale, body.on)
