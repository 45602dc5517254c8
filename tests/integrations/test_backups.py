"""A machine is lost: the home is deleted, restored elsewhere, and everything goes on."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
from pathlib import Path

import pytest

from integrations.backups import back_up, restore, without_secrets
from integrations.bootstrap import open_dragoman
from integrations.database.moving import CannotRestore
from integrations.settings import Settings, secret_names
from knowledge.filters import Filter
from knowledge.service.case import Asker
from tests.assistant.talking import answer, talk
from tests.command_line import Done, command, one
from tests.postgres import Server
from tools.actions.decisions import approve
from tools.context import Session

GRACE = Session(id="grace", channel="widget", language="en", market="US", customer_id="grace_takeda_5081")
THERESA = Session(id="theresa", channel="widget", language="en", market="DE", customer_id="theresa_wolfram_4481")
LEAD = Asker(role="operator", rank="lead")
ENTRY = (
    "---\nid: gift-wrap\ntitle: Gift wrap\nlocale: en\n---\n\n# Gift wrap\n\nWe wrap every zebra lamp in green paper.\n"
)


async def live(settings: Settings) -> None:
    """A conversation about an order, an action that waits for a person, a shopper who waits for one, an entry."""
    async with open_dragoman(settings) as shop:
        assert "AQ-10100" in answer(await talk(shop, THERESA, "Where is order AQ-10100?"))
        await talk(shop, GRACE, "AQ-10027 got lost, I want my money back", "yes")
        await talk(shop, THERESA, "I want to talk to a person")
        assert [entry.status for entry in await shop.ledger.entries("needs_approval")] == ["needs_approval"]
    (settings.home / "entries").mkdir(exist_ok=True)
    (settings.home / "entries" / "gift-wrap.md").write_text(ENTRY, "utf-8")
    (settings.home / "dragoman.toml").write_text(
        '# Our shop.\nsession_minutes = 90\nidentity_secret = "' + "x" * 40 + '"\n'
    )


async def go_on(settings: Settings) -> None:
    """Everything is as it was, and can be finished."""
    async with open_dragoman(settings) as shop:
        await shop.ready()
        (entry,) = await shop.ledger.entries("needs_approval")
        assert (await approve(shop.clerk(), entry.operation_id, LEAD, "mia")).status == "done"
        told = answer(await talk(shop, GRACE, "How much is shipping to Japan?"))
        assert "About your earlier request (Refund for order AQ-10027" in told
        (handoff,) = await shop.sessions.handoffs.waiting()
        assert handoff.session_id == "theresa"
        await shop.sessions.handoffs.claim(handoff.id, "mia")
        found = shop.library.retriever.search("zebra lamp in green paper", Filter(), language="en")
        assert found[0].passage.document == "gift-wrap"
        state = await shop.agent("shopper").aget_state({"configurable": {"thread_id": "theresa"}})
        assert "AQ-10100" in str(state.values["messages"])
    assert "session_minutes = 90" in (settings.home / "dragoman.toml").read_text("utf-8")


ACROSS = [pytest.param(way, marks=pytest.mark.prove) for way in ("sqlite to postgres", "postgres to sqlite")]


@pytest.mark.parametrize("way", ["sqlite to sqlite", *ACROSS])
async def test_a_lost_machine_is_restored_in_another_place(
    way: str, home: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source, _, target = way.partition(" to ")
    urls = {"sqlite": "", "postgres": request.getfixturevalue("postgres_url") if "postgres" in way else ""}
    settings = Settings(home=home, database_url=urls[source])
    async with open_dragoman(settings) as shop:
        await shop.filled()
    await live(settings)
    told = await back_up(home, settings.database, "", secret_names(), tmp_path / "shop.tar.gz")
    assert told.left_out == ["identity_secret"]
    shutil.rmtree(home)
    again = Settings(home=tmp_path / "another place", database_url=urls[target])
    again.home.mkdir()
    assert (await restore(again.home, again.database, tmp_path / "shop.tar.gz")).rows == told.rows
    await go_on(again)
    held = (tmp_path / "shop.tar.gz").read_bytes()
    assert stat.S_IMODE((tmp_path / "shop.tar.gz").stat().st_mode) == 0o600
    with tarfile.open(fileobj=io.BytesIO(held)) as archive:
        assert "x" * 40 not in str([archive.extractfile(one).read() for one in archive if one.isfile()])  # type: ignore[union-attr]
    with pytest.raises(CannotRestore, match="not empty"):
        await restore(again.home, again.database, tmp_path / "shop.tar.gz")


async def test_ids_go_on_after_those_restored(postgres: Server, tmp_path: Path, home: Path) -> None:
    settings = Settings(home=home)
    async with open_dragoman(settings) as shop:
        await shop.sessions.rate(THERESA, "t", 1, "good")
    await back_up(home, settings.database, "", secret_names(), tmp_path / "b")
    with postgres.fresh() as url:
        await restore(home, url, tmp_path / "b")
        async with open_dragoman(Settings(home=home, database_url=url)) as shop:
            await shop.sessions.rate(THERESA, "t", -1, "bad")
            assert await shop.sessions.scores("theresa") == {"t": -1}


@pytest.mark.parametrize("broken", ["cut", "text", "newer", "strange table", "escaping"])
async def test_what_is_no_backup_changes_nothing(broken: str, tmp_path: Path) -> None:
    settings, good, bad = Settings(home=tmp_path), tmp_path / "good", tmp_path / "bad"
    await back_up(tmp_path, settings.database, "", secret_names(), good)
    if broken == "cut":
        bad.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    elif broken == "text":
        bad.write_text("no backup")
    else:
        spoil(good, bad, broken)
    fresh = Settings(home=tmp_path / "fresh")
    fresh.home.mkdir()
    with pytest.raises(CannotRestore):
        await restore(fresh.home, fresh.database, bad)
    assert not (tmp_path / "escaped").exists()
    await restore(fresh.home, fresh.database, good)


def spoil(good: Path, bad: Path, how: str) -> None:
    with tarfile.open(good) as source, tarfile.open(bad, "w:gz") as target:
        for one in source:
            content = source.extractfile(one).read() if one.isfile() else b""  # type: ignore[union-attr]
            if one.name == "backup.json" and how == "newer":
                content = json.dumps({**json.loads(content), "revision": "9999"}).encode()
            one.size = len(content)
            target.addfile(one, io.BytesIO(content))
        added = {"strange table": "tables/strange.jsonl", "escaping": "../../escaped"}.get(how)
        if added:
            target.addfile(tarfile.TarInfo(added), io.BytesIO())


def test_a_secret_is_taken_out_of_settings_and_comments_stay() -> None:
    text = '# Ours\nhome_page = 1\nAPI_KEY = "s3cret"\n"openai_api_key" = "s3cret"  # mine\ndatabase_url = "pw"\n'
    kept, left_out = without_secrets(text, secret_names())
    assert "s3cret" not in kept
    assert "pw" not in kept
    assert "# Ours\nhome_page = 1\n" in kept
    assert left_out == ["API_KEY", "database_url", "openai_api_key"]
    with pytest.raises(ValueError, match="on one line"):
        without_secrets('api_key = """\ns3cret"""\n', secret_names())


def test_a_backup_by_command_brings_the_documents_along(tmp_path: Path) -> None:
    def done(home: Path, *words: str) -> Done:
        ended = command(home, *words)
        assert ended.returncode == 0, ended.stderr
        return ended

    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "gift.md").write_text(ENTRY, "utf-8")
    done(tmp_path / "one", "knowledge", "sync", str(documents), "--shop", "Zebra")
    lost = command(tmp_path / "one", "backup", str(tmp_path / "nowhere" / "b.tar.gz"))
    assert lost.returncode == 2
    assert "There is no folder" in lost.stderr
    done(tmp_path / "one", "backup", str(tmp_path / "b.tar.gz"))
    again = command(tmp_path / "one", "backup", str(tmp_path / "b.tar.gz"))
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    shutil.rmtree(documents)
    shutil.rmtree(tmp_path / "one")
    done(tmp_path / "two", "restore", str(tmp_path / "b.tar.gz"))
    found = one(done(tmp_path / "two", "knowledge", "search", "zebra lamp", "--json"))
    assert found["results"][0]["document"] == "gift-wrap"
