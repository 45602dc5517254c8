"""The secret of a home, which signs what shoppers confirm."""

import contextlib
import os
import secrets
from pathlib import Path


def home_secret(home: Path) -> str:
    """The home's own secret, made at first use and readable by its owner only."""
    path = home / "signing.key"
    if not path.exists():
        fresh = path.with_name(f"signing.{secrets.token_hex(4)}")
        with open(fresh, "x", opener=_private) as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)  # whole or not at all, and the first of several processes wins
        fresh.unlink()
    return path.read_text("utf-8")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
