"""Sizes of shoes and clothes in the target market, beside the maker's own: tables are approximate, none is replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.locales import nearest_locale
from knowledge.locales.sizes import Row, sizes

_SIZE = re.compile(
    r"\b(US|UK|EU|DE|FR|IT|JP|AU)(?: (?:wom[ae]n|m[ae]n|ladies)['’]?s?)?(?: sizes?)?"
    r" (\d{1,2}(?:[.,]5)?)(?:(?: ?[-–] ?| to | and )(\d{1,2}(?:[.,]5)?))?(?![\w.,]*\d)"
)
"""US 8, US women's size 8, and from one to another: US 6-10."""
_SHOES = re.compile(r"(?i)\b(?:shoe|sneaker|boot|sandal|trainer|loafer|slipper|pump|heel|footwear|moccasin)s?\b")
_CLOTHES = re.compile(
    r"(?i)\b(?:dress|skirt|blouse|jacket|coat|shirt|top|sweater|cardigan|jumper|jumpsuit|trousers|pants)(?:es|s)?\b"
)
_WOMEN = re.compile(r"(?i)\b(?:wom[ae]n|ladies|lady)(?:['’]?s)?\b")
_MEN = re.compile(r"(?i)\bm[ae]n(?:['’]?s)?\b")
_SHOE_COLUMNS = {
    "US": "US_{sex}", "UK": "UK", "AU": "UK", "EU": "EU", "DE": "EU", "FR": "EU", "IT": "EU", "JP": "JP_cm",
}  # fmt: skip
"""What a size's first word means, by the columns of sizes.toml."""
_DRESS_COLUMNS = {
    "US": "US", "UK": "UK", "AU": "AU", "EU": "DE_NL_SE", "DE": "DE_NL_SE", "FR": "FR_ES", "IT": "IT", "JP": "JP",
}  # fmt: skip
_SHOE_MARKETS = {"US": "US_{sex}", "UK": "UK", "JP": "JP_cm", "KR": "KR_mm", "BR": "BR", "MX": "MX_cm", "EU": "EU"}
"""The column of a market, by how its locale names its sizes."""
_DRESS_MARKETS = {
    "US": "US", "UK": "UK", "EU-DE": "DE_NL_SE", "EU-FR": "FR_ES", "EU-ES": "FR_ES", "EU-IT": "IT", "JP": "JP",
    "KR": "KR",
}  # fmt: skip
_NAMED = {"JP_cm": "JP {} cm", "KR_mm": "KR {} mm", "MX_cm": "MX {} cm", "DE_NL_SE": "EU {}", "FR_ES": "FR/ES {}"}


def sizes_in(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Sizes of shoes or of women's clothes a text states: where, and the table's column and value. None where the text
    does not tell what is measured, or whom it is for.
    """
    women, men = bool(_WOMEN.search(text)), bool(_MEN.search(_WOMEN.sub(" ", text)))
    if women == men:
        return
    columns = _SHOE_COLUMNS if _SHOES.search(text) else _DRESS_COLUMNS if _CLOTHES.search(text) and women else {}
    for match in _SIZE.finditer(text):
        column = columns.get(match[1], "").format(sex="women" if women else "men")
        kind = f"{'shoes' if columns is _SHOE_COLUMNS else 'women'}:{'women' if women else 'men'}:{column}"
        for group, start in ((2, match.start()), (3, match.start(3))):
            if column and match[group]:
                yield start, match.end(group), kind, match[group].replace(",", ".")


def size_in(column: str, value: str, locale: str) -> str:
    """What a size is called in a locale's market ('EU 38'); '' where the tables do not say, or it is the same."""
    kind, sex, own = column.split(":")
    meant = nearest_locale(locale)
    wanted = _wanted(kind, meant.sizes if meant else "").format(sex=sex)
    row = next((row for row in _rows(kind) if row.get(own) == value), None)
    if row is None or not wanted or wanted == own or wanted not in row:
        return ""
    return _NAMED.get(wanted, f"{wanted.split('_')[0]} {{}}").format(row[wanted])


def _wanted(kind: str, market: str) -> str:
    """The column of a market's sizes, by how its locale names them: 'EU-DE', 'JP (cm)', 'UK/AU'."""
    columns = _SHOE_MARKETS if kind == "shoes" else _DRESS_MARKETS
    name = re.split(r"[ /(]", market)[0]
    return columns.get(name) or (columns.get(name.split("-")[0], "") if kind == "shoes" else "")


def _rows(kind: str) -> tuple[Row, ...]:
    return sizes().shoes if kind == "shoes" else sizes().women
