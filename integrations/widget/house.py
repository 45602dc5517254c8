"""What the server is handed: everything it needs of an open home, and nothing of how it was put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from integrations.database.keys import Keyring
    from integrations.database.sessions import SessionStore
    from integrations.database.shop import BuiltInShop
    from integrations.database.turns import TurnStore
    from integrations.settings import Settings
    from knowledge.retrieval import Retriever
    from tools.context import Session, ToolContext


@dataclass(frozen=True)
class House:
    """An open home, as the server sees it."""

    assistant: Assistant
    sessions: SessionStore
    turns: TurnStore
    shop: BuiltInShop
    retriever: Retriever
    settings: Settings
    context: Callable[[Session], Awaitable[ToolContext]]
    keys: Keyring | None = None
    """Of the shop's people; without them nobody reads the metrics in production."""

    async def is_ready(self) -> bool:
        """Whether messages can be answered now: a conversation is written down, so a full disk is a reason why not."""
        from knowledge.generation import IndexDamaged
        from knowledge.room import FULL, room_left
        from knowledge.shop import ShopUnavailable

        if not self.settings.database_url and room_left(self.settings.home) < FULL:
            return False
        try:
            await self.shop.product("")
            return bool(self.retriever.locales())
        except (IndexDamaged, ShopUnavailable):
            return False
