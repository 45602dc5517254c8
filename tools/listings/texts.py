"""Titles, highlights, bullets and descriptions, from whole phrases and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.marketplaces import FieldLimits
from knowledge.phrasing import Piece
from knowledge.phrasing.measure import length, words
from knowledge.phrasing.order import LEADING, SIZE_FIRST
from tools.listings.filling import TOKEN, Filling
from tools.listings.signs import SMALL


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
    return {word.casefold() for word in TOKEN.findall(text)} - SMALL


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
    if chosen:
        text = str(filling.fields[name])
        filling.fields[name] = text[:1].upper() + text[1:] if is_plain_start(text) else text


def is_plain_start(text: str) -> bool:
    """Whether a text begins with a small word, and no name or unit that is written so (iPhone, mAh)."""
    return re.match(r"[^\W\d_]+", text) is not None and text.split()[0][:-1].islower()


def summed_up(filling: Filling, name: str) -> None:
    """As many of the summary's sentences as the field takes; phrases where none fits."""
    limits = filling.limits[name]
    space = filling.phrasing.words["space"]
    chosen: list[Piece] = []
    for piece in filling.phrasing.summary():
        most = min(value for value in (limits.max, limits.recommended_max, 5000) if value is not None)
        if length(space.join([*(p.text for p in chosen), piece.text]), limits.unit) > most:
            break
        if filling.passes(name, piece.text):
            chosen.append(piece)
    if chosen:
        filling.text(name, chosen, space)
    else:
        phrases(filling, name)


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
    text = ""
    facts: tuple[str, ...] = ()
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
    """The sentences a description is made of, those left out that may not stand. What follows a first sentence that is
    left out would hang in the air ('It ...'): the product's name stands in its place.
    """
    told = list(filling.phrasing.sentences())
    held = [piece for piece in told if filling.passes(name, piece.text)]
    features = filling.phrasing.features()
    if features and filling.passes(name, features.text):
        held.insert(sum(piece.facts == told[0].facts for piece in held), features)
    named = name_of(filling)
    if named and held and held[0] is not told[0]:
        lead = Piece(f"{named.text}{filling.phrasing.words['space'] and '.' or '。'}", named.facts)
        held = [lead, *held] if filling.passes(name, lead.text) else held
    return held


def description(filling: Filling, name: str) -> None:
    """The summary and the facts in sentences; where the field wants more words, the shop's own questions and answers:
    those that are made of facts would only say the same again.
    """
    limits = filling.limits[name]
    space = filling.phrasing.words["space"]
    most = min(value for value in (limits.max, 4000) if value is not None)
    chosen: list[Piece] = []
    for piece in sentences_for(filling, name):
        if length(space.join([*(p.text for p in chosen), piece.text]), limits.unit) <= most:
            chosen.append(piece)
    for piece in _answers(filling, name):
        text = space.join(p.text for p in chosen)
        if words(text) < (limits.min_words or 0) and length(f"{text}{space}{piece.text}", limits.unit) <= most:
            chosen.append(piece)
    filling.text(name, chosen, space)


def _answers(filling: Filling, name: str) -> Iterator[Piece]:
    """Questions with their answers, in one piece each."""
    asked = (Piece(f"{q.text} {a.text}", q.facts) for q, a in filling.phrasing.questions() if q.facts == a.facts)
    asked = (piece for piece in asked if any(".faq." in f"#{fact}".replace("#", ".") for fact in piece.facts))
    yield from (piece for piece in asked if filling.passes(name, piece.text))


def size_first(filling: Filling, name: str) -> None:
    """A title that leads with size and weight: the other version."""
    title(filling, name, (*SIZE_FIRST, *(key for key in LEADING if key not in SIZE_FIRST)))
