"""The wheel and the source distribution, installed into empty environments, are the whole product."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.integrations.live_server import serve

ROOT = Path(__file__).resolve().parents[1]
VERSION = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)[0]
PACKAGES = ("knowledge", "tools", "assistant", "integrations", "evals")


def data_files() -> set[str]:
    """What git knows in our packages and is no Python; the sources of the widget stay out."""
    listed = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.split() if not name.startswith("integrations/widget/client/")}


def test_the_version_stands_in_one_place_and_the_changelog_tells_of_it() -> None:
    told = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## \[{re.escape(VERSION)}\] - \d{{4}}-\d\d-\d\d$", told, re.MULTILINE)
    found = subprocess.run(
        ["git", "grep", "-lF", f'version = "{VERSION}"', "--", "*.py", "*.toml"], cwd=ROOT, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert found.stdout.split() == ["pyproject.toml"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel, built from the source distribution as PyPI's users would, and that."""
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "uv", "build", "-q", "--out-dir", folder, ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return {"wheel": wheel, "source": source}


@pytest.mark.prove
def test_every_file_of_our_packages_is_in_both(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel, tarfile.open(built["source"]) as source:
        assert data_files() - set(wheel.namelist()) == set()
        assert data_files() - {name.partition("/")[2] for name in source.getnames()} == set()
        strays = {name.split("/")[0] for name in wheel.namelist()} - set(PACKAGES)
    assert strays == {f"dragoman-{VERSION}.dist-info"}


@pytest.mark.prove
@pytest.mark.parametrize("kind", ["wheel", "source"])
def test_installed_into_an_empty_environment_it_answers_and_serves(
    kind: str, built: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv, place, home = [sys.executable, "-m", "uv"], tmp_path / "env", tmp_path / "home"
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, place], check=True)
    install = [*uv, "pip", "install", "-q", "--python", place / "bin" / "python", "-c", ROOT / "constraints.txt"]
    subprocess.run([*install, built[kind]], check=True)
    unused = [*uv, "pip", "uninstall", "-q", "--python", place / "bin" / "python", "kubernetes", "onnxruntime"]
    subprocess.run(unused, check=True)  # as the Dockerfile does

    def dragoman(*words: str) -> str:
        held = {"PATH": os.environ["PATH"], "DRAGOMAN_HOME": str(home)}
        done = subprocess.run(
            [place / "bin" / "dragoman", *words], env=held, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert dragoman("--version").strip() == f"dragoman {VERSION}"
    assert "Usage" in dragoman("--help")
    told: dict[str, Any] = json.loads(dragoman("ask", "How much is shipping to Germany?", "--json"))
    assert told["citations"]
    assert json.loads(dragoman("migrate", "--json"))["revision"]
    monkeypatch.setattr("tests.integrations.live_server.DRAGOMAN", place / "bin" / "dragoman")
    with serve(home) as server:
        assert server.open()["authorization"]
