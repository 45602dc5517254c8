"""Several web processes behind one listening socket."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from integrations.cli.out import FAULT, note, stop

if TYPE_CHECKING:
    from integrations.processes.keeping import Work


def keep_web(
    host: str, port: int, processes: int, before: Sequence[Sequence[Work]] = (), told: Mapping[str, str] | None = None
) -> None:
    """Keep web processes running that share one listening socket, so that nobody is refused while one is started again;
    the first makes the shop and its index ready for the others.
    """
    from integrations.processes.keeping import GivenUp, Work, keep

    with listen(host, port) as listening:
        first, *others = [web_process(number + 1, listening) for number in range(processes)]
        note(f"starting at http://{host}:{listening.getsockname()[1]}  (Ctrl-C stops)")
        worker = Work("worker", [sys.executable, "-m", "integrations.cli", "worker"])
        stages = [*before, [first], [*others, worker]]
        try:
            asyncio.run(keep(stages, note, {**os.environ, **(told or {})}))  # noqa: TID251
        except GivenUp as fault:
            stop(str(fault), FAULT)


def web_process(number: int, listening: socket.socket) -> Work:
    """A process that serves at a socket."""
    from integrations.processes.keeping import Work

    handed = listening.fileno()
    command = [sys.executable, "-m", "integrations.cli", "serve", "--socket", str(handed)]
    return Work(f"web {number}", command, says="Dragoman serves", hands_over=(handed,))


def listen(host: str, port: int) -> socket.socket:
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
