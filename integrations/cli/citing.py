"""How a passage that a rule names is found in a home's documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman
    from knowledge.ranking import Hit


def cite(dragoman: Dragoman, locale: str) -> Callable[[str], Hit | None]:
    """How a passage that a rule names is found, in a reader's language."""
    from knowledge.filters import Filter

    language = locale.split("-")[0] if locale not in ("pt-BR", "zh-CN") else locale
    today = datetime.now(UTC).date()
    return lambda passage: dragoman.library.retriever.passage(passage, language, Filter(on=today))
