"""The JSON Schema of the report's JSON, made from the figures' own fields, so that it cannot part from them."""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from eom.reporting.annual.controls import ControlKey
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.annual.kinds import ReportStatus

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: dict[Any, dict[str, Any]] = {
    int: {"type": "integer"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    date: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    type(None): {"type": "null"},
}


def json_schema() -> dict[str, Any]:
    """The schema: amounts are whole cents (names that end in ``_cents``), exact numbers are text."""
    text, count = {"type": "string"}, {"type": "integer"}
    own: dict[str, Any] = {
        "report": {"const": "annual-report"}, "mandate": text, "year": count,
        "language": {"enum": ["en", "es", "fr", "pt"]},
        "status": {"enum": [each.value for each in ReportStatus]}, "status_label": text, "revision": count,
        "prepared_by": text, "reviewed_by": text, "issued_by": text,
        "issued_on": {"type": ["string", "null"], "pattern": _PLAIN[date]["pattern"]},
        "is_demonstration": {"type": "boolean"}, "currency": text, "unit": {"const": "cent"},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "totals": {"type": "object", "additionalProperties": count},
        "controls": _rows({
            "control": {"enum": [key.value for key in ControlKey]}, "label": text, "left_label": text, "left": count,
            "right_label": text, "right": count, "agrees": {"type": "boolean"},
        }),
        "changes": _rows({"list": text, "row": text, "column": text, "before": count, "after": count}),
        "figures": _of(AnnualFigures),
    }  # fmt: skip
    return {"$schema": DRAFT, "title": "Annual report on electoral observation missions", **_object(own)}


def _rows(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    needed = [name for name in properties if name not in optional]
    return {"type": "object", "additionalProperties": False, "required": needed, "properties": properties}


def _of(kind: Any) -> dict[str, Any]:
    """The schema of a type that the figures use."""
    if is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        # Fields of later releases are not written where nothing stands in them.
        later = tuple(each.name for each in fields(kind) if each.metadata.get("later"))
        made = _object({each.name: _of(hints[each.name]) for each in fields(kind)}, later)
        described = (kind.__doc__ or "").split("\n\n")[0].replace("\n    ", " ")
        return {"description": described, **made}
    if typing.get_origin(kind) is tuple:
        return {"type": "array", "items": _of(typing.get_args(kind)[0])}
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        return {"anyOf": [_of(each) for each in typing.get_args(kind)]}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [each.value for each in kind]}
    return dict(_PLAIN[kind])
