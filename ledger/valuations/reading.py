"""The reading of patents' texts by a registered model: each answer becomes an event, and is never asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from typing import Annotated, NamedTuple, TypeVar

import orjson
from pydantic import Field, ValidationError

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.evaluate.model_answer import ModelFailed
from ledger.evaluate.rules import json_digest
from ledger.posting.days import day_number
from ledger.valuations.documents import PATENT_TOPIC
from ledger.valuations.journal import Journal
from ledger.valuations.register import ModelRegister
from ledger.valuations.text_model import AskText, Messages, TextAnswer, TextQuestion, messages_of, text_answer_of
from schemas.data.common import EventPart, Items
from schemas.data.patent import Passage, TextPart
from schemas.errors import InputUnusable, UsageError
from schemas.id_keys import id_key
from schemas.topics import TOPICS
from schemas.values import ShortText, Subject, Text

READER_SOURCE = "urn:ip-ledger:reader"
"""The source of all readings by the command `read`."""
_KNOWN = """SELECT 1 FROM record INDEXED BY record_by_subject
  WHERE outcome = 1 AND subject = ? AND topic = ? AND source = ? AND id = ?"""


class BadLine(InputUnusable):
    """Line {line} of {file} cannot be read: {reason}. Correct it: docs/valuations.md shows the form of both files."""


class ModelNotRegistered(UsageError):
    """The model {model} of version {version} is not registered on {day}. Publish `ip.reference.model` with its owner,
    purpose and days."""


class TextLine(EventPart):
    """A line of the file of texts."""

    patent: Subject
    part: TextPart
    text: Passage


class QuestionLine(EventPart):
    """A line of the file of questions."""

    question: ShortText
    asked: Text
    answers: Annotated[Items[ShortText], Field(min_length=1, max_length=20)]


class TextModel(NamedTuple):
    """A registered model that reads: its id and version."""

    id: str
    version: str


class ReadingOutcome(NamedTuple):
    """The outcome of one question about one text: `read`, `known` from before, or `refused` with the reason."""

    patent: str
    part: str
    question: str
    state: str
    answer: str | None = None
    quote: str | None = None
    quote_at: int | None = None
    detail: str | None = None


_Line = TypeVar("_Line", bound=EventPart)


def parsed_lines(lines: Iterable[bytes], file: str, form: type[_Line]) -> Iterator[_Line]:
    """Yield the lines of a file in this form. Raise BadLine."""
    for number, line in enumerate(lines, 1):
        try:
            yield form.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}".removeprefix(": ")
            raise BadLine(line=number, file=file, reason=reason) from error


def require_registered(book: Book, reader: TextModel, day: date) -> None:
    """Raise ModelNotRegistered unless the model may be used on the day."""
    journal = Journal(book)
    journal.move(book.next_offsets(), ())
    if ModelRegister(journal).state(reader.id, reader.version, day_number(day)).refusal:
        raise ModelNotRegistered(model=reader.id, version=reader.version, day=day)


def read_texts(
    book: Book,
    texts: Iterable[TextLine],
    questions: Sequence[QuestionLine],
    reader: TextModel,
    day: date,
    ask: AskText,
) -> Iterator[tuple[ReadingOutcome, bytes | None]]:
    """Yield the outcome of each question about each text, and the event of a new reading. A question whose answer is in
    the book is not asked again: the id of a reading is a hash of patent, model, and all that was sent to it."""
    for text in texts:
        for line in questions:
            question = TextQuestion(line.question, line.asked, line.answers)
            messages = messages_of(question, text.part, text.text)
            event_id = json_digest([text.patent, *reader, messages])
            outcome = ReadingOutcome(text.patent, text.part, line.question, "known")
            if _is_known(book, text.patent, event_id):
                yield outcome, None
                continue
            written = ask(messages)
            found = written if isinstance(written, ModelFailed) else text_answer_of(written, question, text.text)
            if isinstance(found, ModelFailed):
                yield outcome._replace(state="refused", detail=found.detail), None
            else:
                event = _event(event_id, text, line, reader, day, messages, found)
                yield outcome._replace(state="read", **found._asdict()), event


def _is_known(book: Book, patent: str, event_id: str) -> bool:
    where = (patent, TOPICS[PATENT_TOPIC].number, READER_SOURCE, id_key(event_id))
    with translated_errors(book.path):
        return book.connection.execute(_KNOWN, where).fetchone() is not None


def _event(
    event_id: str,
    text: TextLine,
    line: QuestionLine,
    reader: TextModel,
    day: date,
    messages: Messages,
    found: TextAnswer,
) -> bytes:
    data = {
        "occurred_on": day.isoformat(),
        "question": line.question,
        "asked": line.asked,
        **{name: value for name, value in found._asdict().items() if value is not None},
        "part": text.part,
        "text": text.text,
        "text_hash": sha256(text.text.encode()).hexdigest(),
        "prompt_hash": json_digest(messages),
        "model_id": reader.id,
        "model_version": reader.version,
    }
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": READER_SOURCE,
        "type": "ip.patent.read.v1",
        "subject": text.patent,
        "datacontenttype": "application/json",
        "data": data,
    }
    return orjson.dumps(event)
