"""Served models: tokens are counted without a network."""

import hashlib
import socket
from pathlib import Path

import pytest

from integrations.models.tokens import count_tokens, seed_token_cache


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is resolved and nothing is connected to."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("the network is cut off")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.usefixtures("cut_off")
def test_tokens_are_counted_with_the_network_cut_off(tmp_path: Path) -> None:
    seed_token_cache(tmp_path)
    assert count_tokens("Where is my order?", "gpt-4o") == 5
    assert count_tokens("Where is my order?", "a-model-nobody-knows") == 5
    assert count_tokens("Where is my order?", "text-davinci-003") == 5


def test_a_damaged_token_file_is_replaced(tmp_path: Path) -> None:
    seed_token_cache(tmp_path)
    first = sorted(tmp_path.iterdir())[0]
    digest = hashlib.sha256(first.read_bytes()).hexdigest()
    first.write_bytes(b"damaged")
    seed_token_cache(tmp_path)
    assert hashlib.sha256(first.read_bytes()).hexdigest() == digest
