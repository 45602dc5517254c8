"""What the works of jobs are made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.jobs import JobRefused

if TYPE_CHECKING:
    from integrations.database.engine import Sessions
    from integrations.localization.bureau import Bureau
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

    def models(self) -> Serving:
        """The served models. Raises JobRefused where there are none."""
        if self.serving is None:
            raise JobRefused("No model is configured: set DRAGOMAN_MODEL. Templates, and what is known, need none.")
        return self.serving()

    def bureau(self) -> Bureau:
        """What localizes with the served models. Raises JobRefused."""
        from integrations.localization.bureau import open_bureau

        if self.database is None:
            raise JobRefused("A localization needs the home's database.")
        return open_bureau(self.home, self.database, self.models(), getattr(self.shop, "facts", None) or {})
