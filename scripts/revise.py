"""Write a revision: what the models say and the newest revision does not.

make revision WHAT="orders have a colour"   the next one; read it before it is committed
make revision FIRST=yes                     the first one anew, from the models as they are: only before a release
"""

import argparse
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from alembic.autogenerate import produce_migrations, render_python_code  # noqa: E402
from alembic.migration import MigrationContext  # noqa: E402
from sqlalchemy import create_engine  # noqa: E402

from integrations.database import engine, migrating  # noqa: E402, F401  (engine knows every table)
from integrations.database.columns import Moment, Words  # noqa: E402
from integrations.database.migrations import HEAD, VERSIONS  # noqa: E402
from integrations.database.tables import Base  # noqa: E402

HEAD_OF_FILE = '''"""{what}."""

import sqlalchemy as sa
from alembic import op
{more}
revision = "{revision}"
down_revision = {before}


def upgrade() -> None:
    """{doing}."""
    {code}
'''


def render(kind: str, value: Any, _: Any) -> str | bool:
    """Types of ours as what they are in the database, so that a revision never changes with our code."""
    plain = {Words: "sa.Text()", Moment: "sa.DateTime(timezone=True)"}
    return plain.get(type(value), False) if kind == "type" else False


def main() -> None:
    """Write the file and say where."""
    reader = argparse.ArgumentParser()
    reader.add_argument("what", nargs="?", default="The schema of 0.1.0; databases made before it are taken over")
    reader.add_argument("--first", action="store_true")
    asked = reader.parse_args()
    revision = "0001" if asked.first or not HEAD else f"{int(HEAD) + 1:04}"
    first = revision == "0001"

    with create_engine("sqlite://").begin() as connection:
        if not first:
            migrating.upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = produce_migrations(context, Base.metadata).upgrade_ops
        if found is None or found.is_empty():
            sys.exit("The models and the newest revision agree: there is nothing to write.")
        code = render_python_code(found, render_as_batch=not first, render_item=render)
    if first:
        code = re.sub(r"\bop\.(create_(?:table|index))", r"adopting.\1", code)
    word = "first" if first else re.sub(r"\W+", "_", asked.what.lower()).strip("_")[:40]
    path = VERSIONS / f"r{revision}_{word}.py"
    path.write_text(HEAD_OF_FILE.format(
        what=asked.what.rstrip("."), revision=revision, before=None if first else f'"{HEAD}"', code=code.strip(),
        more="\nfrom integrations.database.migrations import adopting\n" if first else "",
        doing="Create what is not there yet" if first else "Run it",
    ))  # fmt: skip
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
