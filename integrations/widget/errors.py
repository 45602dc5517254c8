"""How the API says no: one shape for every error, with a code for programs and words for people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as HttpError

from assistant.tracing import current_id

RETRY = {429: {"Retry-After": "60"}, 503: {"Retry-After": "5"}}
"""When to come back."""


def refuse(status: int, code: str, message: str) -> HTTPException:
    """A refusal, to be raised."""
    return HTTPException(status, {"code": code, "message": message}, RETRY.get(status))


def explain_errors(api: FastAPI) -> None:
    """Answer every error in the one shape."""

    @api.exception_handler(HttpError)
    async def explain(_: Request, error: HttpError) -> JSONResponse:
        known: Any = error.detail
        words = {413: "The request is larger than may be sent here.", 404: "There is nothing here."}
        said = known if isinstance(known, dict) else {
            "code": HTTPStatus(error.status_code).name.lower(), "message": words.get(error.status_code, str(known)),
        }  # fmt: skip
        return JSONResponse({"error": said}, error.status_code, headers=error.headers)

    @api.exception_handler(Exception)
    async def explain_fault(_: Request, __: Exception) -> JSONResponse:
        said = {"code": "fault", "message": "Something went wrong on our side.", "trace": current_id()}
        return JSONResponse({"error": said}, 500)

    @api.exception_handler(RequestValidationError)
    async def explain_body(_: Request, error: RequestValidationError) -> JSONResponse:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"] if part != "body")
        said = f"{field or 'body'}: {fault['msg'].removeprefix('Value error, ')}"
        return JSONResponse({"error": {"code": "bad_request", "message": said}}, 422)
