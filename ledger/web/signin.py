"""Signing in with a browser: a form that puts a token into a cookie, which scripts cannot read."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from ledger.web.access import COOKIE, NotAuthenticated

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sign in - ip-ledger</title><link rel="stylesheet" href="/static/tokens.css">
<link rel="stylesheet" href="/static/frame.css"></head>
<body><main><h1>Sign in</h1><p role="status">{message}</p>
<form method="post"><p><label for="token">Token</label></p>
<p><input id="token" name="token" type="password" autocomplete="current-password" required></p>
<p><button>Sign in</button></p></form></main></body></html>"""
_ASK = "Paste a token of this server. The operator makes one with <code>ip-ledger token</code>."
_WRONG = "This token is not valid."


def signin_router() -> APIRouter:
    """Return the routes to sign in and out."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/sign-in", _form, methods=["GET"], name="sign in")
    router.add_api_route("/sign-in", _sign_in, methods=["POST"], name="signed in")
    router.add_api_route("/sign-out", _sign_out, methods=["POST"], name="sign out")
    return router


async def _form() -> Response:
    return HTMLResponse(_PAGE.format(message=_ASK))


async def _sign_in(request: Request) -> Response:
    given = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    token = given.get("token", "").strip()
    try:
        await run_in_threadpool(request.app.state.access.caller_of, token)
    except NotAuthenticated:
        return HTMLResponse(_PAGE.format(message=_WRONG), HTTPStatus.UNAUTHORIZED)
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response


async def _sign_out() -> Response:
    response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response
