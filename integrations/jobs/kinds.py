"""The kinds of jobs, an entry each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from integrations.jobs.ingest import Ingest
from integrations.jobs.listings import Audit, Listings
from integrations.jobs.localizations import Localizations

if TYPE_CHECKING:
    from integrations.jobs.equipment import Equipment
    from knowledge.jobs import Work

Kinds = Mapping[str, "Callable[[Equipment], Work]"]
"""By its name, how the work of a kind is made."""

KINDS: Kinds = {"listings": Listings, "audit": Audit, "ingest": Ingest, "localization": Localizations}
