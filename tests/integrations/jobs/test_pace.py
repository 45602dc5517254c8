"""How much of a real server's limit a job uses: 50 requests a second, known and unknown. The bounds hold on a busy
machine, too; what is reached on a quiet one (98 % and more) is for benchmarks/jobs.py to say.
"""

from __future__ import annotations

import pytest

from benchmarks.jobs import measured

pytestmark = [pytest.mark.prove, pytest.mark.alone]


@pytest.mark.parametrize("way", ["settings", "headers"])
async def test_a_known_limit_is_used_to_the_full(way: str) -> None:
    found = await measured(way, 1500)
    assert found.lost == 0
    assert found.steady >= 0.85
    assert found.whole >= 0.70
    assert found.refused <= 0.02


async def test_an_unknown_limit_is_found_and_used() -> None:
    found = await measured("unknown", 3000)
    assert found.lost == 0
    assert found.steady >= 0.60
    assert found.refused <= 0.10
