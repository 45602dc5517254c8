"""The hours of the desk end with their time zone inside the sentence, in every language."""

from __future__ import annotations

import pytest

from assistant.embedded.handing_over import announce
from assistant.embedded.wording import Words

CLOSED = {
    "reference": "H-1", "open_now": False, "opens": "08:00", "closes": "18:00", "weekdays": [0, 1, 2, 3, 4],
    "zone": "Europe/Paris", "email": "",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt-BR", "ja", "zh-CN", "ar", "id"])
def test_the_zone_stands_before_the_full_stop(language: str) -> None:
    told = announce(CLOSED, Words(language))
    assert told.endswith((" (Europe/Paris).", " (Europe/Paris)。"))
    assert not any(f"{stop} (" in told for stop in ".。")
