"""The rules of Data Package and Table Schema, version 1 (specs.frictionlessdata.io), that a package must keep."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

NAME = re.compile(r"[-a-z0-9._/]+")
TYPES = ("string", "number", "integer", "boolean", "date")
Rows = list[dict[str, Any]]


def read_package(data: bytes) -> tuple[dict[str, Any], dict[str, Rows]]:
    """(descriptor, rows by resource) of a package that keeps every rule; AssertionError names the one it breaks."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    package = json.loads(archive.read("datapackage.json"))
    assert package["profile"] == "tabular-data-package"
    assert NAME.fullmatch(package["name"])
    assert package["licenses"][0]["name"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", package["created"])
    assert len({each["name"] for each in package["resources"]}) == len(package["resources"])
    rows = {each["name"]: _resource(each, archive.read(each["path"])) for each in package["resources"]}
    for each in package["resources"]:
        _keys(each, rows)
    return package, rows


def _resource(resource: dict[str, Any], data: bytes) -> Rows:
    assert resource["profile"] == "tabular-data-resource"
    assert NAME.fullmatch(resource["name"]), resource["name"]
    assert resource["bytes"] == len(data)
    assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    fields = resource["schema"]["fields"]
    assert len({each["name"] for each in fields}) == len(fields)
    assert all(each["type"] in TYPES and each["title"] for each in fields)
    lines = list(csv.reader(io.StringIO(data.decode(resource["encoding"]), newline=""), strict=True))
    assert lines[0] == [each["name"] for each in fields]
    return [_row(resource["name"], fields, line) for line in lines[1:]]


def _row(name: str, fields: list[dict[str, Any]], line: list[str]) -> dict[str, Any]:
    assert len(line) == len(fields), (name, line)
    return {each["name"]: _value(name, each, text) for each, text in zip(fields, line, strict=True)}


def _value(name: str, field: dict[str, Any], text: str) -> Any:
    limits, where = field.get("constraints", {}), (name, field["name"], text)
    if text == "":
        assert not limits.get("required"), where
        return None
    kind = field["type"]
    if kind == "integer":
        value: Any = int(text)
    elif kind == "number":
        assert re.fullmatch(r"-?\d+(\.\d+)?", text), where
        value = Decimal(text)
    elif kind == "boolean":
        value = {**dict.fromkeys(field["trueValues"], True), **dict.fromkeys(field["falseValues"], False)}[
            text
        ]
    else:
        value = date.fromisoformat(text) if kind == "date" else text
    assert "minimum" not in limits or limits["minimum"] <= value, where
    assert "maximum" not in limits or value <= limits["maximum"], where
    assert "pattern" not in limits or re.fullmatch(limits["pattern"], text), where
    return value


def _keys(resource: dict[str, Any], rows: dict[str, Rows]) -> None:
    own, schema = rows[resource["name"]], resource["schema"]
    keys = [tuple(row[name] for name in schema["primaryKey"]) for row in own]
    assert len(set(keys)) == len(keys), resource["name"]
    assert all(None not in key for key in keys), resource["name"]
    for each in schema["fields"]:
        values = [row[each["name"]] for row in own]
        assert not each.get("constraints", {}).get("unique") or len(set(values)) == len(values), each
    for each in schema.get("foreignKeys", ()):
        there = each["reference"]
        known = {tuple(row[name] for name in there["fields"]) for row in rows[there["resource"]]}
        for row in own:
            key = tuple(row[name] for name in each["fields"])
            assert key in known or set(key) == {None}, (resource["name"], key)
