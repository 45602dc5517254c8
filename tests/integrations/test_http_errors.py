"""What the API says of a body it cannot use is in words for people, without the validator's own."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, field_validator

from integrations.widget.errors import explain_errors


class _Colour(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        raise ValueError(f"{name!r} is no colour")


def test_a_validators_words_stand_alone() -> None:
    api = FastAPI()
    explain_errors(api)

    def paint(colour: _Colour) -> None: ...

    paint.__annotations__["colour"] = _Colour
    api.post("/")(paint)
    answer = TestClient(api).post("/", json={"name": "boss"})
    assert answer.status_code == 422
    assert answer.json() == {"error": {"code": "bad_request", "message": "name: 'boss' is no colour"}}
