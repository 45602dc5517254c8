"""The folder that holds all state of a shop."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path


class HomeUnusable(Exception):
    """The home folder cannot be used; the text says what to do."""


def make_home(home: Path) -> None:
    """Make the folder, and see that it can be written. Raises HomeUnusable."""
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


def default_home() -> Path:
    """`.dragoman/` in a checkout, else the user's data folder."""
    root = Path(__file__).resolve().parents[1]
    return root / ".dragoman" if (root / "pyproject.toml").exists() else user_data_path("dragoman")
