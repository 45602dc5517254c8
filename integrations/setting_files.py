"""Settings that stand in files: `dragoman.toml` of the home, and secrets of which the environment names the file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import ValidationError


class SettingsWrong(ValueError):
    """A setting cannot be used; the text names it and says what it should be."""


def from_toml(path: Path, names: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, Any]:
    """Settings of a file that the environment does not overrule; `names` are the environment's, by field. Raises
    SettingsWrong.
    """
    try:
        held = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsWrong(f"{path} cannot be read as TOML: {error}") from error
    named = {name.lower(): value for name, value in held.items() if name.lower() != "home"}
    return {name: value for name, value in named.items() if names.get(name, "") not in environment}


def from_secret_files(names: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Settings whose value is in the file that NAME_FILE names, as with secrets of containers. Raises SettingsWrong."""
    told = {field: path for field, name in names.items() if (path := environment.get(f"{name}_FILE", ""))}
    return {field: _read(names[field], path, environment) for field, path in told.items()}


def _read(name: str, path: str, environment: Mapping[str, str]) -> str:
    if name in environment:
        raise SettingsWrong(f"Both {name} and {name}_FILE are set: take one away.")
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsWrong(f"{name}_FILE: {path} cannot be read ({reason}).") from error


def in_words(error: ValidationError, names: Mapping[str, str]) -> str:
    """The first setting that cannot be used, and what it should be; one that is none, with those of a like name."""
    fault = error.errors()[0]
    name = ".".join(str(part) for part in fault["loc"]) or "settings"
    if fault["type"] == "extra_forbidden":
        like = get_close_matches(name, names, 1)
        return f"There is no setting {name}." + (f" Did you mean {like[0]}?" if like else " .env.example lists all.")
    return f"{name}: {fault['msg'].removeprefix('Value error, ')}"
