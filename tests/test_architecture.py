"""The shape of the code: who may import whom, nothing at import time, whole roles, files of a readable size."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.prompts import prompt
from assistant.roles import ROLES
from tools.context import Role

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("knowledge", "tools", "assistant", "integrations", "evals")
MOST_LINES = 260
LONG_TODAY = {"integrations/database/tables.py"}
"""Files over the limit, to be split; none may join them."""


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def modules() -> list[str]:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sources()]
    return [name.removesuffix(".__init__") for name in names]


def python(code: str, folder: Path) -> str:
    """What code prints in a new process that has nothing but an empty folder."""
    environment = {
        **os.environ, "HOME": str(folder), "DRAGOMAN_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1", "XDG_CACHE_HOME": str(folder), "XDG_DATA_HOME": str(folder),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", code],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_import_contract_is_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert " 0 broken" in done.stdout


def test_importing_every_module_writes_nothing_and_says_nothing(tmp_path: Path) -> None:
    code = f"import importlib\nfor name in {modules()!r}: importlib.import_module(name)"
    assert python(code, tmp_path) == ""
    assert [path.name for path in tmp_path.rglob("*")] == []


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    commands = [name for name in modules() if name.startswith("integrations.cli")]
    heavy = ["chromadb", "langchain", "langchain_core", "langgraph", "fastapi", "sqlalchemy", "numpy", "openai", "rich"]
    code = (
        f"import importlib, sys\nfor name in {commands!r}:\n    if not name.endswith('terminal'):"
        f" importlib.import_module(name)\nprint([name for name in {heavy!r} if name in sys.modules])"
    )
    assert python(code, tmp_path).strip() == "[]"


def test_knowledge_loads_no_model_and_no_channel(tmp_path: Path) -> None:
    names = [name for name in modules() if name.startswith("knowledge") and name != "knowledge.index"]
    code = (
        f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\n"
        "print([name for name in ('langchain_core', 'fastapi', 'sqlalchemy', 'openai') if name in sys.modules])"
    )
    assert python(code, tmp_path).strip() == "[]"


@pytest.mark.parametrize("role", list(ROLES))
def test_every_role_has_a_prompt(role: Role) -> None:
    assert len(prompt(ROLES[role].prompt).split()) > 20


@pytest.mark.parametrize("role", list(ROLES))
def test_every_tool_of_a_role_says_when_to_use_it(role: Role) -> None:
    tools = ROLES[role].tools
    assert len({tool.name for tool in tools}) == len(tools) > 0
    assert [tool.name for tool in tools if len(tool.description.split()) < 8] == []


@pytest.mark.parametrize("role", list(ROLES))
def test_every_argument_of_a_tool_is_described(role: Role) -> None:
    missing = [
        f"{tool.name}.{name}" for tool in ROLES[role].tools for name in tool.tool_call_schema.model_json_schema()[
            "properties"] if f"{name}:" not in tool.description
    ]  # fmt: skip
    assert missing == []


@pytest.mark.parametrize("role", list(ROLES))
def test_the_model_is_never_asked_for_what_code_knows(role: Role) -> None:
    asked = {name for tool in ROLES[role].tools for name in tool.tool_call_schema.model_json_schema()["properties"]}
    assert not asked & {"runtime", "session", "customer_id", "role", "context"}


@pytest.mark.parametrize("role", list(ROLES))
def test_every_role_has_its_guardrails_with_the_fence_around_the_fault_guard(role: Role) -> None:
    names = [type(guard).__name__ for guard in ROLES[role].guardrails()]
    assert names.index("FenceToolResults") < names.index("ToolErrorMiddleware")
    assert "LimitModelCalls" in names


def test_only_shoppers_prove_an_identity() -> None:
    proving = {role for role, spec in ROLES.items() if "identify_customer" in {tool.name for tool in spec.tools}}
    assert proving == {"shopper"}


def test_no_file_grows_beyond_what_can_be_read_at_once() -> None:
    read = [path for path in sources() if path.parent.name != "versions"]  # revisions are written once, by a script
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in read}
    assert {name for name, lines in lengths.items() if lines > MOST_LINES} - LONG_TODAY == set()


def test_every_module_says_what_it_is_for() -> None:
    assert [p.relative_to(ROOT).as_posix() for p in sources() if not p.read_text("utf-8").startswith('"""')] == []
