"""The grid stays fluid at the size of a catalogue: 1,000 SKUs in 12 locales, in a real browser."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from benchmarks.studio import fill, measure, sign_in
from tests.integrations.chromium import chromium
from tests.integrations.live_server import serve
from tests.integrations.studio_at_hand import KEY


@pytest.mark.prove
@pytest.mark.alone
def test_a_thousand_skus_in_twelve_locales(demo_home: Path, tmp_path: Path) -> None:
    shutil.copytree(demo_home, home := tmp_path / "home")
    batch_id = asyncio.run(fill(home, 1000))
    with serve(home, DRAGOMAN_API_KEY=KEY) as served, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, served.address)
        told = measure(page, served.address, batch_id)
    # On a busy machine, too; what is reached on a quiet one (2 s, no task over 50 ms) is for benchmarks/studio.py to say.
    assert told["first_screen"] < 10_000
    assert max(told["scrolling"], told["typing"]) < 500
