"""Facts: what is attested of a product, each with an id and where it comes from. A listing claims no more."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.commerce import Certificate


@dataclass(frozen=True)
class Attested:
    """One fact. `id` names it for good ('AQ-P-001#weight_g'); `source` says where it was read, `as_of` when."""

    id: str
    name: str
    value: Any
    source: str
    as_of: date
    group: str = "other"
    language: str = "en"
    """The language of a text; a translation the shop attests is a fact of its own."""


@dataclass(frozen=True)
class Facts:
    """A product's attested facts. `certificates` are those of the facts named so, read; `names` and `summaries` by
    language are held as facts too.
    """

    product_id: str
    attested: tuple[Attested, ...]
    certificates: tuple[Certificate, ...] = ()
    not_to_say: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    options: tuple[dict[str, str], ...] = ()
    """What can be chosen, a dict for each variant, in the order of `skus`."""
    by_name: dict[str, Attested] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for fact in self.attested:
            self.by_name.setdefault(fact.name, fact)

    def get(self, name: str) -> Attested | None:
        """A fact by its name, or by another name of the same fact; a product named by language alone has the English
        name, else the first.
        """
        others = (name, *aliases().get(name, ()), *(("name.en", *self._tongues()) if name == "name" else ()))
        return next((self.by_name[other] for other in others if other in self.by_name), None)

    def _tongues(self) -> Iterator[str]:
        return (name for name in self.by_name if name.startswith("name."))

    def value(self, name: str, default: Any = None) -> Any:
        """A fact's value, or the default."""
        found = self.get(name)
        return default if found is None else found.value

    def text_in(self, kind: str, language: str) -> Attested | None:
        """The product's `name` or `summary` in a language; None where the shop has not written it."""
        own = self.by_name.get(kind)
        return self.by_name.get(f"{kind}.{language}") or (own if own and own.language == language else None)

    def certificate_fact(self, certificate: Certificate) -> str:
        """The id of the fact that a certificate is."""
        place = self.certificates.index(certificate)
        return f"{self.product_id}#certificates[{place}]"

    def ids(self) -> Iterator[str]:
        """The ids of all facts, of certificates each by itself too."""
        yield from (fact.id for fact in self.attested)
        yield from (f"{self.product_id}#certificates[{place}]" for place in range(len(self.certificates)))


@cache
def _schema() -> dict[str, Any]:
    return tomllib.loads((files("knowledge.facts") / "schema.toml").read_text("utf-8"))


@cache
def aliases() -> dict[str, tuple[str, ...]]:
    """Other names of a fact, by its name."""
    return {name: tuple(others) for name, others in _schema()["aliases"].items()}


@cache
def figure_headings() -> dict[str, tuple[str, ...]]:
    """What people head the column of a figure, by its fact."""
    return {name: tuple(others) for name, others in _schema()["figures"].items()}


@cache
def _groups() -> dict[str, str]:
    return {name.lower(): group for group, entry in _schema()["groups"].items() for name in entry["names"]}


TEXTS = frozenset((
    "material", "care", "suitable_for", "compatible_with", "in_the_box", "warnings", "ingredients", "scent",
    "food_types", "fit",
))  # fmt: skip
"""Facts that are texts of the shop's own language: in others materials, care and the box alone, where known."""


def group_of(name: str) -> str:
    """The group a fact belongs to; 'other' where the schema names none."""
    return _groups().get(name.split(".")[0].lower(), "other")


def wanted_facts(markets: list[str]) -> list[str]:
    """The facts wanted of every product, and those these markets or groups of markets ask for."""
    wanted = _schema()["wanted"]
    names = [*wanted["always"], *(name for market in markets for name in wanted.get(market, []))]
    return list(dict.fromkeys(names))
