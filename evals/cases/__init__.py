"""Labelled messages: what a good answer to each must do. A case is an entry in a TOML file."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from knowledge.locales import match_language, served_locales


class Case(BaseModel):
    """A message and what its answer must do. Fields left out are not checked, but for `tools` and `language`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: str
    text: str
    language: str
    market: str = ""
    customer: str = ""
    before: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    """At least one of these must be called; empty: none need be."""
    cites: tuple[str, ...] = ()
    """Any of these documents or products is a right source."""
    products: tuple[str, ...] = ()
    """At least one of these must be shown."""
    refuse: bool = False
    """Nothing of the shop's data may be shown."""
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @property
    def locale(self) -> str:
        """The locale the shopper's page has: their language in their market."""
        language = match_language(self.language) or "en"
        if not self.market:
            return served_locales()[language].locale
        return f"{language.split('-')[0]}-{self.market}"


def read_cases(folder: Path) -> list[Case]:
    """Every case below a folder. Raises ValueError that names the file and the case."""
    cases: list[Case] = []
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8"))["case"]:
            try:
                cases.append(Case.model_validate(entry))
            except ValueError as error:
                raise ValueError(f"{path.name}, case {entry.get('id')}: {error}") from error
    doubled = {case.id for case in cases if [other.id for other in cases].count(case.id) > 1}
    if doubled:
        raise ValueError(f"cases named twice: {', '.join(sorted(doubled))}")
    return cases
