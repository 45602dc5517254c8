"""Several workspaces: installed by their people, tokens encrypted, gone when the app is; and Socket Mode."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from pydantic import SecretStr, ValidationError

from integrations.settings import Settings
from tests.slack.desk import Desk, open_desk, until_so
from tests.slack.slack_server import OTHER, Slack

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = Fernet.generate_key().decode()
GRANT = {"access_token": "xoxb-of-the-other", "team": {"id": OTHER, "name": "Other"}, "bot_user_id": "UBOT2"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(demo_home: Path, slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    home = tmp_path_factory.mktemp("installing") / "home"
    shutil.copytree(demo_home, home)
    more = {"slack_client_id": "1.2", "slack_client_secret": SecretStr("client"), "slack_token_key": SecretStr(KEY),
            "slack_app_token": SecretStr("xapp-1")}  # fmt: skip
    async with open_desk(home, slack, **more) as opened:
        yield opened


async def begin(desk: Desk) -> str:
    answer = await desk.client.get("/slack/install")
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert answer.status_code == 302
    assert "chat:write" in asked["scope"][0]
    return asked["state"][0]


async def test_a_workspace_is_installed_kept_encrypted_and_forgotten(desk: Desk, slack: Slack) -> None:
    slack.grants["code"] = {**GRANT, "scope": "chat:write"}
    state = await begin(desk)
    desk.client.cookies.set("slack_install", state)
    done = await desk.client.get("/slack/oauth_redirect", params={"code": "code", "state": state})
    assert (done.status_code, done.text) == (200, "Dragoman is installed in Other.")
    again = await desk.client.get("/slack/oauth_redirect", params={"code": "code", "state": state})
    assert again.status_code == 400
    raw = b"".join(path.read_bytes() for path in desk.dragoman.settings.home.glob("dragoman.sqlite3*"))
    assert b"xoxb-of-the-other" not in raw
    assert await desk.channel.workspaces.token(OTHER) == "xoxb-of-the-other"
    slack.add_user("UO", "Olga", team_id=OTHER)
    ts = await desk.sender.say("DUO", "UO", "How long does delivery to Germany take?")
    await desk.settled()
    event = {"type": "message", "channel": "DUO2", "user": "UO", "text": "How long does delivery take?", "ts": ts,
             "event_ts": ts, "channel_type": "im"}  # fmt: skip
    await desk.sender.event(event, team=OTHER)
    await desk.settled()
    assert [one for one in slack.messages["DUO2"] if one["user"] == "UBOT2"]
    await desk.sender.event({"type": "app_uninstalled"}, team=OTHER)
    await desk.settled()
    assert await desk.channel.web.records.teams() == []
    await desk.sender.event({**event, "ts": "1800000000.1"}, team=OTHER)
    await until_so(lambda: True)
    assert await desk.channel.web.records.team(OTHER) is None


@pytest.mark.parametrize("state", ["", "made-up"])
async def test_an_installation_that_was_not_begun_here_is_refused(desk: Desk, slack: Slack, state: str) -> None:
    slack.grants["code2"] = dict(GRANT)
    desk.client.cookies.clear()
    held = await begin(desk)
    desk.client.cookies.clear()
    answer = await desk.client.get("/slack/oauth_redirect", params={"code": "code2", "state": state or held})
    assert answer.status_code == 400
    desk.client.cookies.set("slack_install", "made-up")
    forged = await desk.client.get("/slack/oauth_redirect", params={"code": "code2", "state": "made-up"})
    assert forged.status_code == 400
    assert await desk.channel.web.records.team(OTHER) is None


async def test_over_socket_mode_the_same_is_done(desk: Desk, slack: Slack) -> None:
    await until_so(lambda: slack.sockets)
    event = {"type": "message", "channel": "DU2", "user": "U2", "text": "Do you ship to Japan?", "ts": "1750000000.1",
             "event_ts": "1750000000.1", "channel_type": "im"}  # fmt: skip
    from tests.slack.sender import envelope

    sent = {"type": "events_api", "envelope_id": "E1", "payload": envelope(event), "accepts_response_payload": False}
    asyncio.run_coroutine_threadsafe(slack.sockets[0].send_str(json.dumps(sent)), slack.loop)  # type: ignore[attr-defined]
    await until_so(lambda: {"envelope_id": "E1"} in slack.responses)
    await desk.settled()
    await until_so(lambda: slack.thread("DU2", "1750000000.1"))


async def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="openssl rand"):
        Settings(home=tmp_path, slack_token_key=SecretStr("short"))
    with pytest.raises(ValidationError, match="20:00-08:00"):
        Settings(home=tmp_path, slack_quiet_hours="evening")
