"""`dragoman serve`: the HTTP API and the demo storefront."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import app, run
from integrations.cli.out import note, stop
from integrations.cli.web_processes import keep_web, listen
from integrations.safety import exposed
from knowledge.shop import ShopUnavailable
from tools.actions.ledger import LedgerUnavailable

if TYPE_CHECKING:
    from types import FrameType

    import uvicorn
    from starlette.applications import Starlette

    from assistant.conversation import Assistant
    from integrations.bootstrap import Dragoman
    from integrations.widget.house import House

log = logging.getLogger(__name__)

EVERY = 60
"""Seconds between two looks at actions that were left hanging."""

RUBBISH = 20_000
"""Objects that are left over before it is looked which of them nobody needs: at every 700 a tenth of a turn's CPU went
into looking.
"""

SWEPT_EVERY = 24 * 3600
"""Seconds between two sweeps of what was kept for long enough."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every interface.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    demo: Annotated[bool, typer.Option("--demo", help="Say what to try; used by `make demo`.")] = False,
    processes: Annotated[
        int, typer.Option(min=1, help="Web processes; several have a worker, and what dies is started again.")
    ] = 1,
    handed: Annotated[int, typer.Option("--socket", hidden=True)] = -1,
) -> None:
    """Serve the API, the widget and the demo storefront. Ctrl-C stops, after running answers have ended."""
    if processes > 1:
        return keep_web(host, port, processes)

    given = socket.socket(fileno=handed) if handed >= 0 else None
    gc.disable()  # what stays for good is looked through over and over while it loads: a seventh of the time

    async def work(dragoman: Dragoman) -> None:
        import uvicorn

        from integrations.cli.studio import KnowPeer, open_studio
        from integrations.widget.server import DRAIN_SECONDS, create_app

        _refuse_exposure(where := host if given is None else given.getsockname()[0], dragoman)
        listening = given or listen(host, port)
        assistant = await dragoman.assistant()
        dragoman.warm()
        api = await create_app(_house(dragoman, assistant))
        slack = await _open_slack(dragoman, assistant, api)
        studio = open_studio(dragoman, api)
        _collect_again()
        address = f"http://{where}:{listening.getsockname()[1]}"
        note(f"Dragoman serves {dragoman.shop.name} at {address}  (Ctrl-C stops)")
        if demo:
            _suggest(address)
        server = uvicorn.Server(uvicorn.Config(
            KnowPeer(api), proxy_headers=False, log_config=None, access_log=False, timeout_graceful_shutdown=5,
            lifespan="on",
        ))  # fmt: skip
        _stop_gently(server, lambda: api.state.runs.close(DRAIN_SECONDS))
        looking = [asyncio.create_task(work) for work in (_reconcile(dragoman), _sweep(dragoman))]
        try:
            async with slack, studio:
                await server.serve(sockets=[listening])
        finally:
            for task in looking:
                task.cancel()

    return run(work, loop=_quick_loop())


def _collect_again() -> None:
    """What was loaded stays for good; of what comes, it is looked seldom what nobody needs."""
    gc.freeze()
    gc.set_threshold(RUBBISH, 20, 50)
    gc.enable()


def _house(dragoman: Dragoman, assistant: Assistant) -> House:
    from integrations.widget.house import House

    return House(
        assistant, dragoman.sessions, dragoman.turns, dragoman.shop, dragoman.library.retriever, dragoman.settings,
        dragoman.context, dragoman.keys,
    )  # fmt: skip


def _refuse_exposure(host: str, dragoman: Dragoman) -> None:
    facts = dragoman.shop.facts
    if refusal := exposed(host, dragoman.settings.environment, not facts or bool(facts.get("is_demo"))):
        stop(refusal)


async def _open_slack(dragoman: Dragoman, assistant: Assistant, api: Starlette) -> AbstractAsyncContextManager[None]:
    """Join Slack to the server, where it is set up; what keeps it working while the server runs."""
    from integrations.cli.slack import is_set_up, open_channel

    if not is_set_up(dragoman.settings):
        return contextlib.nullcontext()
    from integrations.slack.routes import routes

    channel = await open_channel(dragoman, assistant)
    api.router.routes.extend(routes(channel))
    return channel.working()


def _quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """An event loop that streams cheaper than Python's own, where there is one for this system."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _stop_gently(server: uvicorn.Server, close: Callable[[], Awaitable[None]]) -> None:
    """At the first signal running answers end while new ones are refused, then the server stops; at the second, now."""
    at_once, loop = server.handle_exit, asyncio.get_running_loop()
    closing: list[asyncio.Task[None]] = []

    async def end(sig: int, frame: FrameType | None) -> None:
        await close()
        if sig == signal.SIGINT:
            at_once(sig, frame)  # ends as Ctrl-C does
        server.should_exit = True

    def hear(sig: int, frame: FrameType | None) -> None:
        if closing:
            at_once(sig, frame)
        loop.call_soon_threadsafe(lambda: closing.append(asyncio.ensure_future(end(sig, frame))))

    server.handle_exit = hear  # type: ignore[method-assign]


async def _reconcile(dragoman: Dragoman) -> None:
    """Find out, now and every minute, what became of actions that were left hanging."""
    while True:
        try:
            for entry in await dragoman.clerk().reconcile():
                log.info("action %s is settled: %s", entry.operation_id, entry.status)
        except (LedgerUnavailable, ShopUnavailable) as error:
            log.warning("actions could not be looked into: %s", error)
        await asyncio.sleep(EVERY)


async def _sweep(dragoman: Dragoman) -> None:
    """Erase, now and every day, what was kept for long enough."""
    while True:
        try:
            await (await dragoman.forgetting()).old_conversations(dragoman.settings.conversation_days)
            await dragoman.traces.prune()
        except Exception as error:  # noqa: BLE001  (whatever it was, tomorrow it is tried again)
            log.warning("what is old could not be erased: %s", type(error).__name__)
        await asyncio.sleep(SWEPT_EVERY)


def _suggest(address: str) -> None:
    from assistant.disclosure import suggestions

    note(f"\nOpen {address} and ask, for example:")
    for suggestion in suggestions("en"):
        note(f"  · {suggestion}")
