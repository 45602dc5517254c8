"""One rule for what is not there: what a command is about and we hold nothing of is 1, as where it is denied; a name
that is on no list of ours, and a customer nobody can speak for, 2.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import command

NOT_HELD = [
    ("shop", "show", "NOPE-1"),
    ("action", "cancel_order", "--arguments", '{"order_id": "NOPE-1", "reason": "x"}', "--customer", "nobody_1"),
    ("actions", "show", "nope"),
    ("privacy", "erase", "--customer", "nobody_1"),
    ("privacy", "export", "--customer", "nobody_1"),
    ("trace", "show", "nope"),
    ("handoff", "claim", "H-NOPE"),
    ("keys", "revoke", "nobody"),
]

ON_NO_LIST = [
    ("listing", "write", "--sku", "NOPE", "--marketplace", "amazon"),
    ("facts", "show", "NOPE"),
    ("copy", "search_ad", "--sku", "NOPE"),
    ("claims", "rules", "no.rule"),
    ("job", "show", "job_nope"),
    ("knowledge", "gaps", "show", "nope"),
    ("terms", "remove", "no such term"),
    ("ask", "hello", "--locale", "xx-XX"),
    ("ask", "hello", "--customer", "nobody_1"),
]


@pytest.mark.parametrize("words", NOT_HELD, ids=lambda words: " ".join(words[:2]))
def test_what_is_not_held_of_people_is_1(module_home: Path, words: tuple[str, ...]) -> None:
    done = command(module_home, *words)
    assert done.returncode == 1, done.stderr


@pytest.mark.parametrize("words", ON_NO_LIST, ids=lambda words: " ".join(words[:3]))
def test_a_name_that_is_on_no_list_is_2(module_home: Path, words: tuple[str, ...]) -> None:
    done = command(module_home, *words)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
