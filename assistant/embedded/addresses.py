"""An address as people of a country write it: street, then postcode and town, or town and postcode; in Japan and China
from the large to the small. An address is never guessed: what does not fit in full is none.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.embedded.slots import lexicon
from assistant.embedded.wording import marked
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

_HAN = r"(?P<state>[一-龠]{2,3}[都道府県省])?(?P<city>[^\d\s,]+?[市区町村郡])(?P<street>[^\d,]*\d.*)"
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
    """The address that ends a message, in the country it names or, where it names none, in `home`; {} where there is
    none in full.
    """
    plain = unicodedata.normalize("NFKC", text)
    lines = [line.strip(" .,") for line in re.split(r"[:\n]", plain) if line.strip(" .,") and "@" not in line]
    tails = (", ".join(lines[-count:]) for count in range(1, min(len(lines), 4) + 1))
    return next((found for tail in tails if (found := _read(tail, language, home))), {})


def _read(line: str, language: str, home: str) -> dict[str, str]:
    """An address in the country that its last part names, or in `home`: that part may be a town: Madrid."""
    parts = [part.strip(" .") for part in re.split(r"[,;、]", _led(line, language)) if part.strip(" .")]
    named = _country(parts[-1], language)
    return _fitting(", ".join(parts[:-1]), named) or _fitting(", ".join(parts), home)


def _led(line: str, language: str) -> str:
    """A line without the phrase that leads to its address: 'please make it'."""
    leads = sorted(lexicon(language).words("actions", "lead"), key=len, reverse=True)
    gap = "" if language in UNSPACED else r"\s+"
    return re.sub(rf"^(?:{'|'.join(map(re.escape, leads))}){gap}", "", line, count=1, flags=re.IGNORECASE)


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
    code = rf"(?P<zip>{_ZIPS.get(country, _ZIP)})"
    east = (rf"〒? ?{code}[ ,]*{_HAN}",) if country in ("JP", "CN") else ()
    street, city = r"(?P<street>[^,]+(?:, [^,]+){0,2}?)", r"(?P<city>[^\d,!?]+?)"
    state = r"(?:[ ,/-]+(?P<state>[A-Z]{2,3}))?" if country in _STATES else ""
    return *east, rf"{street}, {code},? {city}", rf"{street}, {city}{state}[ ,-]+{code}"


def _is_street(streets: list[str]) -> bool:
    """Whether lines can be a street with its house number, and what belongs to it; an order's number is none."""
    if not streets or any(len(part) > 60 or len(part.split()) > 7 for part in streets):
        return False
    houses = streets[0] + (streets[1] if len(streets) > 1 and streets[1].isdecimal() else "")
    named = re.search(r"\d", houses) and re.search(r"[^\W\d]", streets[0])
    return bool(named) and not re.search(r"#\d{4}|[A-Z]-?\d{4}|@", ", ".join(streets))
