"""Run the evals with the laboratory's model, served by llama.cpp on this machine: `make evals-local`.

All cases take an hour or two on two cores with nothing beside; parts of their names choose some. Nothing leaves this
machine.
"""

# ruff: noqa: S603

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from laboratory_model import fetch
from llama_server import serve
from platformdirs import user_cache_path

OUT = Path("reports") / "local"
"""Where the report goes."""

SLOTS = 4
"""Prompts that are kept: to choose a tool, to word an answer, to word it anew, and one more."""


def run(parts: list[str]) -> int:
    """Ask the cases whose names hold one of these parts; the exit code of `dragoman evals run`."""
    model = str(fetch(user_cache_path("dragoman") / "laboratory"))
    server = serve(model, context=6144, slots=SLOTS, threads=os.cpu_count() or 1)
    settings = {
        "OPENAI_BASE_URL": f"{server.listening_address}/v1", "DRAGOMAN_MODEL_TOOLS": "schema",
        "DRAGOMAN_MODEL_TIMEOUT": "600",
    }  # fmt: skip
    given = [f"{name}={value}" for name, value in settings.items()]
    dragoman = str(Path(sys.executable).with_name("dragoman"))
    command = ["env", *given, dragoman, "evals", "run", *parts, "--model", "openai:qwen2.5-coder-1.5b-instruct"]
    return subprocess.run([*command, "--out", str(OUT)], check=False).returncode


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
