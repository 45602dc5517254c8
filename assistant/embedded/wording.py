"""Putting things into the shopper's language: catalogue messages and facts."""

from __future__ import annotations

import gettext
import io
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.notation import Notation
from knowledge.product_passages import fact_label
from knowledge.service.words import sentences


def marked(message: str) -> str:
    """A message named here and worded later: marks it for the catalogues."""
    return message


SCANS = {
    "label_created": marked("the label was made; the carrier has not scanned the parcel yet"),
    "picked_up": marked("the carrier picked the parcel up"),
    "at_origin_hub": marked("at the carrier's first hub"), "export_cleared": marked("cleared for export"),
    "departed_origin": marked("left the country of origin"),
    "arrived_destination": marked("arrived in the destination country"),
    "import_customs": marked("at customs in the destination country"),
    "customs_hold": marked("held by customs"), "customs_cleared": marked("cleared by customs"),
    "at_local_depot": marked("at the local depot"), "out_for_delivery": marked("out for delivery"),
    "delivery_attempted": marked("a delivery was attempted"),
    "at_pickup_point": marked("waiting at the pickup point"), "delivered": marked("delivered"),
    "lost": marked("lost"), "returning_to_sender": marked("on its way back to us"),
    "returned_to_sender": marked("back at our warehouse"),
}  # fmt: skip

OTHER_COUNTRIES = marked("Which countries do you not ship to?")
"""What is looked up where the policies state nothing for a country."""

FAULTS = {
    "damaged": "What happens if an item arrives damaged or does not work?",
    "wrong": "What should I do if the item I received is damaged or wrong?",
    "missing": "What should I do if an item of my order seems to be missing?",
    "worn": "How long does the warranty last if a product becomes faulty after months of use?",
}
"""What is looked up where a shopper tells of a fault: in English, which of all languages leads best to each."""

PLACED = marked("order placed")
"""What begins the way of every order."""

RETURN_STATES = {
    "requested": marked("asked for"), "label_sent": marked("label sent"), "in_transit": marked("on its way to us"),
    "received": marked("received by us, being checked"), "refunded": marked("refunded"),
    "exchanged": marked("exchanged"), "rejected": marked("not accepted"),
}  # fmt: skip

FACTS = {
    "brand": marked("Brand"), "manufacturer": marked("Manufacturer"), "colour": marked("Colour"),
    "size": marked("Size"),
    "material": marked("Material"), "care": marked("Care"), "fit": marked("Fit"),
    "ingredients": marked("Ingredients"), "suitable_for": marked("Suitable for"),
    "compatible_with": marked("Works with"), "plug_types": marked("Plug types"),
    "ip_rating": marked("IP rating"), "scent": marked("Scent"), "food_types": marked("Food types"),
    "weight_g": marked("Weight"), "dimensions_mm": marked("Dimensions"), "capacity_ml": marked("Capacity"),
    "volume_ml": marked("Volume"), "power_w": marked("Power"), "battery_mah": marked("Battery capacity"),
    "battery_life_h": marked("Battery life"), "battery_life_days": marked("Battery life in days"),
    "charging_time_h": marked("Charging time"), "cable_length_cm": marked("Cable length"),
    "noise_db": marked("Noise level"), "wash_temp_c": marked("Wash temperature"),
    "shelf_life_months": marked("Shelf life"), "open_shelf_life_months": marked("Use after opening within"),
    "recycled_percent": marked("Recycled content"), "organic_percent": marked("Organic content"),
    "pet_weight_max_kg": marked("For pets up to"), "pet_weight_min_kg": marked("For pets from"),
    "max_load_kg": marked("Maximum load"), "warranty_months": marked("Warranty"), "range_m": marked("Range"),
    "brightness_lm": marked("Brightness"), "age_min_years": marked("Minimum age"),
    "coverage_m2": marked("For rooms up to"), "wifi": marked("Wi-Fi"), "bluetooth": marked("Bluetooth"),
    "app_required": marked("App needed"), "works_offline": marked("Works without internet"),
    "battery_included": marked("Battery included"), "rechargeable": marked("Rechargeable"),
    "waterproof": marked("Waterproof"), "dishwasher_safe": marked("Dishwasher safe"),
    "machine_washable": marked("Machine washable"), "tumble_dry": marked("Tumble dry"), "vegan": marked("Vegan"),
    "fragrance_free": marked("Free of fragrance"), "microwave_safe": marked("Microwave safe"),
    "matter_compatible": marked("Works with Matter"), "alexa_compatible": marked("Works with Alexa"),
    "google_home_compatible": marked("Works with Google Home"), "removable_cover": marked("Removable cover"),
    "subscription_available": marked("Available by subscription"), "origin": marked("Made in"),
    "hs_code": marked("Customs code (HS)"),
}  # fmt: skip

_BABEL_UNITS = {
    "g": "mass-gram", "kg": "mass-kilogram", "mm": "length-millimeter", "cm": "length-centimeter", "m": "length-meter",
    "ml": "volume-milliliter", "W": "power-watt", "hours": "duration-hour", "days": "duration-day",
    "months": "duration-month", "years": "duration-year", "°C": "temperature-celsius", "m²": "area-square-meter",
}  # fmt: skip


@cache
def asides(language: str) -> frozenset[str]:
    """The questions we look up of our own accord, in a language: no shopper asked them."""
    words = Words(language)
    return frozenset({words.say(OTHER_COUNTRIES), *FAULTS.values()})


class Words(Notation):
    """One language's way of saying things."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self._catalogue = _catalogue(self.language)

    def say(self, message: str, **slots: Any) -> str:
        """A message in this language, its {slots} filled."""
        worded = self._catalogue.gettext(message) if message else ""
        return worded.format(**slots) if slots else worded

    def state(self, status: str) -> str:
        """An order's state in words; a state of the merchant's own as it is."""
        return sentences(self.language).get(f"states.{status}", status)

    def place(self, place: str) -> str:
        """Where a parcel was: 'Leipzig, DE' with the country's name."""
        city, _, code = place.rpartition(", ")
        return f"{city}, {self.country(code)}" if city and len(code) == 2 else place

    def expected(self, since: str | None, until: str) -> str:
        """When a parcel should arrive."""
        if since and since != until:
            return self.say("Expected between {since} and {until}.", since=self.day(since), until=self.day(until))
        return self.say("Expected on {until}.", until=self.day(until))

    def fact(self, name: str, value: Any) -> str:
        """An attested fact: 'Weight: 1,450 g'. A fact without a catalogued label keeps the merchant's name."""
        return self.say("{label}: {value}", label=self.label(name), value=self.value(name, value))

    def label(self, name: str) -> str:
        """What a fact is called."""
        return self.say(FACTS[name]) if name in FACTS else fact_label(name)[0].capitalize()

    def value(self, name: str, value: Any) -> str:
        """A fact's value with its unit."""
        if isinstance(value, bool):
            return self.say("yes") if value else self.say("no")
        if name == "origin" and isinstance(value, str) and len(value) == 2:
            return self.country(value)
        unit = fact_label(name)[1]
        if isinstance(value, list):
            numeric = all(isinstance(part, int | float) for part in value)
            parts = [self.number(part) if numeric else str(part) for part in value]
            return (" × " if numeric else ", ").join(parts) + (f" {unit}" if unit else "")
        return self._measure(value, unit) if isinstance(value, int | float) else str(value)

    def _measure(self, value: float | int, unit: str) -> str:
        if unit == "%":
            return f"{self.number(value)} %"
        if unit in _BABEL_UNITS:
            return self.unit(value, _BABEL_UNITS[unit])
        return f"{self.number(value)} {unit}".strip()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """The language's catalogue, compiled in memory; English needs none."""
    source = files("assistant.embedded.messages") / f"{language}.po"
    if language == "en" or not source.is_file():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=language.replace("-", "_")))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
