"""The fields of each question: what it takes, what it answers, and what filters may use."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import httpx
import pytest

from ledger import queries
from ledger.web import api
from ledger.web.api.describing import QuestionFields, QuestionList
from ledger.web.api.questions import questions

pytestmark = pytest.mark.anyio


async def test_every_question_is_listed_with_its_path(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/questions")
    found = QuestionList.model_validate_json(answer.content, strict=True).questions
    assert [one.path for one in found] == [f"/api/v1{question.path}" for question in questions()]
    assert {"totals/events", "views/pledge_stock", "calibration"} <= {one.name for one in found}


WAYS = {"by_year": "/years", "falling_due": "/views/maturity"}
"""Queries without a question of their own -> the one that has their figures."""


async def test_every_query_can_be_asked_over_http() -> None:
    wanted = {
        name
        for name in queries.__all__
        if inspect.isfunction(found := getattr(queries, name))
        and found.__annotations__["return"] in ("Answer", "Shown")
    }
    modules = (ast.parse(path.read_text("utf-8")) for path in Path(api.__file__).parent.glob("*.py"))
    asked = {node.attr for module in modules for node in ast.walk(module) if isinstance(node, ast.Attribute)}
    assert wanted - asked == set(WAYS)
    assert {question.path for question in questions()} >= set(WAYS.values())


async def test_the_fields_of_a_question(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/questions/totals")
    found = QuestionFields.model_validate_json(answer.content, strict=True)
    assert {"kind", "by", "at", "limit"} <= {one.name for one in found.parameters}
    operators = {one.name: one.operators for one in found.filters}
    assert operators["industry"] == ["=", "!="]
    assert operators["year"] == ["=", "!=", ">=", "<=", ">", "<"]
    (amount,) = [one for one in found.columns if one.name == "amount"]
    assert (amount.type, amount.unit) == ("decimal", "decimal text")


async def test_filters_of_a_question_about_other_rows_are_those_of_the_rows(client: httpx.AsyncClient) -> None:
    found = (await client.get("/api/v1/questions/calibration")).json()
    assert {"subject", "made_by", "realised_on"} <= {one["name"] for one in found["filters"]}
    assert "subject" not in {one["name"] for one in found["columns"]}


async def test_a_question_that_does_not_exist(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/questions/views/pledge_stok")
    assert (answer.status_code, answer.json()["title"]) == (404, "No such question")
    assert "views/pledge_stock" in answer.json()["detail"]
