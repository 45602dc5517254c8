"""The folder a home is: that it can be written, and its secret, which signs what shoppers confirm."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from platformdirs import user_data_path

from knowledge.room import is_for_want_of_room


class HomeUnusable(Exception):
    """The home folder cannot be used; the text says what to do."""


def make_home(home: Path) -> None:
    """See to it that the folder is there and can be written. Raises HomeUnusable."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise HomeUnusable(
            f"The home {home} cannot be written ({error.strerror}). Give this user write permission to it, or set"
            " DRAGOMAN_HOME to a folder that can be written."
        ) from error


def lack_of_room(fault: Exception, home: Path) -> str:
    """What to do about a fault that comes of a full disk; '' where it comes of something else."""
    if not is_for_want_of_room(fault, home):
        return ""
    return (
        f"There is no room left on a disk that is written to (the home is {home}). What was written before is kept;"
        " make room and do it again."
    )


def default_home() -> Path:
    """`.dragoman/` in a checkout, else the user's data folder."""
    root = Path(__file__).resolve().parents[1]
    return root / ".dragoman" if (root / "pyproject.toml").exists() else user_data_path("dragoman")


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
