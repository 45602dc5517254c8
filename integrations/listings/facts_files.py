"""Facts that were imported into the home, a file a product; the shop's own stand beneath them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from integrations.listings.tables import FileUnreadable, read_data
from knowledge.commerce import Certificate, Product
from knowledge.facts import Attested, Facts
from knowledge.facts.headings import UNREAD
from knowledge.facts.reading import FactsUnreadable, facts_of_product, facts_of_records, merged
from knowledge.language import detect_language

_UNIT = re.compile(r"_(g|kg|mm|cm|ml|l|w|months)$")

ENOUGH_WORDS = 8
"""Words of a sheet from which its language is believed."""


def read_facts(path: Path, day: date) -> list[Facts]:
    """The facts of every product of a file, each once. Raises FileUnreadable, FactsUnreadable."""
    return united(read_entries(path, day))


def united(entries: Iterable[Facts]) -> list[Facts]:
    """Entries as products: of several entries for one, a later stands over an earlier, whose other facts stay."""
    found: dict[str, Facts] = {}
    for one in entries:
        found[one.product_id] = merged(found[one.product_id], one) if one.product_id in found else one
    return list(found.values())


def doubts(entries: Iterable[Facts]) -> list[str]:
    """What a person should look at: entries of one product that contradict each other, and figures that are none."""
    held, told = dict[str, Attested](), list[str]()
    for fact in (fact for one in entries for fact in one.attested):
        before = held.get(fact.id)
        if before and before.value != fact.value:
            told.append(
                f"{fact.id}: {before.value!r} ({before.source}) and {fact.value!r} ({fact.source}); the later stands."
            )
        is_text = _UNIT.search(fact.name) and isinstance(fact.value, str) and not re.search(r"\d", fact.value)
        if is_text or fact.name.endswith(UNREAD.format("")):
            told.append(f"{fact.id.removesuffix(UNREAD.format(''))}: {fact.value!r} is no figure ({fact.source}).")
        held[fact.id] = fact
    return told


def read_entries(path: Path, day: date) -> list[Facts]:
    """The facts of every entry of a file, which is named as their source. Raises FileUnreadable, FactsUnreadable."""
    data = read_data(path)
    if data in (None, [], {}):
        raise FileUnreadable(f"{path} holds no facts.")
    facts = facts_of_records(data, path.name, day)
    language = language_of(facts)
    return facts if language == "en" else facts_of_records(data, path.name, day, language)


def language_of(facts: Iterable[Facts]) -> str:
    """The language of a sheet's names and summaries together, English where they say too little."""
    texts = [str(text) for held in facts for text in (held.value("name"), held.value("summary")) if text]
    text = ". ".join(texts)[:4000]
    return detect_language(text).language or "en" if len(text.split()) >= ENOUGH_WORDS else "en"


class FactsStore:
    """The folder `facts` of a home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "facts"

    def save(self, facts: Iterable[Facts]) -> int:
        """Keep facts, each product whole or not at all; a product kept before gives way. Returns how many."""
        self._folder.mkdir(parents=True, exist_ok=True)
        count = 0
        for held in facts:
            path = self._path(held.product_id)
            fresh = path.with_suffix(f".{os.getpid()}.tmp")
            fresh.write_text(json.dumps(told_facts(held), ensure_ascii=False, indent=1), "utf-8")
            fresh.replace(path)
            count += 1
        return count

    def all(self) -> dict[str, Facts]:
        """Every imported product by its id."""
        if not self._folder.is_dir():
            return {}
        held = (facts_of_told(json.loads(path.read_text("utf-8"))) for path in sorted(self._folder.glob("*.json")))
        return {facts.product_id: facts for facts in held}

    def _path(self, product_id: str) -> Path:
        plain = re.sub(r"[^\w.-]", "_", product_id).lstrip(".")[:80]
        if not plain:
            raise FactsUnreadable(f"{product_id!r} is no name for a product.")
        same = plain == product_id
        return self._folder / (f"{plain}.json" if same else f"{plain}-{product_id.encode().hex()[:16]}.json")


def told_facts(facts: Facts) -> dict[str, Any]:
    """Facts as JSON holds them."""
    told = {
        "product_id": facts.product_id, "attested": [asdict(fact) for fact in facts.attested],
        "certificates": [certificate.model_dump(mode="json") for certificate in facts.certificates],
        "not_to_say": facts.not_to_say, "skus": facts.skus, "options": facts.options,
    }  # fmt: skip
    held: dict[str, Any] = json.loads(json.dumps(told, default=str))
    return held


def facts_of_told(told: Mapping[str, Any]) -> Facts:
    """Facts that were told as JSON."""
    attested = tuple(Attested(**{**fact, "as_of": date.fromisoformat(fact["as_of"])}) for fact in told["attested"])
    certificates = tuple(Certificate.model_validate(entry) for entry in told["certificates"])
    return Facts(
        told["product_id"],
        attested,
        certificates,
        tuple(told["not_to_say"]),
        tuple(told["skus"]),
        tuple(told["options"]),
    )


def all_facts(products: Iterable[Product], brand: str, store: FactsStore, day: date) -> dict[str, Facts]:
    """Every product's facts by id: the shop's, with what was imported over them."""
    held = {product.product_id: facts_of_product(product, day, brand) for product in products}
    by_sku = {sku: facts.product_id for facts in held.values() for sku in facts.skus}
    for product_id, imported in store.all().items():
        own = product_id if product_id in held else by_sku.get(product_id, product_id)
        held[own] = merged(held[own], imported) if own in held else imported
    return held


def find_facts(held: dict[str, Facts], key: str) -> Facts | None:
    """A product's facts by its id or a SKU."""
    wanted = key.strip()
    if wanted in held:
        return held[wanted]
    return next((facts for facts in held.values() if wanted in facts.skus), None)
