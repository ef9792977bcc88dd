"""Builds the standard workbooks from their source: ``python -m eom.checklists.library.building``.

The source (YAML, every text in the order en, es, fr, pt) leaves out what repeats: ``type: count`` is an
integer with its limits, ``explain`` adds the question that asks why, ``use`` takes a block of
common.yaml, and what is not said to be optional is required.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from eom.checklists.library import LANGUAGES, STANDARD, workbook_path

Row = dict[str, str]
Sheets = dict[str, list[list[str]]]

SOURCE = Path(__file__).with_name("source")
COUNT_LIMITS = ". >= 0 and . <= 100000"
TRANSLATED = ("label", "hint", "constraint_message", "required_message")
METADATA: list[Row] = [{"type": kind, "name": kind} for kind in ("start", "end", "today", "deviceid")]
PLAIN_COLUMNS = (
    "type",
    "name",
    *(f"label::{name}" for name in LANGUAGES.values()),
    *(f"hint::{name}" for name in LANGUAGES.values()),
    "required",
    *(f"required_message::{name}" for name in LANGUAGES.values()),
    "relevant",
    "constraint",
    *(f"constraint_message::{name}" for name in LANGUAGES.values()),
    "calculation",
    "appearance",
    "parameters",
)


def read_source(stage: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The source of a stage and what all stages share; every leaf is text."""
    import yaml  # type: ignore[import-untyped]

    # BaseLoader: "yes" and "no" are codes of answers here, not truth values.
    def load(name: str) -> dict[str, Any]:
        loaded: dict[str, Any] = yaml.load(
            (SOURCE / f"{name}.yaml").read_text("utf-8"),
            Loader=yaml.BaseLoader,  # noqa: S506 - our own file, every value as text
        )
        return loaded

    return load(stage), load("common")


def sheets(stage: str) -> Sheets:
    """The rows of the sheets survey, choices and settings, headings first."""
    source, common = read_source(stage)
    rows = METADATA + [row for part in source["form"] for row in _part_rows(part, source, common)]
    used = {row["type"].split()[-1] for row in rows if row["type"].startswith("select_")}
    lists = {**common["choices"], **source.get("choices", {})}
    choices: list[Row] = []
    for name, texts in lists.items():
        if name in used:
            choices += [
                {"list_name": name, "name": code, **_texts("label", label)} for code, label in texts.items()
            ]
    settings: Row = {
        "form_title": source["title"],
        "form_id": source["id"],
        "version": source["version"],
        "default_language": LANGUAGES["en"],
        "instance_name": source["instance_name"],
    }
    choice_columns = ("list_name", "name", *(f"label::{name}" for name in LANGUAGES.values()))
    return {
        "survey": _table(PLAIN_COLUMNS, rows),
        "choices": _table(choice_columns, choices),
        "settings": _table(tuple(settings), [settings]),
    }


def build(stage: str) -> bytes:
    """The workbook of a stage, as xlsx."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets(stage).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([value or None for value in row])
        sheet.freeze_panes = "C2" if name == "survey" else "A2"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            wide = str(cell.value).startswith((*TRANSLATED, "relevant", "constraint", "instance_name"))
            sheet.column_dimensions[cell.column_letter].width = 38 if wide else 20
        for line in sheet.iter_rows(min_row=2):
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def written_sheets(workbook: bytes) -> Sheets:
    """The rows of a workbook's sheets as text, every row as wide as the headings."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(workbook), read_only=True)
    return {
        sheet.title: [
            ["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book.worksheets
    }


def _table(columns: tuple[str, ...], rows: list[Row]) -> list[list[str]]:
    filled = [column for column in columns if any(row.get(column) for row in rows)]
    return [filled, *([row.get(column, "") for column in filled] for row in rows)]


def _texts(column: str, texts: list[str]) -> Row:
    return {f"{column}::{name}": text for name, text in zip(LANGUAGES.values(), texts, strict=True)}


def _part_rows(part: dict[str, Any], source: dict[str, Any], common: dict[str, Any]) -> list[Row]:
    """A block, a group, a repeat or one question as rows of the survey sheet."""
    if "use" in part:
        part = common["blocks"][part["use"]] | {
            "group": part["use"],
            "label": common["blocks"][part["use"]]["group"],
        }
    for kind in ("group", "repeat"):
        if kind in part:
            inner = [row for question in part["questions"] for row in _part_rows(question, source, common)]
            head: Row = {"type": f"begin_{kind}", "name": part[kind], **_texts("label", part["label"])}
            return [head, *inner, {"type": f"end_{kind}"}]
    return _question_rows(part, source, common)


def _question_rows(question: dict[str, Any], source: dict[str, Any], common: dict[str, Any]) -> list[Row]:
    counts = question["type"] == "count"
    calculated = question["type"] == "calculate"
    row: Row = {"type": "integer" if counts else question["type"], "name": question["name"]}
    for column in ("relevant", "appearance", "parameters", "calculation"):
        row[column] = question.get(column, "")
    row["required"] = question.get("required", "no" if counts or calculated else "yes")
    if calculated:
        row["required"] = ""
    for column in ("label", "hint"):
        if column in question:
            row |= _texts(column, question[column])
    if row["required"] == "yes":
        row |= _texts("required_message", common["needed"])
    row |= _constraint(question, source, common)
    rows = [row]
    if "explain" in question:
        rows.append(_explanation(question, common))
    return rows


def _constraint(question: dict[str, Any], source: dict[str, Any], common: dict[str, Any]) -> Row:
    rule = question.get("constraint", "")
    if rule and question.get("says") == "after_arrival" and "next_morning" in source:
        rule += f" or decimal-time(.) < {source['next_morning']}"
    says = question.get("says", "count")
    if question["type"] == "count":
        rule = f"{COUNT_LIMITS} and ({rule})" if rule else COUNT_LIMITS
    if not rule:
        return {}
    return {
        "constraint": rule,
        **_texts("constraint_message", common["says"][says] if isinstance(says, str) else says),
    }


def _explanation(question: dict[str, Any], common: dict[str, Any]) -> Row:
    """The question that asks why; a choice among several is asked with ``selected``."""
    name, many = question["name"], question["type"].startswith("select_multiple")
    test = "selected(${{{0}}}, '{1}')" if many else "${{{0}}} = '{1}'"
    return {
        "type": "text",
        "name": f"{name}_why",
        **_texts("label", common["why"]),
        "required": "yes",
        **_texts("required_message", common["needed"]),
        "relevant": " or ".join(test.format(name, code) for code in question["explain"]),
        "appearance": "multiline",
    }


def main() -> None:
    """Write the workbooks whose cells differ from the source (a workbook's bytes carry its hour)."""
    for stage in STANDARD:
        path = workbook_path(stage)
        if not path.exists() or written_sheets(path.read_bytes()) != sheets(stage):
            path.write_bytes(build(stage))
            print(f"{path.name}: written")


if __name__ == "__main__":
    main()
