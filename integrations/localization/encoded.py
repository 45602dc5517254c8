"""A text file's bytes as text and back: its encoding and byte order mark stay what they were."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.converters.charsets import MARKS
from knowledge.converters.readings import charset_of

MOST_BYTES = 64 * 1024 * 1024


class FileBroken(ValueError):
    """A file cannot be read or written as asked; the text says which, where in it, and what to do."""


@dataclass(frozen=True)
class Encoded:
    """A text with the encoding it was read in and its byte order mark."""

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    def bytes_of(self, text: str) -> bytes:
        """Another text as bytes of the same kind; as UTF-8 with its mark where the encoding lacks a letter of it."""
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError:
            return b"\xef\xbb\xbf" + text.encode()

    def text_of(self, data: bytes) -> str:
        """The text of bytes that `bytes_of` made."""
        if not self.mark and data.startswith(b"\xef\xbb\xbf"):
            return data.decode("utf-8-sig")
        return data.removeprefix(self.mark).decode(self.encoding)


def read_bytes(path: Path) -> bytes:
    """What a file holds. Raises FileBroken."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileBroken(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MB; split it.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileBroken(f"There is no {path}.") from error
    except OSError as error:
        raise FileBroken(f"{path} cannot be read: {error.strerror}") from error


def decoded(data: bytes, name: str) -> Encoded:
    """The text of bytes: by their mark, as UTF-8, else as what is sure and holds both ways. Raises FileBroken."""
    if b"\0" in data[:4096] and not data.startswith(tuple(MARKS)):
        raise FileBroken(f"{name} is no text file: byte {data.index(0)} is zero.")
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            plain = {"utf-8-sig": "utf-8"}.get(encoding, _by_order(mark, encoding))
            return Encoded(_strict(data[len(mark) :], plain, name), plain, mark)
    try:
        return Encoded(data.decode())
    except UnicodeDecodeError as error:
        return _guessed(data, name, error)


def _by_order(mark: bytes, encoding: str) -> str:
    return f"{encoding}-{'le' if mark[0] == 0xFF else 'be'}"


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileBroken(f"{name}, line {line}: its bytes are not {encoding}. Save it as UTF-8.") from error


def _guessed(data: bytes, name: str, error: UnicodeDecodeError) -> Encoded:
    charset = charset_of(data)
    with contextlib.suppress(UnicodeError):
        if charset and data.decode(charset).encode(charset) == data:
            return Encoded(data.decode(charset), charset)
    line = data[: error.start].count(b"\n") + 1
    raise FileBroken(f"{name}, line {line}: its bytes are no text we can tell. Save it as UTF-8.")


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files, each whole or not at all: all are written beside their places first, then put there. Raises
    FileBroken.
    """
    beside: dict[Path, Path] = {}
    path = Path()
    try:
        for path, data in files.items():
            beside[path] = _written_beside(path, data)
        for path, temporary in beside.items():
            temporary.replace(path)
    except OSError as error:
        raise FileBroken(f"{path} cannot be written: {error.strerror}") from error
    finally:
        for temporary in beside.values():
            temporary.unlink(missing_ok=True)


def _written_beside(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
