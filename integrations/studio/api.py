"""The marketer's verbs over HTTP (DESIGN 7), behind the keys of the shop's people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from integrations.database.keys import Keyring
from integrations.jobs.attending import Attending
from integrations.listings.drafts import ShopDrafts
from integrations.localization.bureau import Bureau
from integrations.studio.copy import add_copy
from integrations.studio.gate import gate
from integrations.studio.jobs import add_jobs
from integrations.studio.listings import add_listings
from integrations.studio.localizations import add_localizations
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


def add_studio(
    api: FastAPI,
    keys: Keyring,
    drafts: ShopDrafts | None = None,
    bureau: Callable[[bool], Bureau] | None = None,
    attending: Attending | None = None,
) -> None:
    """Put the marketer's routes on a server: those of listings where there is a shop to write from, of localizations
    where there is a bureau, of jobs where somebody attends to them. Where there is no key they answer 401, saying how
    to make one.
    """
    routes = APIRouter(prefix="/v1", dependencies=[Depends(gate(keys))])
    _add_claims(routes)
    if drafts is not None:
        add_listings(routes, drafts)
        add_copy(routes, drafts)
    if bureau is not None:
        add_localizations(routes, bureau)
    if attending is not None:
        add_jobs(routes, attending)
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
