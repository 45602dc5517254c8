"""The marketer's verbs over HTTP (DESIGN 7), behind the keys of the shop's people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from integrations.database.keys import Keyring
from integrations.listings.drafts import ShopDrafts
from integrations.studio.gate import gate
from integrations.studio.listings import add_listings
from knowledge.findings import Finding
from tools.claims.asking import asked

MOST_LETTERS = 60_000
"""Longest text of one request; a listing is far shorter."""


class Copy(BaseModel):
    """`POST /v1/claims/check`. `evidence` is a text each, or an object with `text`, `scope`, `valid_until`."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=MOST_LETTERS)
    jurisdiction: str = Field(max_length=200)
    locale: str = Field(min_length=2, max_length=35)
    category: str = Field("", max_length=200)
    evidence: list[str | dict[str, Any]] = Field([], max_length=200)
    brands: list[str] = Field([], max_length=500)
    on: str = Field("", max_length=10)


def add_studio(api: FastAPI, keys: Keyring, drafts: ShopDrafts | None = None) -> None:
    """Put the marketer's routes on a server; those of listings where there is a shop to write from. Where there is no
    key they answer 401, saying how to make one.
    """
    routes = APIRouter(prefix="/v1", dependencies=[Depends(gate(keys))])
    _add_claims(routes)
    if drafts is not None:
        add_listings(routes, drafts)
    api.include_router(routes)


def _add_claims(routes: APIRouter) -> None:
    @routes.post("/claims/check")
    def check(body: Copy) -> dict[str, Any]:
        """What a text claims that may not stand where it is shown."""
        try:
            found: list[Finding] = asked(body.model_dump())
        except ValueError as error:
            raise HTTPException(422, {"code": "bad_request", "message": str(error)}) from error
        return {"ok": not found, "findings": [asdict(finding) for finding in found]}
