"""The keys of the shop's people and programs: who holds a key, and in which role. Kept as hashes, shown once."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from sqlalchemy import select, update

from integrations.database.engine import Sessions, write_alone
from integrations.database.journal import row_of
from integrations.database.staff_tables import KeyRow

KeyRole = Literal["marketer", "operator"]
ROLES: tuple[KeyRole, ...] = get_args(KeyRole)

MARK = "dragoman_"
"""What every key begins with, so that a scanner for leaked secrets can know one."""

FROM_ENVIRONMENT = "DRAGOMAN_API_KEY"
"""The name of whoever holds the key of the settings; its role is marketer."""


class KeyRefused(ValueError):
    """A key cannot be made or revoked; the text says why."""


@dataclass(frozen=True)
class Holder:
    """Whose key it is, and what they may do with it."""

    name: str
    role: KeyRole


@dataclass(frozen=True)
class HeldKey:
    """What is told of a key that exists. It cannot be shown again."""

    name: str
    role: str
    made_by: str
    made_at: datetime
    revoked_at: datetime | None


class Keyring:
    """The keys of a home, and the one of the settings."""

    def __init__(self, sessions: Sessions, from_settings: str = "") -> None:
        self._sessions = sessions
        self._from_settings = from_settings

    async def add(self, name: str, role: str, by: str) -> str:
        """Make a key and return it, the only time it can be read. Raises KeyRefused."""
        if not re.fullmatch(r"[\w.@+-]{1,60}", name) or name == FROM_ENVIRONMENT:
            raise KeyRefused("A name has 1 to 60 letters, digits or . @ + - _, like  ana@shop.example  or  ci.")
        if role not in ROLES:
            raise KeyRefused(f"A role is {' or '.join(ROLES)}.")
        key = MARK + secrets.token_urlsafe(32)
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            if await database.scalar(select(KeyRow.name).where(KeyRow.name == name, KeyRow.revoked_at.is_(None))):
                raise KeyRefused(f"{name} has a key. Revoke it first: dragoman keys revoke {name}")
            database.add(KeyRow(
                key_hash=_hash(key), name=name, role=role, made_by=by, made_at=datetime.now(UTC), revoked_at=None
            ))  # fmt: skip
            database.add(row_of(by, "key added", name, role))
        return key

    async def revoke(self, name: str, by: str) -> None:
        """From now on nobody enters with that key. Raises KeyRefused where there is none."""
        this = KeyRow.name == name, KeyRow.revoked_at.is_(None)
        async with self._sessions.begin() as database:
            await write_alone(await database.connection())
            done = await database.execute(update(KeyRow).where(*this).values(revoked_at=datetime.now(UTC)))
            if not done.rowcount:  # type: ignore[attr-defined]
                raise KeyRefused(f"There is no key of {name}. See: dragoman keys list")
            database.add(row_of(by, "key revoked", name))

    async def held(self) -> list[HeldKey]:
        """Every key there is or was, oldest first."""
        async with self._sessions() as database:
            rows = await database.scalars(select(KeyRow).order_by(KeyRow.made_at))
            return [HeldKey(row.name, row.role, row.made_by, row.made_at, row.revoked_at) for row in rows]

    async def holder(self, given: str) -> Holder | None:
        """Whose key this is; None for a key that nobody has, or that was revoked."""
        ours = self._from_settings
        if ours and hmac.compare_digest(given.encode(errors="replace"), ours.encode()):
            return Holder(FROM_ENVIRONMENT, "marketer")
        if not given.startswith(MARK):
            return None
        wanted = select(KeyRow).where(KeyRow.key_hash == _hash(given), KeyRow.revoked_at.is_(None))
        async with self._sessions() as database:
            row = await database.scalar(wanted)
        return Holder(row.name, "operator" if row.role == "operator" else "marketer") if row else None

    async def is_empty(self) -> bool:
        """Whether nobody could enter at all."""
        return not self._from_settings and all(key.revoked_at for key in await self.held())


def _hash(key: str) -> str:
    """A key has 256 random bits, so a plain hash of it cannot be turned back."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
