"""Whether all contenders give the same answers; nobody is measured before."""

from collections.abc import Sequence
from typing import Any, cast

import httpx2
import orjson

from bench.contenders import Contender
from bench.server import Question, running


class UnequalError(Exception):
    """A contender gives another answer than the service."""


Answers = dict[tuple[str, str], bytes]
"""The service's answers, by question and token."""


def answers(contender: Contender, questions: Sequence[Question], tokens: Sequence[str]) -> Answers:
    """Start *contender* and give its answer to every question, for the customer of every token."""
    with (
        running(
            contender.command, by_path=contender.by_path, question=questions[0], token=tokens[0]
        ) as server,
        httpx2.Client(timeout=30) as client,
    ):
        return {
            (question.name, token): server.ask(client, question, token)
            for question in questions
            for token in tokens
        }


def check(contender: Contender, given: Answers, ours: Answers) -> None:
    """Raise ``UnequalError`` unless *contender* gave the answers that we gave."""
    for key, answer in given.items():
        expected = ours[key]
        same = answer == expected if contender.same_bytes else orjson.loads(answer) == orjson.loads(expected)
        if not same:
            raise UnequalError(
                f"{contender.name} answers {key[0]} otherwise: {_difference(answer, expected)}"
            )


def _difference(answer: bytes, expected: bytes) -> str:
    one, other = orjson.loads(answer), orjson.loads(expected)
    return _first(one, other, "data") or "the same JSON in other bytes"


def _first(one: Any, other: Any, path: str) -> str | None:  # noqa: ANN401 - any JSON
    """Tell the first place where two JSON values differ."""
    if type(one) is not type(other) or not isinstance(one, dict | list):
        return None if one == other else f"at {path}: {str(one)[:80]} and not {str(other)[:80]}"
    ours, theirs = _parts(one), _parts(other)
    if ours.keys() != theirs.keys():
        return f"at {path}: parts {sorted(ours)[:20]} and not {sorted(theirs)[:20]}"
    found = (_first(ours[name], theirs[name], f"{path}.{name}") for name in ours)
    return next((each for each in found if each), None)


def _parts(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a list or an object
    pairs = cast("dict[str, Any]", value).items() if isinstance(value, dict) else enumerate(value)
    return {str(name): each for name, each in pairs}
