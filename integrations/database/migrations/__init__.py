"""How the schema came to be, a step a file, run forward by Alembic. The newest file's name begins with the newest
revision, so that a database can be told to be up to date without loading Alembic.
"""

from pathlib import Path

VERSIONS = Path(__file__).parent / "versions"

REVISIONS = sorted(path.stem[1:5] for path in VERSIONS.glob("r[0-9]*.py"))
"""The revisions in order; `r0002_more_orders.py` is 0002."""

HEAD = REVISIONS[-1] if REVISIONS else ""
"""The revision that the models are at."""
