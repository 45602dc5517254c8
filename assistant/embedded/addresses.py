"""An address as people of a country write it: street, then postcode and town, or town and postcode; in Japan and China
from the large to the small. An address is never guessed: what does not fit in full is none.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.embedded.order_numbers import order_numbers
from assistant.embedded.slots import lexicon
from assistant.embedded.wording import marked
from knowledge.addresses import street_spans
from knowledge.countries import countries_in
from knowledge.wordlists import UNSPACED

_ZIPS = {
    "US": r"\d{5}(?:-\d{4})?", "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "BR": r"\d{5}-?\d{3}", "JP": r"\d{3}-?\d{4}",
    "CA": r"[A-Z]\d[A-Z] ?\d[A-Z]\d", "NL": r"\d{4} ?[A-Z]{2}", "PT": r"\d{4}-\d{3}", "IE": r"[A-Z]\d[\dW] ?[A-Z\d]{4}",
}  # fmt: skip
_ZIP = r"(?:[A-Z]{1,2}-)?\d{2,6}(?:[- ]\d{2,3})?"
"""A postcode elsewhere."""

_STATES = {"US", "CA", "AU", "BR"}
"""Countries that write a state in letters beside the town."""

_HAN = r"(?P<state>[一-龠]{2,3}[都道府県省])?(?P<city>[^\d\s,]+?[市区町村郡])(?P<street>[^\d,]*\d.*[^ぁ-ん])"
_MAINLAND = {"IC": "ES", "EA": "ES"}
"""Territories whose parcels are addressed to a country."""

FORMS = {
    **dict.fromkeys(("GB", "ID", "IN"), marked("street and number, town and postcode")),
    **dict.fromkeys(sorted(_STATES), marked("street and number, town, state and postcode")),
    **dict.fromkeys(("JP", "CN"), marked("postcode, town, street and number")),
}
"""How addresses are written, by country."""

FORM = marked("street and number, postcode and town")
"""How they are written elsewhere."""


def address_in(text: str, language: str, home: str = "") -> dict[str, str]:
    """The address that ends a message, or stands in it behind what leads there, in the country it names or, where it
    names none, in `home`; {} where there is none in full.
    """
    plain = unicodedata.normalize("NFKC", text)
    lines = [line.strip(" .,") for line in re.split(r"[:\n]", plain) if line.strip(" .,") and "@" not in line]
    tails = (", ".join(lines[-count:]) for count in range(1, min(len(lines), 4) + 1))
    if leads_to_street(plain, language):  # what stands before the street is none of it
        return _read_within(plain, language, home)
    ending = next((found for tail in tails if (found := _read(tail, language, home))), {})
    return ending or _read_within(plain, language, home)


def leads_to_street(text: str, language: str) -> bool:
    """Whether a message tells where something is to go: 'AQ-10114 to 12 Mill Lane'."""
    plain = unicodedata.normalize("NFKC", text)
    led = any(_is_led(plain, start, end, language) for start, end in street_spans(plain))
    return led or bool(_unnamed_streets(plain, language))


def _read_within(text: str, language: str, home: str) -> dict[str, str]:
    """The address whose one street stands in a text behind what leads there; what would stay unread before it is none
    of its parts.
    """
    text = _without_orders(text)
    streets = street_spans(text) or _unnamed_streets(text, language)
    if len(streets) != 1:
        return {}
    start, end = streets[0]
    start -= len(match.group()) if (match := re.search(r"(?:〒 ?)?\d{3}-?\d{3,4} ?$", text[:start])) else 0
    behind = re.split(r"[!?。！？\n]|(?<=\w{3})\.(?=\s)", text[end:], maxsplit=1)[0]
    found = {} if re.search(r"[,、،]\s*$", text[:start]) else _read(text[start:end] + behind, language, home)
    return found if _is_town(found.get("city", "")) else {}


def _without_orders(text: str) -> str:
    text = re.sub(r"\S+@\S+", " ", text)
    for order in order_numbers(text):
        text = re.sub(rf"{re.escape(order)}\s*[,;]?", " ", text)
    return text


def _unnamed_streets(text: str, language: str) -> list[tuple[int, int]]:
    """Streets without a word for one, behind a word that leads there: 'an Am Markt 3,'."""
    towards = "|".join(map(re.escape, lexicon(language).words("actions", "towards")))
    if not towards or language in UNSPACED:
        return []
    found = re.finditer(rf"(?<!\w)(?:{towards}) ([^\d,;:!?@]{{3,40}} \d{{1,4}} ?[a-zA-Z]?)(?=,)", text)
    return [match.span(1) for match in found if match.group(1)[0].isupper()]


def _is_led(text: str, start: int, end: int, language: str) -> bool:
    before, behind = re.sub(r"(?:〒 ?)?\d{3}-?\d{3,4} ?$", "", text[:start]).rstrip(), text[end:]
    led = re.search(r"[^\W\d_]+$", before.casefold())
    towards = lexicon(language).words("actions", "towards")
    if language in UNSPACED:
        return any(before.casefold().endswith(word) for word in towards) or behind[:1] in ("に", "へ")
    return led is not None and led.group() in towards


def _is_town(city: str) -> bool:
    """Whether a town is written as one: 'Frankfurt am Main', 'köln', but not 'Köln ausliefern'."""
    first, *others = city.split() or [""]
    small = [word for word in others if word[:1].islower()]
    return bool(first) and len(small) <= len(others) / 2 and all(len(word) < 4 for word in small)


def _read(line: str, language: str, home: str) -> dict[str, str]:
    """An address in the country that its last part names, or in `home`: that part may be a town: Madrid."""
    parts = [part.strip(" .") for part in re.split(r"[,;、]", _led(line, language)) if part.strip(" .")]
    named = _country(parts[-1], language)
    return _fitting(", ".join(parts[:-1]), named) or _fitting(", ".join(parts), home)


def _led(line: str, language: str) -> str:
    """A line without the phrase that leads to its address, and without what ends it: 'please make it', 'instead'."""
    leads, tails = (
        "|".join(map(re.escape, sorted(lexicon(language).words("actions", key), key=len, reverse=True)))
        for key in ("lead", "tail")
    )
    gap = "" if language in UNSPACED else r"\s+"
    line = re.sub(rf"^(?:{leads}){gap}", "", line, count=1, flags=re.IGNORECASE)
    return re.sub(rf"(?:{gap}(?:{tails})[\s.!。！]*)+$", "", line.rstrip(" .!。！"), flags=re.IGNORECASE)


def _fitting(line: str, country: str) -> dict[str, str]:
    found = next((match for form in _forms(country) if (match := re.fullmatch(form, line, re.IGNORECASE))), None)
    streets = [part.strip() for part in found["street"].split(",")] if found and country else []
    if not found or not _is_street(streets) or len(found["city"].split()) > 4:
        return {}
    kept = {name: (found.groupdict().get(name) or "").strip(" -/") for name in ("city", "state", "zip")}
    first = 2 if len(streets) > 1 and streets[1].isdecimal() else 1
    lines = {"address1": ", ".join(streets[:first]), "address2": ", ".join(streets[first:])}
    return {name: value for name, value in {**lines, **kept, "country": country}.items() if value}


def _country(part: str, language: str) -> str:
    """The country a part of an address is."""
    if len(part.split()) > 4 or re.search(r"\d", part):
        return ""
    codes = [code for code in (*countries_in(part, language), *countries_in(part, "en")) if code != "EU"]
    return _MAINLAND.get(codes[0], codes[0]) if codes else ""


def _forms(country: str) -> tuple[str, ...]:
    """The patterns of a country's addresses, without the country."""
    code = rf"(?:CEP )?(?P<zip>{_ZIPS.get(country, _ZIP)})"
    east = (rf"〒? ?{code}[ ,]*{_HAN}",) if country in ("JP", "CN") else ()
    street, city = r"(?P<street>[^,]+(?:, [^,]+){0,3}?)", r"(?P<city>[^\d,!?]+?)"
    state = r"(?:[ ,/-]+(?P<state>[A-Z]{2,3}))?" if country in _STATES else ""
    return *east, rf"{street}, {code},? {city}", rf"{street}, {city}{state}[ ,-]+{code}"


def _is_street(streets: list[str]) -> bool:
    """Whether lines can be a street with its house number, and what belongs to it; an order's number is none."""
    if not streets or any(len(part) > 60 or len(part.split()) > 7 for part in streets):
        return False
    houses = streets[0] + (streets[1] if len(streets) > 1 and streets[1].isdecimal() else "")
    named = re.search(r"\d", houses) and re.search(r"[^\W\d]", streets[0])
    return bool(named) and not re.search(r"#\d{4}|[A-Z]-?\d{4}|@", ", ".join(streets))
