"""What fills each field of a channel from a product's phrasing. A field nobody names here is left to the merchant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from knowledge.facts import Facts
from knowledge.facts.categories import find_category
from knowledge.listings import Claimed, Held
from knowledge.marketplaces import FieldLimits
from tools.listings.measure import length, words
from tools.listings.phrasing import LEADING, SIZE_FIRST, Phrasing, Piece
from tools.listings.wording import SMALL

Passes = Callable[[str, str], bool]
"""Whether a text may stand in a field by what law, channel and facts say of it alone."""

_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass
class Filling:
    """A listing being filled: what stands in its fields, and the facts of each part."""

    phrasing: Phrasing
    passes: Passes
    limits: dict[str, FieldLimits]
    fields: dict[str, Held] = field(default_factory=dict)
    claims: list[Claimed] = field(default_factory=list)

    @property
    def facts(self) -> Facts:
        """The product's facts."""
        return self.phrasing.facts

    def text(self, name: str, pieces: Iterable[Piece], between: str) -> None:
        """Fill a text's field from pieces."""
        held = list(pieces)
        if held:
            self.fields[name] = between.join(piece.text for piece in held)
            self.claims += [Claimed(name, -1, piece.text, piece.facts) for piece in held]

    def entries(self, name: str, pieces: Iterable[Piece]) -> None:
        """Fill a list's field, an entry a piece."""
        held = list(pieces)
        if held:
            self.fields[name] = [piece.text for piece in held]
            self.claims += [Claimed(name, place, piece.text, piece.facts) for place, piece in enumerate(held)]

    def pairs(self, name: str, held: dict[str, Piece]) -> None:
        """Fill a field of named values."""
        if held:
            self.fields[name] = {key: piece.text for key, piece in held.items()}
            self.claims += [Claimed(name, -1, f"{key}: {piece.text}", piece.facts) for key, piece in held.items()]


def name_of(filling: Filling) -> Piece | None:
    """The product's name in the language, the brand before it where it does not hold it; None where there is none."""
    named = filling.facts.text_in("name", filling.phrasing.facts_language) or filling.facts.get("name")
    if named is None:
        return None
    brand = filling.facts.get("brand")
    if brand and str(brand.value).lower() not in str(named.value).lower():
        return Piece(f"{brand.value} {named.value}", (brand.id, named.id))
    return Piece(str(named.value), (named.id,))


def title(filling: Filling, name: str, order: tuple[str, ...] = LEADING) -> None:
    """The name, and as many whole phrases as the field takes: none is cut, no word stands twice."""
    limits = filling.limits[name]
    lead = name_of(filling)
    if lead is None:
        return
    fitting = _shortest_fitting(filling, lead, limits)
    if fitting is None:
        return
    most = min(value for value in (limits.max, limits.safe_max, limits.recommended_max, 140) if value is not None)
    chosen, between = [fitting], filling.phrasing.words["between"]
    seen = _content(fitting.text)
    for piece in filling.phrasing.leading(order):
        candidate = between.join([*(p.text for p in chosen), piece.text])
        enough = len(chosen) >= 5 and length(candidate, limits.unit) > (limits.min or 0)
        if (
            enough
            or length(candidate, limits.unit) > most
            or seen & _content(piece.text)
            or not filling.passes(name, piece.text)
        ):
            continue
        if limits.recommended_max_words and words(candidate) > limits.recommended_max_words:
            continue
        chosen.append(piece)
        seen |= _content(piece.text)
    filling.text(name, chosen, between)


def _shortest_fitting(filling: Filling, lead: Piece, limits: FieldLimits) -> Piece | None:
    """The name with its brand, else without, as the field takes it."""
    named = filling.facts.text_in("name", filling.phrasing.facts_language) or filling.facts.get("name")
    plain = Piece(str(named.value), (named.id,)) if named else lead
    fits = (piece for piece in (lead, plain) if limits.max is None or length(piece.text, limits.unit) <= limits.max)
    return next((piece for piece in fits if filling.passes(limits.name, piece.text)), None)


def _content(text: str) -> set[str]:
    return {word.casefold() for word in _TOKEN.findall(text)} - SMALL


def phrases(filling: Filling, name: str, order: tuple[str, ...] = LEADING) -> None:
    """Whole phrases that the title does not tell, separated by commas."""
    limits = filling.limits[name]
    told = {fact for claim in filling.claims if claim.field.startswith("title") for fact in claim.facts}
    between = filling.phrasing.words["between"]
    chosen: list[Piece] = []
    for piece in filling.phrasing.leading(order):
        candidate = between.join([*(p.text for p in chosen), piece.text])
        if (
            not set(piece.facts) & told
            and (limits.max is None or length(candidate, limits.unit) <= limits.max)
            and filling.passes(name, piece.text)
        ):
            chosen.append(piece)
    filling.text(name, chosen, between)


def bullets(filling: Filling, name: str) -> None:
    """Headed bullets, each of whole phrases, as many as the field takes together; short ones are split or joined."""
    limits = filling.limits[name]
    most = limits.recommended_max if limits.recommended_max and limits.recommended_max > 60 else limits.max or 250
    count = limits.max_count if limits.max_count and limits.max_count < 12 else 6
    told = [piece for piece in (_bullet(filling, name, entry, most) for entry in filling.phrasing.bullets()) if piece]
    told = [piece for piece in told if length(piece.text, limits.unit) >= (limits.min or 1)]
    told = _enough(filling, name, told, max(limits.min_count or 1, 3), most)
    kept: list[Piece] = []
    for piece in told:
        together = sum(length(p.text, limits.unit) for p in [*kept, piece])
        if len(kept) < count and (limits.combined_max is None or together <= limits.combined_max):
            kept.append(piece)
    filling.entries(name, kept)


def _bullet(filling: Filling, name: str, entry: tuple[str, Piece, list[Piece]], most: float) -> Piece | None:
    _, header, pieces = entry
    said = filling.phrasing.words
    text, facts = "", ()
    for piece in pieces:
        part = filling.phrasing.plain(piece.text)
        candidate = f"{text}{said['joined']}{part}" if text else f"{header.text}{said['colon']}{part}"
        if length(candidate, filling.limits[name].unit) <= most and filling.passes(name, part):
            text, facts = candidate, (*facts, *piece.facts)
    return Piece(text, facts) if text else None


def _enough(filling: Filling, name: str, told: list[Piece], least: int, most: float) -> list[Piece]:
    """Bullets filled up to the least number with the summary's sentences."""
    limits = filling.limits[name]
    for sentence in filling.phrasing.sentences():
        if len(told) >= least:
            break
        text = filling.phrasing.plain(sentence.text).rstrip(".。")
        if (
            (limits.min or 1) <= len(text) <= most
            and text not in {piece.text for piece in told}
            and filling.passes(name, text)
        ):
            told.append(Piece(text, sentence.facts))
    return told


def sentences_for(filling: Filling, name: str) -> list[Piece]:
    """The sentences a description is made of, those left out that may not stand."""
    held = [piece for piece in filling.phrasing.sentences() if filling.passes(name, piece.text)]
    features = filling.phrasing.features()
    if features and filling.passes(name, features.text):
        summary = sum(piece.facts == held[0].facts for piece in held) if held else 0
        held.insert(summary, features)
    return held


def description(filling: Filling, name: str) -> None:
    """The summary and the facts in sentences; more, from the shop's own answers, where the field wants more words."""
    limits = filling.limits[name]
    space = filling.phrasing.words["space"]
    most = min(value for value in (limits.max, 4000) if value is not None)
    chosen: list[Piece] = []
    for piece in [*sentences_for(filling, name), *_answers(filling, name, limits)]:
        if length(space.join([*(p.text for p in chosen), piece.text]), limits.unit) <= most:
            chosen.append(piece)
    filling.text(name, chosen, space)


def _answers(filling: Filling, name: str, limits: FieldLimits) -> list[Piece]:
    """Questions with their answers, where a field wants many words."""
    if not limits.min_words or limits.min_words < 100:
        return []
    asked = [Piece(f"{q.text} {a.text}", q.facts) for q, a in filling.phrasing.questions()]
    return [piece for piece in asked if filling.passes(name, piece.text)]


def markup(filling: Filling, name: str) -> None:
    """A description in paragraphs of HTML, the data as a list."""
    from html import escape

    held = sentences_for(filling, name)
    data = [piece for _, piece in attributes(filling).items() if filling.passes(name, piece.text)]
    if not held:
        return
    paragraph = filling.phrasing.words["space"].join(escape(piece.text, quote=False) for piece in held)
    rows = "".join(f"<li>{escape(piece.text, quote=False)}</li>" for piece in data)
    filling.fields[name] = f"<p>{paragraph}</p>" + (f"<ul>{rows}</ul>" if rows else "")
    filling.claims += [Claimed(name, -1, piece.text, piece.facts) for piece in [*held, *data]]


def attributes(filling: Filling) -> dict[str, Piece]:
    """Facts as named values in the language, a fact each: 'Weight' → 'Weight: 1.450 g' without its name."""
    said = filling.phrasing
    found: dict[str, Piece] = {}
    for fact in filling.facts.attested:
        label = said.label(fact.name)
        value = said.value(fact.name)
        if (
            label
            and value
            and fact.name not in ("care", "ingredients", "suitable_for", "compatible_with", "fit", "hs_code")
        ):
            found[label] = Piece(value, (fact.id,))
    return found


def pairs(filling: Filling, name: str) -> None:
    """The facts as named values, as many and as long as the field takes."""
    limits = filling.limits[name]
    held = {
        key: piece for key, piece in attributes(filling).items()
        if len(key) <= (limits.name_max or 999) and len(piece.text) <= (limits.value_max or 999) and filling.passes(name, f"{key}: {piece.text}")
    }  # fmt: skip
    filling.pairs(name, dict(list(held.items())[: limits.max_count or 99]))


def search_terms(filling: Filling, name: str) -> None:
    """Words buyers may look for that the title does not hold: no brand, none twice, counted as the field counts."""
    limits = filling.limits[name]
    titled = " ".join(str(value) for key, value in filling.fields.items() if key.startswith("title")).casefold()
    taken = {word.casefold() for word in _TOKEN.findall(titled)} | {str(filling.facts.value("brand", "")).casefold()}
    chosen: list[Piece] = []
    for term in _terms(filling):
        if term.text in taken or not filling.passes(name, term.text):
            continue
        if limits.max is None or length(" ".join([*(p.text for p in chosen), term.text]), limits.unit) <= limits.max:
            chosen.append(term)
            taken.add(term.text)
    filling.text(name, chosen, " ")


def _terms(filling: Filling) -> Iterable[Piece]:
    """Single words in lower case: the shop's keywords in English, else the words of the summary."""
    language = filling.phrasing.facts_language
    keywords = filling.facts.get("keywords") if language == "en" else None
    summary = filling.facts.text_in("summary", language)
    for fact in (keywords, summary):
        text = " ".join(fact.value) if fact and isinstance(fact.value, list) else str(fact.value) if fact else ""
        for word in _words_of(text, language, set(str(filling.phrasing.words["stop_words"]).split())):
            if fact:
                yield Piece(word, (fact.id,))


def _words_of(text: str, language: str, stop: set[str]) -> Iterable[str]:
    if language in ("ja", "zh-CN"):
        found = re.findall(r"[\u30a0-\u30ff]{3,}|[\u4e00-\u9fff]{2,6}", text)
    else:
        found = [word for word in _TOKEN.findall(text) if len(word) >= 4]
        found = [word for word in found if language != "de" or word[0].isupper()]
    return dict.fromkeys(word.lower() for word in found if word.lower() not in stop | SMALL)


def tags(filling: Filling, name: str) -> None:
    """Search words as tags, each as long as the field takes."""
    limits = filling.limits[name]
    most = limits.max or 255
    terms = (term for term in _terms(filling) if len(term.text) <= most and filling.passes(name, term.text))
    held: dict[str, Piece] = {}
    for term in terms:
        held.setdefault(term.text, term)
    filling.entries(name, list(held.values())[: min(limits.max_count or 13, 13)])


def alt_texts(filling: Filling, name: str) -> None:
    """What the product's picture shows, for those who do not see it."""
    lead = filling.facts.text_in("name", filling.phrasing.facts_language)
    hint = filling.facts.get("image_hint")
    if lead is None:
        return
    said = filling.phrasing.words["alt"]
    told = hint is not None and filling.phrasing.facts_language == "en"
    text = (
        said["picture"].format(name=lead.value, hint=hint.value)
        if told and hint
        else said["plain"].format(name=lead.value)
    )
    if filling.passes(name, text):
        filling.entries(name, [Piece(text, (lead.id, *((hint.id,) if told and hint else ())))])


def faq(filling: Filling, name: str) -> None:
    """Questions with answers."""
    asked = [(q, a) for q, a in filling.phrasing.questions() if filling.passes(name, f"{q.text} {a.text}")]
    if asked:
        filling.fields[name] = [{"q": q.text, "a": a.text} for q, a in asked]
        filling.claims += [Claimed(name, place, f"{q.text} {a.text}", a.facts) for place, (q, a) in enumerate(asked)]


def modules(filling: Filling, name: str) -> None:
    """A+ modules: what it is, its data in a table, use and care."""
    said, lead = filling.phrasing.words["modules"], filling.facts.text_in("name", filling.phrasing.facts_language)
    held = sentences_for(filling, name)
    if lead is None or not held:
        return
    table = {key: piece for key, piece in attributes(filling).items() if filling.passes(name, f"{key}: {piece.text}")}
    care = [
        piece
        for group, _, pieces in filling.phrasing.bullets()
        if group in ("care", "use")
        for piece in pieces
        if filling.passes(name, piece.text)
    ]
    space = filling.phrasing.words["space"]
    built: list[dict[str, Any]] = [
        {"module": "text", "headline": said["about"].format(name=lead.value), "body": space.join(p.text for p in held[:3])},
        {"module": "table", "headline": said["data"], "rows": {key: piece.text for key, piece in table.items()}},
        {"module": "text", "headline": said["care"], "body": filling.phrasing.words["joined"].join(p.text for p in care)},
    ]  # fmt: skip
    kept = [module for module in built if module.get("body") or module.get("rows")]
    filling.fields[name] = kept
    filling.claims += [Claimed(name, 0, piece.text, piece.facts) for piece in held[:3]]
    filling.claims += [Claimed(name, 1, f"{key}: {piece.text}", piece.facts) for key, piece in table.items()]
    filling.claims += [Claimed(name, 2, piece.text, piece.facts) for piece in care]


def value(fact: str) -> Callable[[Filling, str], None]:
    """A field that holds one fact as it is."""

    def fill(filling: Filling, name: str) -> None:
        held = filling.facts.get(fact)
        text = str(held.value) if held and not isinstance(held.value, list | dict | bool) else ""
        limits = filling.limits[name]
        if held and text and (limits.max is None or length(text, limits.unit) <= limits.max):
            filling.text(name, [Piece(text, (held.id,))], "")

    return fill


def sku(filling: Filling, name: str) -> None:
    """The first variant's SKU, else the product's id."""
    own = (filling.facts.skus or (filling.facts.product_id,))[0]
    if len(own) <= (filling.limits[name].max or 99):
        filling.text(name, [Piece(own, (f"{filling.facts.product_id}#sku",))], "")


def handle(filling: Filling, name: str) -> None:
    """The address of a product page: the English name in ASCII."""
    named = filling.facts.get("name")
    if named:
        plain = unicodedata.normalize("NFKD", str(named.value)).encode("ascii", "ignore").decode().lower()
        filling.text(name, [Piece(re.sub(r"[^a-z0-9]+", "-", plain).strip("-"), (named.id,))], "")


def material_list(filling: Filling, name: str) -> None:
    """The materials an entry each, where the language has them and the field takes their characters."""
    text, fact = filling.phrasing.value("material"), filling.facts.get("material")
    parts = [re.sub(r"[^\w\s]", "", part).strip() for part in re.split(r"[,;]", text)]
    kept = [
        part
        for part in parts
        if part
        and not re.search(r"\d", part)
        and len(part) <= (filling.limits[name].max or 99)
        and filling.passes(name, part)
    ]
    if fact:
        filling.entries(
            name, [Piece(part, (fact.id,)) for part in dict.fromkeys(kept)][: filling.limits[name].max_count or 13]
        )


def options(filling: Filling, name: str) -> None:
    """What can be chosen, as the shop writes it."""
    held: dict[str, Piece] = {}
    for place, chosen in enumerate(filling.facts.options):
        for key, text in chosen.items():
            known = held.get(key)
            values = dict.fromkeys([*(known.text.split(" | ") if known else []), str(text)])
            held[key] = Piece(
                " | ".join(values), (*(known.facts if known else ()), f"{filling.facts.product_id}#options[{place}]")
            )
    filling.pairs(name, dict(list(held.items())[: filling.limits[name].max_count or 3]))


def color(filling: Filling, name: str) -> None:
    """Up to three colours, as the shop writes them."""
    places = [place for place, chosen in enumerate(filling.facts.options) if chosen.get("color")]
    colours = dict.fromkeys(filling.facts.options[place]["color"] for place in places)
    if colours:
        facts = tuple(f"{filling.facts.product_id}#options[{place}]" for place in places)
        filling.text(name, [Piece("/".join(list(colours)[:3]), facts)], "")


def safety(filling: Filling, name: str) -> None:
    """Who made it, who answers for it in the Union, and the warnings, as the facts hold them."""
    held = {key: filling.facts.get(key) for key in ("manufacturer", "responsible_person", "warnings")}
    if held["manufacturer"] and held["responsible_person"]:
        filling.pairs(name, {key: Piece(_joined(fact.value), (fact.id,)) for key, fact in held.items() if fact})


def _joined(value: Any) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def google_category(filling: Filling) -> str:
    """Google's path for the product's category; '' where none is known."""
    found = find_category(str(filling.facts.value("category", "")))
    return found.google if found else ""


def size_first(filling: Filling, name: str) -> None:
    """A title that leads with size and weight: the other version."""
    title(filling, name, (*SIZE_FIRST, *(key for key in LEADING if key not in SIZE_FIRST)))


FILLERS: dict[str, Callable[[Filling, str], None]] = {
    "title": title, "title_translated": title, "title_rakuten": title, "title_yahoo": title, "seo_title": title, "short_title": title,
    "family_name": lambda filling, name: filling.text(name, [p for p in [name_of(filling)] if p], ""),
    "item_highlights": phrases, "subtitle": phrases, "bullets": bullets, "key_features": bullets, "product_highlight": bullets,
    "short_description": bullets, "description": description, "description_html": markup, "seo_description": phrases,
    "search_terms": search_terms, "tags": tags, "brand": value("brand"), "sku": sku, "seller_sku": sku, "id": sku, "mpn": sku,
    "handle": handle, "materials": material_list, "material": value("material"), "color": color, "options": options,
    "item_specifics": pairs, "product_detail": pairs, "gpsr_fields": safety, "alt_texts": alt_texts, "faq": faq, "a_plus": modules,
}  # fmt: skip
"""What fills a field, by its name. Fields of variants and pictures belong to the merchant's own systems."""
