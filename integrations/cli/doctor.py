"""`dragoman doctor`: what is configured, reachable, safe; what to do about what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.cli import Json, app, run
from integrations.cli.doctor_stores import check_stores
from integrations.cli.out import FINDINGS, print_json, print_line

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.settings import Settings


LITTLE = 200_000_000
"""Bytes of room that are too few: an index of ten thousand passages, which is built beside the old one, takes 70 MB."""


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is set up, reachable and safe, and what to do.

    Looks at the home, the database, the embedder, the index, the model and the security settings.
    """

    async def work(dragoman: Dragoman) -> None:
        stores = await check_stores(dragoman.settings)
        findings = [*_check(dragoman), *stores, *await _check_actions(dragoman)]
        if as_json:
            print_json({"ok": all(entry["ok"] for entry in findings), "checks": findings})
        else:
            for entry in findings:
                print_line(f"{'ok ' if entry['ok'] else '!! '} {entry['what']}: {entry['found']}")
        if not all(entry["ok"] for entry in findings):
            raise SystemExit(FINDINGS)

    run(work, as_json)


def _check(dragoman: Dragoman) -> list[dict[str, Any]]:
    settings = dragoman.settings
    facts = dragoman.shop.facts
    return [
        _check_home(settings),
        {"what": "shop", "ok": bool(facts), "found": facts.get("name") or
         ("filled; its name is not known" if facts else "empty; `dragoman shop import` fills it")},
        _check_embedder(dragoman),
        _check_index(dragoman),
        _check_model(dragoman),
        {"what": "identity tokens", "ok": True,
         "found": "accepted" if settings.identity_secret.get_secret_value() else
         "not accepted; set DRAGOMAN_IDENTITY_SECRET to let a storefront sign its customers in"},
        {"what": "environment", "ok": True, "found": settings.environment},
    ]  # fmt: skip


def _check_home(settings: Settings) -> dict[str, Any]:
    """Where everything is kept, and whether a copy of it could be kept beside it, as a new index is."""
    from knowledge.room import room_left

    room = room_left(settings.home)
    found = f"{settings.home}, {room / 1e9:,.1f} GB of room" + (
        "" if room >= LITTLE else "; make more before it is full"
    )
    return {"what": "home", "ok": room >= LITTLE, "found": found}


async def _check_actions(dragoman: Dragoman) -> list[dict[str, Any]]:
    """Whether the shop has a policy that can be read, and actions that wait for somebody."""
    offered, held = dragoman.policy.actions, dragoman.shop.facts.get("service_policy")
    policy = f"{len(offered)} actions offered" if offered else "no action is offered; `dragoman policy check` says why"
    unknown = len(await dragoman.ledger.entries("unknown"))
    waiting = len(await dragoman.ledger.entries("needs_approval"))
    told = f"{waiting} wait for approval, {unknown} are not settled; `dragoman actions list`"
    return [
        {"what": "service policy", "ok": bool(offered) or not held, "found": policy},
        {"what": "actions", "ok": not unknown, "found": told if waiting or unknown else "none waits"},
    ]


def _check_embedder(dragoman: Dragoman) -> dict[str, Any]:
    """Which embedder is in force, the languages it was made for, and whether a served one answers now."""
    from integrations.embedders import EmbedderUnavailable, ServedEmbedder

    name = dragoman.settings.embedder
    try:
        embedder = dragoman.library.cache.embedder
        if isinstance(embedder, ServedEmbedder):
            embedder.check()
    except EmbedderUnavailable as fault:
        return {"what": "embedder", "ok": False, "found": f"{name}; {fault}", "languages": []}
    languages = sorted(embedder.languages)
    listed = f": {' '.join(languages)}" if len(languages) <= 20 else ""
    made_for = f"{len(languages)} languages{listed}" if languages else "it answers; its languages are not stated"
    return {
        "what": "embedder",
        "ok": True,
        "found": f"{name} ({embedder.identity}), {made_for}",
        "languages": languages,
    }


def _check_index(dragoman: Dragoman) -> dict[str, Any]:
    from integrations.embedders import EmbedderUnavailable
    from knowledge.generation import IndexDamaged

    try:
        generation = dragoman.library.index.generation()
    except EmbedderUnavailable:
        return {"what": "index", "ok": False, "found": "cannot be read without the embedder, see there"}
    except IndexDamaged as damage:
        return {"what": "index", "ok": False, "found": f"{damage}; `dragoman knowledge sync` builds it"}
    locales = ", ".join(f"{locale} {count}" for locale, count in generation.locales().items())
    return {"what": "index", "ok": True, "found": f"{generation.count()} passages ({locales})"}


def _check_model(dragoman: Dragoman) -> dict[str, Any]:
    settings = dragoman.settings
    unkeyed = settings.model != "embedded" and not (
        settings.openai_api_key.get_secret_value() or settings.openai_base_url
    )
    found = settings.model + (",embedded" if settings.served_models else "")
    if unkeyed:
        found += "; set OPENAI_API_KEY, or OPENAI_BASE_URL for a server without keys"
    if unpriced := _unpriced(settings):
        found += (
            f"; no price is known for {', '.join(unpriced)}: limit tokens (DRAGOMAN_DAY_TOKENS), dollars do not bind"
        )
    return {"what": "model", "ok": not unkeyed and not unpriced, "found": found}


def _unpriced(settings: Settings) -> list[str]:
    """Models without a price, where money is limited."""
    from integrations.models.prices import price_of

    limited = settings.turn_usd or settings.day_usd
    return [name for name in settings.served_models if limited and price_of(name) is None]
