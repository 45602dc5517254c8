"""A Chroma server of our own, to try things on one machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from pathlib import Path

from integrations.processes.keeping import Work


def own_chroma(folder: Path) -> tuple[Work, str]:
    """A Chroma server over a folder, on a free port of this machine, and its address."""
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).with_name("chroma"))
    command = [program, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    log = folder.with_name("chroma.log")
    return Work("chroma", command, answers=lambda: _answers(port), log=log), f"http://127.0.0.1:{port}"


async def _answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"GET /api/v2/heartbeat HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            return b" 200 " in await reader.readline()
        finally:
            writer.close()
    return False
