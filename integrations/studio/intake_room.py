"""Signing in, new batches, facts in, and the choice of channels and locales."""

from __future__ import annotations

import re
from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from integrations.jobs.jobs import check_budget
from integrations.listings.tables import FileUnreadable
from integrations.studio.desk import Refused
from integrations.studio.door import COOKIE, LASTING, is_own
from integrations.studio.facts_page import (
    MOST_PASTED,
    choose_page,
    entry_rows,
    facts_page,
    language_of_names,
    next_step,
)
from integrations.studio.frame import page, part, replacing
from integrations.studio.grid_page import Sheet
from integrations.studio.home_page import home_page, sign_in_page
from integrations.studio.job_view import Wanted, dollars, estimate_page
from integrations.studio.reader import Reader
from integrations.studio.reception import (
    MOST_FILE_BYTES,
    MOST_FORM_BYTES,
    Anybody,
    Form,
    Held,
    Marketer,
    Page,
    Studio,
    number,
    refusal,
    sent_file,
    told,
)
from knowledge.facts.reading import FactsUnreadable
from knowledge.jobs import JobRefused
from knowledge.marketplaces import marketplaces

LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def add_intake(routes: APIRouter) -> None:
    """Put the routes on the studio's."""
    _add_door(routes)
    _add_batches(routes)
    _add_facts(routes)
    _add_choice(routes)


def _add_door(routes: APIRouter) -> None:
    @routes.get("/sign-in")
    async def door(reader: Anybody, studio: Held) -> Response:
        if reader.name:
            return RedirectResponse("/studio", 303)
        return page(
            reader, reader.say("sign_in"), sign_in_page(reader, closed=await studio.door.keys.is_empty()), kind="narrow"
        )

    @routes.post("/sign-in")
    async def sign_in(request: Request, reader: Anybody, studio: Held, form: Form) -> Response:
        holder = await studio.door.opens(told(form, "key")) if is_own(request) else None
        if holder is None:
            shown = sign_in_page(reader, reader.say("wrong_key"), closed=await studio.door.keys.is_empty())
            return page(reader, reader.say("sign_in"), shown, status=403, kind="narrow")
        back = RedirectResponse("/studio", 303)
        held = studio.door.cookie(holder, told(form, "name").strip())
        back.set_cookie(
            COOKIE, held, max_age=int(LASTING.total_seconds()), httponly=True,
            samesite="strict", secure=request.url.scheme == "https", path="/studio",
        )  # fmt: skip
        return back

    @routes.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        back = RedirectResponse("/studio/sign-in", 303)
        if is_own(request):
            back.delete_cookie(COOKIE, path="/studio", samesite="strict", httponly=True)
        return back


def _add_batches(routes: APIRouter) -> None:
    @routes.get("")
    async def home(reader: Marketer, studio: Held) -> HTMLResponse:
        return await _home(reader, studio)

    @routes.post("/batches", max_body_size=MOST_FORM_BYTES)
    async def paste(reader: Marketer, studio: Held, form: Form) -> Response:
        try:
            batch_id = await studio.desk.take_in(told(form, "skus"), reader.name)
        except (FileUnreadable, FactsUnreadable) as fault:
            return await _home(reader, studio, str(fault))
        return RedirectResponse(f"/studio/batches/{batch_id}/facts", 303)

    @routes.post("/sheets", max_body_size=MOST_FILE_BYTES)
    async def sheet(request: Request, reader: Marketer, studio: Held, name: str = "") -> JSONResponse:
        """A sheet is the request's body; where to go from there is the answer."""
        try:
            async with sent_file(request, name) as path:
                batch_id = await studio.desk.take_sheet(path, reader.name)
        except (FileUnreadable, FactsUnreadable) as fault:
            return JSONResponse({"message": reader.say("fault", why=str(fault))}, 422)
        return JSONResponse({"go": f"/studio/batches/{batch_id}/facts"})

    @routes.get("/batches/{batch_id}")
    async def batch(batch_id: str, _: Marketer, studio: Held) -> Response:
        found = await studio.batch(batch_id)
        view = "facts" if found.state == "facts" else "grid"
        return RedirectResponse(f"/studio/batches/{found.id}/{view}", 303)


async def _home(reader: Reader, studio: Studio, fault: str = "") -> HTMLResponse:
    batches = await studio.desk.batches.newest()
    sizes = {
        one.id: (
            sum((await studio.desk.batches.states(one.id)).values()),
            sum((await studio.desk.batches.progress(one.id)).values()),
        )
        for one in batches
    }
    return page(reader, reader.say("batches"), *home_page(reader, batches, sizes, fault), status=422 if fault else 200)


def _add_facts(routes: APIRouter) -> None:
    @routes.get("/batches/{batch_id}/facts")
    async def facts(batch_id: str, reader: Marketer, studio: Held, at: Page = 1) -> HTMLResponse:
        batches = studio.desk.batches
        found, counts = await studio.batch(batch_id), await batches.states(batch_id)
        skus = list((await batches.skus(batch_id)).values())
        sheet = Sheet(found, "", {}, {}, page=at, positions=range(len(skus)))
        entries = await batches.entries(batch_id, sheet.shown)
        shown = facts_page(reader, sheet, entries, skus[:MOST_PASTED], counts)
        return page(reader, reader.say("facts_in"), *shown)

    @routes.post("/batches/{batch_id}/facts/{position}")
    async def pick(batch_id: str, position: int, reader: Marketer, studio: Held, form: Form) -> HTMLResponse:
        found = await studio.batch(batch_id)
        if found.state != "facts":
            return refusal(reader, Refused("gone"))
        await studio.desk.pick(batch_id, position, told(form, "name"), number(form, "choice"))
        [entry] = await studio.desk.batches.entries(batch_id, [position])
        counts = await studio.desk.batches.states(batch_id)
        return part(entry_rows(reader, found, entry), replacing("next", next_step(reader, found, counts)))


def _add_choice(routes: APIRouter) -> None:
    @routes.get("/batches/{batch_id}/choose")
    async def choose(batch_id: str, reader: Marketer, studio: Held) -> HTMLResponse:
        return await _choice(reader, studio, batch_id)

    @routes.post("/batches/{batch_id}/write")
    async def write(batch_id: str, reader: Marketer, studio: Held, form: Form) -> Response:
        known = _channels(studio)
        channels = [value for key, value in form if key == "channels" and value in known]
        locales, wrong = _locales(form)
        if wrong or not channels or not locales:
            fault = reader.say("bad_locale", locale=wrong) if wrong else reader.say("nothing_chosen")
            return await _choice(reader, studio, batch_id, fault)
        if told(form, "writer") == "model" and studio.filling.jobs:
            return await _by_model(reader, studio, batch_id, form, Chosen(channels, locales))
        if await studio.desk.batches.begin(batch_id, channels, locales, "templates"):
            studio.filling.start(batch_id)
        return RedirectResponse(f"/studio/batches/{batch_id}/grid", 303)


async def _by_model(reader: Reader, studio: Studio, batch_id: str, form: Form, chosen: Chosen) -> Response:
    """Have a model write, once it was told what that would cost and agreed to."""
    jobs, found, fault, cost, budget = studio.filling.jobs, await studio.batch(batch_id), "", None, None
    if found.state == "facts" and jobs:
        try:
            cost = await jobs.estimate(found, *chosen)
            budget = dollars(told(form, "budget"))
            check_budget(budget, cost)
        except JobRefused as refusal:
            fault = str(refusal)
        if fault or told(form, "agreed") != "yes":
            ready = (await studio.desk.batches.states(batch_id)).get("ready", 0)
            shown = estimate_page(reader, Wanted(found, *chosen, ready, cost), fault)
            return page(reader, reader.say("before_start"), *shown, status=422 if fault else 200)
        if await studio.desk.batches.begin(batch_id, *chosen, "model"):
            await studio.filling.begin(await studio.batch(batch_id), budget)
    return RedirectResponse(f"/studio/batches/{batch_id}/grid", 303)


class Chosen(NamedTuple):
    """What is to be written for whom."""

    channels: list[str]
    locales: list[str]


def _locales(form: list[tuple[str, str]]) -> tuple[list[str], str]:
    """The chosen locales, the source first, and one that is none."""
    more = [part.strip() for part in told(form, "more").split(",") if part.strip()]
    chosen = [value for key, value in form if key == "locales"]
    locales = list(dict.fromkeys([told(form, "source"), *chosen, *more] if chosen or more else [told(form, "source")]))
    return locales[:60], next((one for one in locales if not LOCALE.fullmatch(one)), "")


async def _choice(reader: Reader, studio: Studio, batch_id: str, fault: str = "") -> HTMLResponse:
    found = await studio.batch(batch_id)
    ready = (await studio.desk.batches.states(batch_id)).get("ready", 0)
    own = language_of_names(await studio.desk.batches.entries(batch_id, most=100))
    told_ = choose_page(
        reader, found, _channels(studio), ready, models=studio.filling.jobs is not None, own=own, fault=fault
    )
    return page(reader, reader.say("choose"), *told_, status=422 if fault else 200)


def _channels(studio: Studio) -> dict[str, str]:
    own = studio.desk.home / "marketplaces"
    return {name: market.name for name, market in marketplaces(own).items()}
