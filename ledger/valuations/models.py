"""The models that an evaluator can ask: by an address, or as a plug-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.evaluate.model_answer import AskModel, ModelFailed, ModelQuestion
from ledger.valuations.http_model import post_json
from ledger.valuations.model_limits import ModelLimits
from ledger.valuations.plugin import ask_plugin, plugin_of


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
