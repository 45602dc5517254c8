"""`POST /v1/copy`: campaign copy of a product from its facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from integrations.listings.drafts import ShopDrafts
from tools.context import DraftRefused

Key = Annotated[str, Field(max_length=200)]


class Campaign(BaseModel):
    """What is wanted: a `kind` of copy (search_ad, email, ...) of a product; the kind's first channel without one."""

    model_config = ConfigDict(extra="forbid")

    kind: Key
    sku: Key
    locale: Annotated[str, Field(min_length=2, max_length=35, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}$")]
    channel: Key = ""
    on: date | None = None


def add_copy(routes: APIRouter, drafts: ShopDrafts) -> None:
    """Put the route on the marketer's routes."""

    @routes.post("/copy")
    async def copy(body: Campaign) -> Mapping[str, Any]:
        """A piece of copy with its findings and each claim's facts."""
        try:
            return await drafts.copy(body.kind, body.sku, body.locale, body.channel, body.on)
        except DraftRefused as refusal:
            raise HTTPException(422, {"code": "bad_request", "message": str(refusal)}) from refusal
