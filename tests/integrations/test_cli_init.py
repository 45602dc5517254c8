"""`dragoman init`: a commented file that holds, and a shop that is one's own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import tomllib
from pathlib import Path

import pytest

from integrations.cli.init_file import Answers, policy_text, settings_text
from integrations.safety import exposed, weak_secret
from integrations.settings import Settings
from knowledge.service.audit import check_policy
from tests.command_line import DRAGOMAN, command

SAID = ("--name", "Lumen & Co", "--currency", "eur", "--site", "https://lumen.example", "--zone", "Europe/Berlin")


def test_a_home_becomes_a_shop_and_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = command(home, "init", *SAID)
    assert done.returncode == 0, done.stderr
    assert "dragoman shop import" in done.stdout
    path = home / "dragoman.toml"
    assert path.stat().st_mode & 0o077 == 0
    before = path.read_text("utf-8")
    again = command(home, "init", "--yes", "--name", "Other")
    assert again.returncode == 2
    assert "--force" in again.stderr
    assert path.read_text("utf-8") == before
    assert command(home, "init", "--force", "--name", "Other").returncode == 0
    assert path.with_name("dragoman.toml.before").read_text("utf-8") == before
    told = json.loads(command(home, "doctor", "--json").stdout)["checks"]
    assert {check["what"]: check["found"] for check in told}["shop"] == "Other"


def test_it_asks_and_asks_again_what_cannot_be(tmp_path: Path) -> None:
    """On a real terminal."""
    ours, theirs = pty.openpty()
    held = {"DRAGOMAN_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    running = subprocess.Popen(
        [DRAGOMAN, "init"], env=held, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    os.close(theirs)
    answers = ["Lumen", "euro", "GBP", "lumen.example", "https://lumen.example", "", "", "14", "20", "", "n"]
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    told, asked = running.communicate(timeout=60)
    os.close(ours)
    assert running.returncode == 0, asked.decode()
    assert "is no currency" in asked.decode()
    assert "is no address of a storefront" in asked.decode()
    written = tomllib.loads((tmp_path / "home" / "dragoman.toml").read_text("utf-8"))
    assert written["allowed_origins"] == ["https://lumen.example"]
    assert tomllib.loads((tmp_path / "home" / "policy.toml").read_text("utf-8"))["returns"]["days"] == 14
    assert b"<script" in told


@pytest.mark.parametrize("production", [False, True])
@pytest.mark.parametrize("name", ['A "quoted" \\ name', "名前\nさん", "x"])
def test_what_is_written_is_read_and_the_policy_can_hold(tmp_path: Path, name: str, production: bool) -> None:
    answers = Answers(name, "JPY", ("https://a.example", "https://b.example/"), model="openai:x", production=production)
    assert answers.wrong() == ""
    settings = Settings(**tomllib.loads(settings_text(answers, "3f" * 7 + "0a1b2c4d5e6789" * 4)), home=tmp_path)
    assert settings.allowed_origins == ["https://a.example", "https://b.example"]
    assert settings.environment == ("production" if production else "development")
    assert check_policy(tomllib.loads(policy_text(answers)), None) == []


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (Answers(" "), "--name"),
        (Answers("x", "Euro"), "--currency"),
        (Answers("x", sites=("shop.example",)), "--site"),
        (Answers("x", sites=("https://shop.example/de",)), "--site"),
        (Answers("x", email="help"), "--email"),
        (Answers("x", zone="Berlin"), "--zone"),
        (Answers("x", return_days=-1), "--return-days"),
    ],
)
def test_an_answer_that_cannot_be_is_told(answers: Answers, told: str) -> None:
    assert told in answers.wrong()


@pytest.mark.parametrize(
    "secret", ["x" * 40, "change-me-change-me-change-me-change-me", "your-secret-of-32-bytes-or-more-here", "abab" * 10]
)
def test_production_refuses_a_secret_that_can_be_guessed(tmp_path: Path, secret: str) -> None:
    with pytest.raises(ValueError, match="can be guessed"):
        Settings(home=tmp_path, environment="production", identity_secret=secret)  # type: ignore[arg-type]
    Settings(home=tmp_path, identity_secret=secret)  # type: ignore[arg-type]
    assert weak_secret({"identity_secret": os.urandom(32).hex()}, production=True) == ""


def test_a_shop_of_ones_own_is_not_served_to_others_in_development() -> None:
    assert "production" in exposed("0.0.0.0", "development", is_demo=False)
    assert "production" in exposed("::", "development", is_demo=False)
    for host, environment, is_demo in (
        ("127.0.0.1", "development", False), ("::1", "development", False), ("0.0.0.0", "production", False),
        ("0.0.0.0", "development", True),
    ):  # fmt: skip
        assert exposed(host, environment, is_demo) == ""


def test_serve_refuses_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert command(home, "init", *SAID).returncode == 0
    done = command(home, "serve", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2
    assert "can be reached by others" in done.stderr
