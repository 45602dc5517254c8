"""What is asked for, looked at before anything is written: which products are known, and what their sources say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from integrations.database.studio_batches import Entry
from integrations.listings.facts_files import facts_of_told, language_of, told_facts
from integrations.listings.tables import FileUnreadable, read_data
from knowledge.facts import Attested, Facts
from knowledge.facts.headings import read_column
from knowledge.facts.reading import facts_of_record, merged

MOST_LINES = 10_000
"""Most lines of a batch; more are several batches."""

KEYS = ("sku", "product_id", "seller_sku", "model", "id")
"""Columns that say which product a row is about, in this order."""

UNITS = ({"g": 1, "kg": 1000}, {"mm": 1, "cm": 10, "m": 1000}, {"ml": 1, "l": 1000}, {"w": 1, "kw": 1000})
"""Endings of facts' names that say the same in other units, with what one of each is."""


@dataclass(frozen=True)
class Asked:
    """A line: a SKU, and what a sheet's row tells of it."""

    sku: str
    record: Mapping[str, Any] | None = None


def pasted(text: str) -> list[Asked]:
    """The SKUs of a text, one a line; what stands behind a tab, comma or semicolon is left out. Raises
    FileUnreadable.
    """
    lines = (line.replace(";", "\t").replace(",", "\t").split("\t")[0].strip() for line in text.splitlines())
    return _bounded([Asked(sku[:200]) for sku in lines if sku])


def uploaded(path: Path) -> list[Asked]:
    """The rows of a sheet, each about a product. Raises FileUnreadable."""
    try:
        data = read_data(path)
    except FileUnreadable as fault:  # where the file lies for the moment is nothing to whoever sent it
        raise FileUnreadable(str(fault).replace(str(path), path.name)) from fault
    if isinstance(data, Mapping):
        data = data.get("products", [data])
    if isinstance(data, Mapping):
        data = [{"product_id": key, **entry} for key, entry in data.items() if isinstance(entry, Mapping)]
    if not isinstance(data, list) or not data:
        raise FileUnreadable(f"{path.name} holds no rows.")
    return _bounded([_asked(row, path.name, place) for place, row in enumerate(data, 1)])


def _asked(row: Any, name: str, place: int) -> Asked:
    if isinstance(row, str):
        return Asked(row.strip()[:200])
    if not isinstance(row, Mapping):
        raise FileUnreadable(f"{name}, row {place} is no product.")
    low = {read_column(str(key), "")[0].lower(): value for key, value in row.items()}
    low |= {str(key).strip().lower(): value for key, value in row.items()}
    key = next((str(low[name]).strip() for name in KEYS if low.get(name) not in (None, "")), "")
    if not key:
        raise FileUnreadable(
            f"{name}, row {place} names no product: a column sku or product_id is wanted; it has "
            f"{', '.join(map(str, row))}."
        )
    return Asked(key[:200], {str(k): v for k, v in row.items()})


def _bounded(asked: list[Asked]) -> list[Asked]:
    if not asked:
        raise FileUnreadable("There is no SKU in it.")
    if len(asked) > MOST_LINES:
        raise FileUnreadable(f"{len(asked)} lines are too many for a batch; {MOST_LINES} are taken.")
    return asked


def entries_of(asked: Iterable[Asked], known: Mapping[str, Facts], source: str, day: date) -> list[Entry]:
    """The lines as a batch holds them: with facts of the shop and of the sheet. A product's second line is a duplicate;
    what it tells is told of the first. Raises FactsUnreadable.
    """
    asked = list(asked)
    by_key = {sku: facts for facts in known.values() for sku in facts.skus} | dict(known)
    rows = [facts_of_record(one.record, source, day, one.sku) for one in asked if one.record is not None]
    language = language_of(rows)
    lines: dict[str, Line] = {}
    copies: list[Entry] = []
    for place, one in enumerate(asked, 1):
        found = by_key.get(one.sku)
        line = lines.setdefault(found.product_id if found else one.sku, Line(one.sku, found))
        if line.rows:
            copies.append(Entry(one.sku, line.name, "duplicate"))
        line.add(one.record, f"{source}, {place}" if line.rows else source, day, language)
    return [*(line.entry() for line in lines.values()), *copies]


class Line:
    """A product of a batch while its sources are read."""

    def __init__(self, sku: str, own: Facts | None) -> None:
        self.sku, self.facts, self.rows = sku, own, 0
        self._told: dict[str, list[tuple[Any, str]]] = {}
        for fact in own.attested if own else ():
            self._told[fact.name] = [(fact.value, fact.source)]

    @property
    def name(self) -> str:
        """What the product is called."""
        return str(self.facts.value("name", "")) if self.facts else ""

    def add(self, record: Mapping[str, Any] | None, source: str, day: date, language: str = "en") -> None:
        """Take in what a row tells, whose texts are in `language`."""
        self.rows += 1
        if record is None:
            return
        fresh = facts_of_record(record, source, day, self.sku, language)
        own = {*KEYS, "variant"}
        told = [self._in_our_unit(fact) for fact in fresh.attested if fact.name.lower() not in own]
        for fact in told:
            self._told.setdefault(fact.name, []).append((fact.value, source))
        kept = replace(fresh, attested=tuple(told), by_name={})
        self.facts = merged(self.facts, kept) if self.facts else (kept if told else None)

    def _in_our_unit(self, fact: Attested) -> Attested:
        """A fact under the name that is known already, where only its unit differs."""
        stem, _, unit = fact.name.rpartition("_")
        for units in UNITS:
            for other, size in units.items():
                name = f"{stem}_{other}"
                if unit in units and other != unit and name in self._told and isinstance(fact.value, int | float):
                    return replace(fact, name=name, value=round(fact.value * units[unit] / size, 6))
        return fact

    def entry(self) -> Entry:
        """The line with its facts: of those that several sources tell alike, all are named; others are conflicts."""
        if self.facts is None:
            return Entry(self.sku, "", "unknown")
        conflicts = tuple(
            {"name": name, "values": [{"value": value, "source": source} for value, source in told]}
            for name, told in self._told.items() if len({_plain(value) for value, _ in told}) > 1
        )  # fmt: skip
        agreed = tuple(
            replace(fact, source=" + ".join(dict.fromkeys(source for _, source in self._told[fact.name])))
            if fact.name in self._told else fact
            for fact in self.facts.attested
        )  # fmt: skip
        facts = replace(self.facts, attested=agreed, by_name={})
        return Entry(self.sku, self.name, "conflict" if conflicts else "ready", told_facts(facts), conflicts)


def _plain(value: Any) -> str:
    """A value as it is compared: case, order and a number's writing do not count."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return "|".join(sorted(_plain(one) for one in value))
    return " ".join(str(value).casefold().split())


def settled(entry: Entry, name: str, choice: int) -> Entry:
    """The line after a person picked one of the values told of a fact. Raises KeyError, IndexError."""
    conflict = next(one for one in entry.conflicts if one["name"] == name)
    picked = conflict["values"][choice]
    facts = facts_of_told(entry.facts)
    attested = tuple(
        replace(fact, value=picked["value"], source=picked["source"]) if fact.name == name else fact
        for fact in facts.attested
    )
    left = tuple(one for one in entry.conflicts if one["name"] != name)
    told = told_facts(replace(facts, attested=attested, by_name={}))
    return replace(entry, facts=told, conflicts=left, state="conflict" if left else "ready")
