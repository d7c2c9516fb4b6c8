"""Signing in with a browser: a form that puts a token into a cookie, which scripts cannot read."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from ledger.web.access import COOKIE, NotAuthenticated
from ledger.web.pages.address import in_language
from ledger.web.pages.rendering import render_sign_in
from ledger.web.pages.translator import Translator, language

_LONGEST = 16_384
"""Bytes of a form that are read: anybody can send one."""


def signin_router() -> APIRouter:
    """Return the routes to sign in and out."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/sign-in", _form, methods=["GET"], name="sign in")
    router.add_api_route("/sign-in", _sign_in, methods=["POST"], name="signed in")
    router.add_api_route("/sign-out", _sign_out, methods=["POST"], name="sign out")
    return router


def _shown(request: Request, *, refused: bool = False) -> Response:
    t = Translator(language(request.query_params.get("lang", ""), request.headers.get("accept-language", "")))
    headers = {"Vary": "Accept-Language", "Content-Language": t.tag}
    return HTMLResponse(render_sign_in(t, refused=refused), HTTPStatus.UNAUTHORIZED if refused else 200, headers)


async def _form(request: Request) -> Response:
    return _shown(request)


async def _sign_in(request: Request) -> Response:
    given = dict(parse_qsl((await request.body())[:_LONGEST].decode("utf-8", "replace")))
    token = given.get("token", "").strip()
    try:
        await run_in_threadpool(request.app.state.access.caller_of, token)
    except NotAuthenticated:
        return _shown(request, refused=True)
    response = RedirectResponse(in_language("/", request.query_params.get("lang")), HTTPStatus.SEE_OTHER)
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response


async def _sign_out() -> Response:
    response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response
