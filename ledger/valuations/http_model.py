"""Models over HTTP: one JSON document there, one back, with limits."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from ledger.evaluate.model_answer import ModelFailed
from ledger.valuations.model_limits import ANSWER_BYTES, ModelLimits


def post_json(
    url: str, content: Mapping[str, Any], limits: ModelLimits, headers: Mapping[str, str] | None = None
) -> Any:
    """Return the JSON document that an address answers; `ModelFailed` if it does not. Proxies of the environment are
    not used, and redirects are not followed."""
    end, pieces, size = time.monotonic() + limits.seconds, [], 0
    try:
        with (
            httpx.Client(timeout=limits.seconds, trust_env=False) as client,
            client.stream("POST", url, json=content, headers=dict(headers or {})) as response,
        ):
            if response.status_code != httpx.codes.OK:
                return ModelFailed(f"HTTP status {response.status_code}")
            for piece in response.iter_bytes():
                pieces.append(piece)
                size += len(piece)
                if size > ANSWER_BYTES:
                    return ModelFailed(f"more than {ANSWER_BYTES} bytes of answer")
                if time.monotonic() > end:
                    return ModelFailed(f"no answer in {limits.seconds:g} seconds")
        return json.loads(b"".join(pieces))
    except httpx.TimeoutException:
        return ModelFailed(f"no answer in {limits.seconds:g} seconds")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return ModelFailed(f"the address cannot be used: {type(error).__name__}")
    except (ValueError, RecursionError):
        return ModelFailed("the answer is no JSON document")
