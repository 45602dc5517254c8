"""Gather translations from catalogues of installed packages: `python -m scripts.localization_corpus FOLDER APP ...`.

FOLDER has the packages (`pip install --target FOLDER django django-oscar wagtail django-allauth`), APP are their names
in it. Writes {"lang", "app", "source", "target"} a line; `scripts/fit_truncation.py` reads them.
"""

# ruff: noqa: T201
import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po


def gather(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Language, source and translation of every finished entry without plural forms."""
    for path in sorted(folder.rglob("locale/*/LC_MESSAGES/django.po")):
        try:
            with path.open("rb") as file, redirect_stdout(sys.stderr):  # Babel prints what it cannot read
                catalogue = read_po(file)
        except (PoFileError, ValueError, LookupError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            continue
        for entry in catalogue:
            if entry.id and entry.string and isinstance(entry.id, str) and not entry.fuzzy:
                yield path.parent.parent.name.replace("_", "-"), entry.id, entry.string


def main() -> None:
    """Write each translation of each app once."""
    folder, apps = Path(sys.argv[1]), sys.argv[2:]
    for app in apps:
        for lang, *texts in sorted(set(gather(folder / app))):
            source, target = (" ".join(text.split()) for text in texts)
            row = {"lang": lang, "app": app, "source": source, "target": target}
            print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
