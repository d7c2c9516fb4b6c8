"""Models over HTTP: one JSON document there, one back, with limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from ledger.evaluate.model_answer import ModelFailed
from ledger.valuations.model_limits import ANSWER_BYTES, ModelLimits


def post_json(url: str, content: Mapping[str, Any], limits: ModelLimits, key: str | None = None) -> Any:
    """Return the JSON document that an address answers, which may need a key; `ModelFailed` if it does not. Proxies of
    the environment are not used, and redirects are not followed."""
    with ThreadPoolExecutor(1) as thread:  # the caller may have an event loop of its own
        return thread.submit(asyncio.run, _post(url, content, limits, key)).result()


async def _post(url: str, content: Mapping[str, Any], limits: ModelLimits, key: str | None) -> Any:
    pieces = bytearray()
    headers = {"authorization": f"Bearer {key}"} if key else {}
    try:
        # one limit for the whole: those of the client are for each read, and a server may send byte by byte
        async with (
            asyncio.timeout(limits.seconds),
            httpx.AsyncClient(timeout=None, trust_env=False) as client,  # noqa: S113
            client.stream("POST", url, json=content, headers=headers) as response,
        ):
            if response.status_code != httpx.codes.OK:
                return ModelFailed(f"HTTP status {response.status_code}")
            async for piece in response.aiter_bytes():
                pieces += piece
                if len(pieces) > ANSWER_BYTES:
                    return ModelFailed(f"more than {ANSWER_BYTES} bytes of answer")
        return json.loads(pieces)
    except TimeoutError:
        return ModelFailed(f"no answer in {limits.seconds:g} seconds")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return ModelFailed(f"the address cannot be used: {type(error).__name__}")
    except (ValueError, RecursionError):
        return ModelFailed("the answer is no JSON document")
