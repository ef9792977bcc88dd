"""Lists that are attached to a form: which columns the form reads, and what a list lacks, by row and column."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from eom.checklists.openrosa_xml import local_name, parse
from eom.checklists.xlsform_reading import NAMESPACES
from eom.core.errors import RowError
from eom.core.i18n import lazy

MAX_ERRORS = 100
_INSTANCE = re.compile(r"instance\('([^']+)'\)")
_FILE = re.compile(r"^jr://(?:file|file-csv)/(.+)$")
_FILTER = re.compile(r"\[(.*)\]", re.DOTALL)
_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
_PATH = re.compile(r"(?:instance\([^)]*\)|current\(\)|\.{1,2})?(?:/[\w.*-]+|/\.\.)+(?:/[\w.-]+)*")
_NAME = re.compile(r"(?<![\w.$-])([A-Za-z_][\w.-]*)(?![\w.-]*\s*\()")
_WORDS = frozenset({"and", "or", "div", "mod"})
# How ODK reads GeoJSON: the code of a feature is its id, its words are the property title.
_OF_GEOJSON = {"name": "id", "label": "title"}


@dataclass(frozen=True)
class ListNeed:
    """What a question reads of a list: the columns of codes and words, and those by which it filters.

    ``many``: several codes are one answer, divided by blanks, so that none may hold one.
    """

    file: str
    value: str
    label: str
    filters: tuple[str, ...] = ()
    many: bool = False


def needs_of(xform: bytes) -> list[ListNeed]:
    """The lists that an XForm reads from files, once for each way in which it does."""
    root = parse(xform)
    files = {
        each.get("id", ""): found[1]
        for each in root.iterfind(".//x:model/x:instance", NAMESPACES)
        if (found := _FILE.match(each.get("src", "")))
    }
    needs = [_need(each, files) for each in root.iterfind(".//x:itemset", NAMESPACES)]
    return list(dict.fromkeys(each for each in needs if each is not None))


def _need(itemset: etree._Element, files: dict[str, str]) -> ListNeed | None:
    nodeset = itemset.get("nodeset", "")
    found = _INSTANCE.search(nodeset)
    file = files.get(found[1]) if found else None
    if file is None:
        return None
    told = _FILTER.search(nodeset)
    parent = itemset.getparent()
    return ListNeed(
        file=file, value=_reference(itemset, "value", "name"), label=_reference(itemset, "label", "label"),
        filters=tuple(_columns(told[1])) if told else (),
        many=parent is not None and local_name(parent) in ("select", "rank"),
    )  # fmt: skip


def _reference(itemset: etree._Element, tag: str, usual: str) -> str:
    found = itemset.find(f"x:{tag}", NAMESPACES)
    return found.get("ref", usual) if found is not None else usual


def _columns(expression: str) -> Iterator[str]:
    """The names in a filter that are columns of the list: no functions, no paths, no texts."""
    bare = _PATH.sub(" ", _LITERAL.sub(" ", expression))
    yield from dict.fromkeys(name for name in _NAME.findall(bare) if name not in _WORDS)


def faults_of(need: ListNeed, data: bytes) -> list[RowError]:
    """What a list lacks for a question; row 1 are its headings, a feature of GeoJSON counts from 1."""
    reader = {"csv": _of_csv, "geojson": _of_geojson}.get(need.file.rsplit(".", 1)[-1].lower())
    return list(reader(need, data))[:MAX_ERRORS] if reader else []


def _of_csv(need: ListNeed, data: bytes) -> Iterator[RowError]:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""))
    headings = [each.strip() for each in rows.fieldnames or ()]
    rows.fieldnames = headings
    lacking = [
        each for each in dict.fromkeys((need.value, need.label, *need.filters)) if each not in headings
    ]
    for name in lacking:
        yield RowError(1, name, ", ".join(headings)[:200], _wanted(need, name))
    if lacking:
        return
    yield from _of_rows(need, ((number, row) for number, row in enumerate(rows, 2) if any(row.values())))


def _wanted(need: ListNeed, name: str) -> object:
    if name == need.value:
        return lazy("A column of this name: the form reads its codes from there")
    if name == need.label:
        return lazy("A column of this name: the form reads its words from there")
    return lazy("A column of this name: the form filters its choices by it")


def _of_geojson(need: ListNeed, data: bytes) -> Iterator[RowError]:
    features = json.loads(data)["features"]
    value, label = (_OF_GEOJSON.get(name, name) for name in (need.value, need.label))
    plain = ListNeed(need.file, value, label, need.filters, need.many)
    yield from _of_rows(plain, ((number, _properties(each)) for number, each in enumerate(features, 1)))


def _properties(feature: dict[str, object]) -> dict[str, str]:
    given = feature.get("properties")
    own = (
        {str(name): "" if value is None else str(value) for name, value in given.items()}
        if isinstance(given, dict)
        else {}
    )
    return own | ({"id": str(feature["id"])} if feature.get("id") not in (None, "") else {})


def _of_rows(need: ListNeed, rows: Iterator[tuple[int, dict[str, str]]]) -> Iterator[RowError]:
    seen: dict[tuple[str, ...], int] = {}
    for number, row in rows:
        code = (row.get(need.value) or "").strip()
        if not code:
            yield RowError(number, need.value, "", lazy("A code, by which the choice is known in the data"))
            continue
        if need.many and len(code.split()) > 1:
            yield RowError(
                number, need.value, code[:80], lazy("A code without blanks: several are one answer")
            )
        if not (row.get(need.label) or "").strip():
            yield RowError(number, need.label, "", lazy("The words of the choice"))
        # A filter may offer the same code in several places; twice in one place it cannot be told apart.
        key = (code, *((row.get(name) or "").strip() for name in need.filters))
        first = seen.setdefault(key, number)
        if first != number:
            yield RowError(
                number, need.value, code[:80],
                lazy("A code that stands once in its list: row %(row)s has it", row=first),
            )  # fmt: skip
