"""The answers of a submission as JSON types, keyed by question.

Integers, decimals (as numbers), text; dates and times as sent in ISO 8601; several choices as a list;
a point as ``{"latitude", "longitude", "altitude", "accuracy"}`` (degrees, metres); a line or an area as
a list of points; a repeat as a list of documents under its own name. What cannot be read stays text: it
is kept, and ``openrosa_checks`` flags it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from eom.checklists.openrosa import Submission
from eom.checklists.openrosa_xml import local_name
from eom.checklists.xlsform_form import MEDIA_KINDS, PublishedForm, Question

Answers = dict[str, Any]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_MOMENT = re.compile(_DATE.pattern + "T" + _CLOCK.pattern)
_PATTERNS = {"date": _DATE, "time": _CLOCK, "dateTime": _MOMENT}
_LIST_KINDS = frozenset({"select_multiple", "rank"})


def typed_answers(form: PublishedForm, submission: Submission) -> Answers:
    """The answers by question key. Unanswered questions are left out."""
    return _read(_Forms(form), submission.root, "", {})


def named_files(form: PublishedForm, submission: Submission) -> tuple[str, ...]:
    """The files that the XML names, which the device sends beside it or later."""
    wanted = {question.path for question in form.questions if question.kind in MEDIA_KINDS}
    names = [(node.text or "").strip() for path, node in nodes(submission.root) if path in wanted]
    if "audit" in {question.key for question in form.questions if question.kind == "metadata"}:
        names += [(node.text or "").strip() for path, node in nodes(submission.root) if path == "meta/audit"]
    return tuple(dict.fromkeys(name for name in names if name))


def nodes(root: etree._Element, prefix: str = "") -> Iterator[tuple[str, etree._Element]]:
    """(path below the root, element) of every element, in document order."""
    for child in root:
        path = prefix + local_name(child)
        yield path, child
        yield from nodes(child, f"{path}/")


def typed(question: Question, text: str) -> tuple[Any, bool]:
    """One answer as its JSON type, and whether it could be read; what could not stays text."""
    kind = question.kind
    if kind == "integer":
        return (int(text), True) if re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII) else (text, False)
    if kind in ("decimal", "range"):
        number = _number(text)
        return (text, False) if number is None else (number, True)
    if kind in _PATTERNS:
        return text, _PATTERNS[kind].fullmatch(text) is not None
    if kind in _LIST_KINDS:
        return text.split(), True
    if kind == "geopoint":
        point = _point(text)
        return (text, False) if point is None else (point, True)
    if kind in ("geotrace", "geoshape"):
        points = [_point(part) for part in text.split(";") if part.strip()]
        return (text, False) if None in points else (points, True)
    return text, True


class _Forms:
    """The form's questions and repeats by path."""

    def __init__(self, form: PublishedForm) -> None:
        self.questions = {question.path: question for question in form.questions}
        self.repeats = {group.path: group.key for group in form.groups if group.repeats}


def _read(form: _Forms, element: etree._Element, prefix: str, into: Answers) -> Answers:
    for child in element:
        path = prefix + local_name(child)
        question = form.questions.get(path)
        if question is not None:
            text = (child.text or "").strip()
            if text:
                into[question.key] = typed(question, text)[0]
        elif path in form.repeats:
            into.setdefault(form.repeats[path], []).append(_read(form, child, f"{path}/", {}))
        elif path != "meta":
            _read(form, child, f"{path}/", into)
    return into


def _number(text: str) -> float | int | None:
    if not re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", text, re.ASCII):
        return None
    value = float(text)
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _point(text: str) -> dict[str, float | int] | None:
    """Latitude and longitude in degrees (WGS 84), altitude and accuracy in metres when sent."""
    parts = [_number(part) for part in text.split()]
    if not 2 <= len(parts) <= 4 or None in parts:
        return None
    values = [part for part in parts if part is not None]
    if abs(values[0]) > 90 or abs(values[1]) > 180:
        return None
    return dict(zip(("latitude", "longitude", "altitude", "accuracy"), values, strict=False))
