"""The models that can be asked: those of valuations, by an address or as a plug-in, and one that reads texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.evaluate.model_answer import AskModel, ModelFailed, ModelQuestion
from ledger.valuations.http_model import post_json
from ledger.valuations.model_limits import ModelLimits
from ledger.valuations.plugin import ask_plugin, plugin_of
from ledger.valuations.text_model import AskText, Messages, content_of


def asker(addresses: Mapping[str, str], limits: ModelLimits) -> AskModel:
    """Return the function that asks a model: at its address if it has one, or else its plug-in."""

    def ask(question: ModelQuestion) -> Any:
        if url := addresses.get(question.id):
            model = {"id": question.id, "version": question.version, "hash": question.hash}
            return post_json(url, {"model": model, **question.document}, limits)
        plugin = plugin_of(question.id)
        return (
            ModelFailed("neither a plug-in nor an address") if plugin is None else ask_plugin(plugin, question, limits)
        )

    return ask


def text_asker(address: str, key: str | None, model: str, limits: ModelLimits) -> AskText:
    """Return the function that sends messages to a model at an address that speaks OpenAI's protocol (`/v1`)."""

    def ask(messages: Messages) -> str | ModelFailed:
        content = {"model": model, "messages": messages, "temperature": 0}
        completion = post_json(f"{address.rstrip('/')}/chat/completions", content, limits, key)
        return completion if isinstance(completion, ModelFailed) else content_of(completion)

    return ask
