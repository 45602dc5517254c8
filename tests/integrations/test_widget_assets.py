"""The widget's files over HTTP: compressed where understood, kept for good where their name holds their hash."""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from integrations.widget.assets import add_assets, assets

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    api = FastAPI()
    add_assets(api)
    with TestClient(api) as opened:
        yield opened


def test_the_loader_is_kept_a_while_and_asked_for_again_by_its_tag(client: TestClient) -> None:
    first = client.get("/widget.js")
    assert first.headers["cache-control"].startswith("public, max-age=300")
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    again = client.get("/widget.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_the_loader_loads_is_kept_for_good(client: TestClient) -> None:
    loader = client.get("/widget.js").text
    panel = next(path for path in assets() if path.startswith("widget/panel"))
    assert panel in loader
    reply = client.get(f"/{panel}")
    assert "immutable" in reply.headers["cache-control"]


def test_it_is_compressed_only_for_those_who_understand_it(client: TestClient) -> None:
    packed = client.get("/widget.js", headers={"accept-encoding": "gzip"})
    plain = client.get("/widget.js", headers={"accept-encoding": "identity"})
    assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert packed.content == plain.content == gzip.decompress(assets()["widget.js"].packed)
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_the_documented_hash_is_that_of_the_loader(client: TestClient) -> None:
    digest = base64.b64encode(hashlib.sha384(client.get("/widget.js").content).digest()).decode()
    documented = re.findall(r'integrity="sha384-([^"]+)"', (ROOT / "docs" / "shop-owner.md").read_text("utf-8"))
    assert documented == [digest]


def test_what_is_loaded_is_named_by_its_hash() -> None:
    """So that the loader's hash vouches for the panel's name, and its name for the panel."""
    [panel] = [path for path in assets() if path.startswith("widget/panel")]
    assert panel == f"widget/panel.{hashlib.sha256(assets()[panel].plain).hexdigest()[:8]}.js"


@pytest.mark.parametrize("name", ["panel.js", "%2e%2e%2fwidget.js", "..%2f..%2fserver.py", "en.json", ""])
def test_no_other_file_is_reached(client: TestClient, name: str) -> None:
    assert client.get(f"/widget/{name}").status_code == 404
