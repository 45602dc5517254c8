"""What the container is: compose.yaml and Dockerfile as written, and its command run as there. No image is built."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from httpx import Client

from integrations.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
OURS = [name for name, service in COMPOSE["services"].items() if "build" in service]


def test_our_containers_may_do_little() -> None:
    assert set(OURS) >= {"web", "migrate"}
    for name in OURS:
        service = COMPOSE["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["user"].startswith("10001")
        assert service["volumes"] == ["home:/data"]
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("USER") < DOCKERFILE.index("ENTRYPOINT")
    assert "HEALTHCHECK" in DOCKERFILE


def test_only_the_web_is_reached_from_outside_and_only_from_this_machine() -> None:
    ports = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:8000:8000"]}


def test_every_secret_is_a_file_that_a_setting_reads() -> None:
    known = {field.alias or f"DRAGOMAN_{name.upper()}" for name, field in Settings.model_fields.items()}
    for name in OURS:
        for variable, value in COMPOSE["services"][name]["environment"].items():
            assert variable.removesuffix("_FILE") in known
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in COMPOSE["secrets"]
            else:
                assert "secret" not in variable.lower()
    for service in COMPOSE["services"].values():
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert all("file" in secret for secret in COMPOSE["secrets"].values())


def test_the_version_is_that_of_the_package() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version is not None
    assert {COMPOSE["services"][name]["image"] for name in OURS} == {f"dragoman:{version[1]}"}


def test_all_packages_are_copied_into_the_image_and_nothing_else() -> None:
    copied = {name for line in re.findall(r"^COPY ([^-].+)$", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]}
    assert {name for name in copied if "." not in name and name.islower()} == {
        "knowledge", "tools", "assistant", "integrations", "evals",
    }  # fmt: skip
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert allowed == copied


READ_ONLY = """mount --bind "$0" "$0" && mount -o remount,bind,ro / &&
exec setpriv --reuid=nobody --regid=nogroup --clear-groups "$@" """
"""Runs a command as nobody where nothing but one folder can be written, as a container with a read-only root does."""


def python_for_all() -> str:
    """A Python of our version that others than root may run; the test is skipped where there is none."""
    for path in (sys.executable, "/usr/bin/python3"):
        asked = f"import sys; print(sys.version_info[:2] == {sys.version_info[:2]})"
        words = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", path, "-c", asked]
        if subprocess.run(words, capture_output=True, text=True, check=False).stdout == "True\n":
            return path
    pytest.skip("no Python of this version can be run by others than root")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become nobody on a read-only root")
def test_the_command_of_the_image_runs_as_nobody_and_writes_to_its_data_only(demo_home: Path) -> None:
    words = json.loads(re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[0])
    words[words.index("8000")] = "0"
    python = [python_for_all(), "-m", "integrations.cli"]
    if subprocess.run(["unshare", "--mount", "true"], check=False).returncode != 0:
        pytest.skip("no file system can be made read-only here")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        shutil.copytree(demo_home, Path(folder, "data"))
        Path(folder, "tmp").mkdir()
        subprocess.run(["chown", "-R", "nobody:", folder], check=True)
        held = {
            "DRAGOMAN_HOME": f"{folder}/data", "PATH": os.environ["PATH"], "HOME": f"{folder}/tmp",
            "TMPDIR": f"{folder}/tmp", "PYTHONDONTWRITEBYTECODE": "1", "DRAGOMAN_ENVIRONMENT": "production",
            "PYTHONPATH": f"{ROOT}:{Path(yaml.__file__).parents[1]}",
        }  # fmt: skip
        command = ["unshare", "--mount", "sh", "-c", READ_ONLY, folder, *python, *words]
        outside = [*command[:6], "touch", "/var/tmp"]  # where anybody may write
        assert subprocess.run(outside, capture_output=True, check=False).returncode == 1
        with subprocess.Popen(command, env=held, cwd="/", stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            said = list(takewhile_not("Dragoman serves", process.stderr))
            try:
                serves(int(re.findall(r":(\d+)", said[-1])[0]))
            finally:
                process.terminate()


def takewhile_not(part: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines up to the one that has a part, with it."""
    for line in lines:
        yield line
        if part in line:
            return


def serves(port: int) -> None:
    """It answers a shopper, and the image's health check says so."""
    with Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        token = client.post("/v1/sessions", json={}).json()["token"]
        asked = {"message": "How much is shipping to Germany?"}
        reply = client.post("/v1/chat", headers={"authorization": f"Bearer {token}"}, json=asked)
    assert "RUN_FINISHED" in reply.text
    check = json.loads(re.findall(r"^  CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[0])
    for at, code in ((str(port), 0), ("1", 1)):
        words = [sys.executable, *(word.replace("8000", at) for word in check[1:])]
        assert subprocess.run(words, capture_output=True, check=False).returncode == code
