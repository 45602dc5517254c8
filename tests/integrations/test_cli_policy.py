"""`dragoman policy check` from outside, and what the shop owner is told about policies."""

import re
import textwrap
from pathlib import Path

import pytest

from knowledge.service.audit_shape import CHECKS, ENTRIES, SIGNALS, TABLES
from knowledge.service.policy import Effect, Limit, ServicePolicy, house_rules
from knowledge.service.requests import READS, WRITES
from knowledge.service.rules import Rule
from knowledge.service.terms import Exclusion
from tests import command_line
from tests.command_line import ROOT, Done, one

GUIDE = (
    (ROOT / "docs" / "shop-owner.md").read_text("utf-8").partition("## Your service policy\n")[2].partition("\n## ")[0]
)


def command(home: Path, *arguments: str, folder: Path = ROOT) -> Done:
    return command_line.command(home, "policy", *arguments, folder=folder)


def test_the_demo_shop_does_as_its_documents_say(demo_home: Path) -> None:
    done = command(demo_home, "check", "--json")
    told = one(done)
    assert [finding for finding in told["findings"] if finding["severity"] != "note"] == []
    assert (done.returncode, told["ok"], told["errors"], told["warnings"]) == (0, True, 0, 0)
    assert "returns: 30 days from delivery" in told["policy"]["terms"]


def test_the_example_in_the_guide_gives_the_output_in_the_guide(demo_home: Path, tmp_path: Path) -> None:
    blocks = [textwrap.dedent(block) for block in re.findall(r"(?:^(?: {4}.*)?\n)+", GUIDE, re.MULTILINE)]
    shown = next(block for block in blocks if "$ dragoman policy check" in block)
    policy, _, output = shown.partition("$ dragoman policy check policy.toml --no-explain\n")
    (tmp_path / "policy.toml").write_text(policy, "utf-8")
    done = command(demo_home, "check", "policy.toml", "--no-explain", folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout.strip() == output.strip()


def test_a_policy_is_explained_action_by_action(demo_home: Path) -> None:
    done = command(demo_home, "check", "tests/data/retail/service_policy.toml")
    assert done.returncode == 0
    parts = (
        "cancel_order: Cancel an order", "the order must be pending  [CANCEL_ONLY_PENDING:", "5 to 7 business days",
        "the order becomes: return requested", "Not offered: withdraw", "given within 30 minutes", "0 errors",
    )  # fmt: skip
    for part in parts:
        assert part in done.stdout
    assert "policy" not in one(command(demo_home, "check", "--no-explain", "--json"))


def test_a_home_without_documents_is_left_as_it_is(tmp_path: Path) -> None:
    done = command(tmp_path / "home", "check", str(ROOT / "tests/data/retail/service_policy.toml"), "--json")
    assert one(done)["ok"]
    assert "no documents yet" in done.stderr
    assert "demo" not in done.stderr


@pytest.mark.parametrize("text", ["[rules", None, "\ud800"], ids=["no TOML", "no file", "no UTF-8"])
def test_a_file_that_cannot_be_read_is_refused_and_no_home_is_made(text: str | None, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    if text is not None:
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
    done = command(tmp_path / "home", "check", str(file), "--json")
    assert done.returncode == 2
    assert "policy.toml cannot be read" in one(done)["error"]["message"]
    assert not (tmp_path / "home").exists()


def test_help_teaches(tmp_path: Path) -> None:
    done = command(tmp_path / "none", "check", "--help")
    assert done.returncode == 0
    for part in ("--explain", "--json", "Exit code 1", "policy.toml", "contradicts"):
        assert part in done.stdout
    assert not (tmp_path / "none").exists()


def test_the_guide_tells_every_part_field_and_action() -> None:
    parts = {name for name in ServicePolicy.model_fields if f"[{name}" in GUIDE}
    assert parts == {*ServicePolicy.model_fields} == {*TABLES, *ENTRIES, "actions"}
    kinds = (*TABLES.values(), Limit, Effect, Exclusion, Rule, *CHECKS.values(), *SIGNALS.values())
    fields = {name for kind in kinds for name in kind.model_fields}
    assert {name for name in {*fields, *WRITES, *READS} if not re.search(rf"`{name}\b", GUIDE)} == set()


def test_the_guide_tells_every_check_with_its_fields_in_the_order_they_are_asked() -> None:
    rows = re.findall(r"^\| `(\w+)`( \*)? \|.*\| (.*?) ?\|$", GUIDE, re.MULTILINE)
    assert [name for name, _, _ in rows] == [*CHECKS, *SIGNALS]
    assert {name for name, star, _ in rows if star} == {rule.check for rule in house_rules()}
    for name, _, fields in rows:
        own = {*{**CHECKS, **SIGNALS}[name].model_fields} - {*Rule.model_fields}
        assert {field for field in own if f"`{field}`" not in fields} == set(), name


def test_a_policy_with_a_misspelt_part_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("[returns]\ndays = 30\n\n[[rulez]]\nrule = 'X'\n")
    (tmp_path / "shop.json").write_text('{"products": {}}')
    (tmp_path / "own.json").write_text('{"products": {}, "service_policy": {"returns": {"dayz": 3}}}')
    for arguments, part in (
        (["shop.json", "--policy", "policy.toml"], "'rules'"),
        (["own.json"], "days"),
    ):
        words = ("shop", "import", *arguments, "--format", "json", "--json")
        done = command_line.command(tmp_path / "home", *words, folder=tmp_path)
        assert done.returncode == 2
        assert part in one(done)["error"]["message"]
    assert not (tmp_path / "home").exists()
