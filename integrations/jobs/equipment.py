"""What the works of jobs are made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integrations.database.engine import Sessions
    from integrations.models.serving import Serving
    from knowledge.shop import Shop


@dataclass(frozen=True)
class Equipment:
    """What works are made of: the home and its shop; the served models at a job's pace, None where none is set up; the
    indexing of the home's sources; and its database.
    """

    home: Path
    shop: Shop
    serving: Callable[[], Serving] | None = None
    sync: Callable[[], Awaitable[Any]] | None = None
    database: Sessions | None = None
