"""A demo home filled once and copied for each test that changes it; databases; the environment kept out."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from integrations.settings import Settings
from integrations.threads import calm_threads
from tests.postgres import Server, running_postgres

if TYPE_CHECKING:
    from integrations.bootstrap import Dragoman

calm_threads()

settings.register_profile("calm", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")
"""How fast a machine is decides no test, and the same tests are run each time."""

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Development data beside the checkout; never part of it."""


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's machine reaches a test."""
    for name in list(os.environ):
        if name.startswith(("DRAGOMAN_", "OPENAI_", "SLACK_", "OTEL_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home filled with the demo shop. Read it, never write to it."""
    import asyncio

    from integrations.bootstrap import open_dragoman

    home = tmp_path_factory.mktemp("demo")

    async def fill() -> None:
        async with open_dragoman(Settings(home=home)) as dragoman:
            await dragoman.ready()

    asyncio.run(fill())
    return home


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo home, for a test to change."""
    copy = tmp_path / "home"
    shutil.copytree(demo_home, copy)
    return copy


@pytest.fixture(scope="module")
def module_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo home for the tests of a module together."""
    copy = tmp_path_factory.mktemp("module") / "home"
    shutil.copytree(demo_home, copy)
    return copy


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(module_home: Path) -> AsyncIterator[Dragoman]:
    """That copy, open."""
    from integrations.bootstrap import open_dragoman

    async with open_dragoman(Settings(home=module_home, model="embedded")) as opened:
        await opened.ready()
        yield opened


@pytest.fixture
async def dragoman(home: Path) -> AsyncIterator[Dragoman]:
    """An open demo home of the test's own."""
    from integrations.bootstrap import open_dragoman

    async with open_dragoman(Settings(home=home)) as opened:
        await opened.ready()
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server; a test that wants it is skipped, saying why, where none can be started."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    with postgres.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the test's own, of each kind we run on in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'dragoman.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in a file with the tables and no row: to be copied, which takes a tenth of making one."""
    path = tmp_path_factory.mktemp("made") / "dragoman.sqlite3"
    _make(f"sqlite:///{path}")
    return path


@pytest.fixture
def made_at(made_file: Path) -> Callable[[Path], str]:
    """Puts such a file at a place; its URL."""
    return lambda place: f"sqlite:///{shutil.copy(made_file, place)}"


@pytest.fixture(scope="session")
def made_on_postgres(postgres: Server) -> str:
    """The same on the server: its name."""
    postgres.run("create database made")
    _make(postgres.url("made"))
    return "made"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, made_at: Callable[[Path], str]) -> Iterator[str]:
    """A database of the test's own with the tables and no row, of each kind we run on in turn."""
    if request.param == "sqlite":
        yield made_at(tmp_path / "dragoman.sqlite3")
        return
    server: Server = request.getfixturevalue("postgres")
    with server.fresh(request.getfixturevalue("made_on_postgres")) as url:
        yield url


def _make(url: str) -> None:
    import asyncio

    from integrations.database.engine import open_engine, prepare

    async def make() -> None:
        engine = open_engine(url)
        await prepare(engine)
        await engine.dispose()

    asyncio.run(make())


@pytest.fixture
def shared_data() -> Path:
    """The development data; the test is skipped, saying so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"the development data is not beside this checkout ({SHARED.name})")
    return SHARED
