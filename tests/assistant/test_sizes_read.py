"""What we word of a measure is a size that the gate reads, in every language."""

import pytest

from assistant.embedded.wording import Words
from assistant.guardrails.sizes import sizes_in
from knowledge.figures import plain

MEASURED = {
    "weight_g": "weight", "dimensions_mm": "length", "capacity_ml": "volume", "power_w": "power",
    "battery_mah": "charge", "cable_length_cm": "length", "noise_db": "noise", "wash_temp_c": "temperature",
    "max_load_kg": "weight", "range_m": "length", "brightness_lm": "light", "coverage_m2": "area",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt-BR", "ja", "zh-CN", "ar", "id"])
@pytest.mark.parametrize("name", MEASURED)
def test_a_measure_we_word_is_read_by_the_gate(language: str, name: str) -> None:
    for value in (3, 12, 40, 1200):
        text = plain(Words(language).fact(name, value))
        keys = {key for claim in sizes_in(text, language) for key in claim.keys}
        assert {kind for _, kind, *_ in keys} == {MEASURED[name]}, text
