"""`dragoman serve`: the HTTP API and the demo storefront."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli import app, run
from integrations.cli.out import FAULT, note, stop
from integrations.safety import exposed
from knowledge.shop import ShopUnavailable
from tools.actions.ledger import LedgerUnavailable

if TYPE_CHECKING:
    from types import FrameType

    import uvicorn
    from starlette.applications import Starlette

    from assistant.conversation import Assistant
    from integrations.bootstrap import Dragoman

log = logging.getLogger(__name__)

EVERY = 60
"""Seconds between two looks at actions that were left hanging."""

SWEPT_EVERY = 24 * 3600
"""Seconds between two sweeps of what was kept for long enough."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every interface.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    demo: Annotated[bool, typer.Option("--demo", help="Say what to try; used by `make demo`.")] = False,
) -> None:
    """Serve the API, the widget and the demo storefront. Ctrl-C stops, after running answers have ended."""

    async def work(dragoman: Dragoman) -> None:
        import uvicorn

        from integrations.listings.drafts import ShopDrafts
        from integrations.studio.api import add_studio
        from integrations.widget.house import House
        from integrations.widget.server import DRAIN_SECONDS, create_app

        _refuse_exposure(host, dragoman)
        listening = _listen(host, port)
        assistant = await dragoman.assistant()
        dragoman.warm()
        api = await create_app(House(
            assistant, dragoman.sessions, dragoman.turns, dragoman.shop, dragoman.library.retriever, dragoman.settings,
            dragoman.context, dragoman.keys,
        ))  # fmt: skip
        slack = await _open_slack(dragoman, assistant, api)
        drafts = ShopDrafts(dragoman.settings.home, dragoman.shop)
        add_studio(api, dragoman.keys, drafts)
        address = f"http://{host}:{listening.getsockname()[1]}"
        note(f"Dragoman serves {dragoman.shop.name} at {address}  (Ctrl-C stops)")
        if demo:
            _suggest(address)
        config = uvicorn.Config(api, log_config=None, access_log=False, timeout_graceful_shutdown=5, lifespan="on")
        server = uvicorn.Server(config)
        _stop_gently(server, lambda: api.state.runs.close(DRAIN_SECONDS))
        looking = [asyncio.create_task(work) for work in (_reconcile(dragoman), _sweep(dragoman))]
        try:
            async with slack:
                await server.serve(sockets=[listening])
        finally:
            for task in looking:
                task.cancel()

    run(work, loop=_quick_loop())


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


def _listen(host: str, port: int) -> socket.socket:
    """The listening socket, so that a port in use is told before anything is served."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        other = f"dragoman serve --port {port % 65535 + 1}"
        stop(f"Cannot listen on {host}:{port} ({error.strerror}). Try another port: {other}", FAULT)
    return listening


def _suggest(address: str) -> None:
    from assistant.disclosure import suggestions

    note(f"\nOpen {address} and ask, for example:")
    for suggestion in suggestions("en"):
        note(f"  · {suggestion}")
