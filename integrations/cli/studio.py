"""Joining the copy studio to the server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from integrations.cli.out import USAGE, stop

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from integrations.jobs.attending import Attending
    from integrations.jobs.jobs import Jobs
    from integrations.settings import Settings
    from integrations.studio.desk import Desk
    from integrations.studio.filling import Filling


def jobs_of(dragoman: Dragoman) -> Jobs:
    """The home's jobs, those that fill the studio's batches among them."""
    from integrations.studio.filling_jobs import StudioDrafts

    desk = desk_of(dragoman)
    dragoman.jobs.learn(lambda equipment: StudioDrafts(desk, equipment))
    return dragoman.jobs


def desk_of(dragoman: Dragoman) -> Desk:
    """The studio's desk over a home."""
    from integrations.listings.drafts import ShopDrafts
    from integrations.studio.desk import Desk

    return Desk(*dragoman.studio, ShopDrafts(dragoman.settings.home, dragoman.shop))


def filling_of(dragoman: Dragoman, attending: Attending) -> Filling:
    """What fills the studio's batches: templates and what is known here, models by jobs."""
    from integrations.studio.filling import Filling
    from integrations.studio.filling_jobs import FillingJobs
    from integrations.studio.writing import Writing

    desk, models = desk_of(dragoman), dragoman.settings.served_models
    jobs = FillingJobs(desk, attending, dragoman.serving.names[0]) if models else None
    return Filling(desk, Writing(desk, None, dragoman.bureau(False)), jobs)


def open_studio(dragoman: Dragoman, api: Any) -> AbstractAsyncContextManager[None]:
    """Put the marketer's routes and the studio on a server; what does jobs and fills batches while the server runs."""
    from integrations.jobs.attending import Attending
    from integrations.listings.drafts import ShopDrafts
    from integrations.studio.api import add_studio
    from integrations.studio.door import Door
    from integrations.studio.reception import Studio
    from integrations.studio.rooms import add_copy_studio

    check_header(settings := dragoman.settings)
    drafts = ShopDrafts(settings.home, dragoman.shop)
    attending = Attending(jobs_of(dragoman))
    add_studio(api, dragoman.keys, drafts, dragoman.bureau, attending)
    filling = filling_of(dragoman, attending)
    proxies = tuple(settings.trusted_proxies)
    door = Door(dragoman.keys, dragoman.signing_secret(), settings.studio_user_header.strip(), proxies)
    add_copy_studio(api, Studio(desk_of(dragoman), filling, door, dragoman.journal))
    return _working(attending, filling)


@asynccontextmanager
async def _working(attending: Attending, filling: Filling) -> AsyncIterator[None]:
    async with attending.working(), filling.working():
        yield


def check_header(settings: Settings) -> None:
    """A name in a header is believed of named proxies only; else anybody could be anybody, and nothing is served."""
    networks = [ip_network(one, strict=False) for one in settings.trusted_proxies]
    if settings.studio_user_header and not (networks and all(one.prefixlen for one in networks)):
        stop(
            "DRAGOMAN_STUDIO_USER_HEADER lets a proxy say who signs in: name that proxy in DRAGOMAN_TRUSTED_PROXIES,"
            ' for example ["10.0.0.5"], not every address.', USAGE,
        )  # fmt: skip


class KnowPeer:
    """Notes who is at the other end of a connection, before uvicorn reads what a proxy says of it."""

    def __init__(self, app: Any) -> None:
        from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

        self._app: Any = ProxyHeadersMiddleware(app)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on, with the note."""
        scope["peer"] = scope.get("client")
        await self._app(scope, receive, send)
