"""Files that shoppers sent, in SQL beside their conversation, so that they go with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from integrations.database.engine import Sessions
from integrations.database.widget_tables import AttachmentRow

KNOWN = (
    AttachmentRow.attachment_id, AttachmentRow.turn, AttachmentRow.name, AttachmentRow.media_type, AttachmentRow.size,
    AttachmentRow.at,
)  # fmt: skip
"""What is told of a file without reading it."""


@dataclass(frozen=True)
class Attachment:
    """A file, by what is known of it. `turn` is the message it came with, '' before it is sent; of a person's message
    what `with_message` says.
    """

    id: str
    turn: str
    name: str
    media_type: str
    size: int
    at: datetime

    def told(self) -> dict[str, Any]:
        """As clients are told of it."""
        return {"attachment_id": self.id, "name": self.name, "media_type": self.media_type, "bytes": self.size}


PERSONS = "said-"


def with_message(position: int) -> str:
    """What names a person's message, by its position, as that which a file came with."""
    return f"{PERSONS}{position}"


class AttachmentStore:
    """Keeps files, each of one session."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def keep(
        self, session_id: str, name: str, media_type: str, sent: bytes, content: bytes, origin: str = ""
    ) -> Attachment:
        """Keep a file. The same one sent twice to a conversation is kept once: its id is made of what was sent, and of
        the message it was written in elsewhere (`origin`).
        """
        digest = hashlib.sha256(sent).hexdigest()
        identity = hashlib.sha256(f"{session_id} {digest}{origin}".encode()).hexdigest()[:32]
        row = AttachmentRow(
            attachment_id=identity, session_id=session_id, turn="", name=name, media_type=media_type, digest=digest,
            size=len(content), content=content, at=datetime.now(UTC),
        )  # fmt: skip
        try:
            async with self._sessions.begin() as database:
                database.add(row)
        except IntegrityError:
            known = await self.find(identity)
            if known is None:
                raise
            return known[0]
        return Attachment(identity, "", name, media_type, len(content), row.at)

    async def find(self, attachment_id: str, session_id: str | None = None) -> tuple[Attachment, bytes] | None:
        """A file with its content; of a session only, where one is named."""
        wanted = select(*KNOWN, AttachmentRow.content).where(AttachmentRow.attachment_id == attachment_id)
        wanted = wanted if session_id is None else wanted.where(AttachmentRow.session_id == session_id)
        async with self._sessions() as database:
            row = (await database.execute(wanted)).first()
            return (Attachment(*row[:-1]), bytes(row[-1])) if row else None

    async def of(self, session_id: str) -> list[Attachment]:
        """The files of a conversation, oldest first."""
        wanted = select(*KNOWN).where(AttachmentRow.session_id == session_id).order_by(AttachmentRow.at)
        async with self._sessions() as database:
            return [Attachment(*row) for row in await database.execute(wanted)]

    async def drop(self, session_id: str, turn: str) -> None:
        """The files that came with a message are gone, as it is."""
        theirs = delete(AttachmentRow).where(AttachmentRow.session_id == session_id, AttachmentRow.turn == turn)
        async with self._sessions.begin() as database:
            await database.execute(theirs.execution_options(synchronize_session=False))

    async def total(self, session_id: str) -> tuple[int, int]:
        """How many files a conversation has, and their bytes."""
        wanted = select(func.count(), func.coalesce(func.sum(AttachmentRow.size), 0))
        async with self._sessions() as database:
            count, size = (await database.execute(wanted.where(AttachmentRow.session_id == session_id))).one()
            return int(count), int(size)

    async def belong(self, session_id: str, ids: list[str], turn: str) -> None:
        """These came with a message; one that came with another stays there."""
        ours = update(AttachmentRow).where(
            AttachmentRow.session_id == session_id, AttachmentRow.attachment_id.in_(ids), AttachmentRow.turn == ""
        )  # fmt: skip
        async with self._sessions.begin() as database:
            await database.execute(ours.values(turn=turn).execution_options(synchronize_session=False))
