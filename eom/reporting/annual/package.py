"""The annual report as a data package: a zip with a csv a table and ``datapackage.json`` (Frictionless).

Data Package and Table Schema, version 1 (specs.frictionlessdata.io): titles, types, keys, foreign keys,
licence, and the SHA-256 of every file. The same figures, language and issue give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from eom.core.i18n import _, in_locale
from eom.core.spreadsheet_writing import guarded_cell
from eom.reporting.annual.datasets import DATASETS, Dataset, Field
from eom.reporting.annual.figures import AnnualFigures, Issue, snapshot_hash

LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_package(figures: AnnualFigures, lang: str, issue: Issue | None = None) -> bytes:
    """The zip; words are in ``lang`` (needs an application context)."""
    issue = issue or Issue()
    with in_locale(lang):
        files = {f"data/{each.name}.csv": _csv(each, figures, issue) for each in DATASETS}
        described = _describe(figures, lang, issue, files)
        readme = _readme(figures, described)
    whole = {"datapackage.json": json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n",
             "README.md": readme.encode(), **files}  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in whole.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


def _csv(dataset: Dataset, figures: AnnualFigures, issue: Issue) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([each.name for each in dataset.fields])
    for row in dataset.rows(figures, issue):
        writer.writerow([_cell(each.value(row)) for each in dataset.fields])
    return buffer.getvalue().encode()


def _cell(value: Any) -> str:
    """A value as csv holds it; a text that a program would run is led by an apostrophe, in every table."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    # A text that spans lines would end a record for a program that reads by lines.
    return str(guarded_cell(" ".join(value.split()) if isinstance(value, str) else value))


def _describe(figures: AnnualFigures, lang: str, issue: Issue, files: Mapping[str, bytes]) -> dict[str, Any]:
    made = issue.issued_on or figures.prepared_as_of
    return {
        "profile": "tabular-data-package",
        "name": f"eom-annual-report-{figures.year}",
        "id": f"eom-annual-report-{figures.year}-r{issue.revision}-{lang}",
        "title": str(
            _("Annual report on electoral observation missions: sources of funding and spending by mission")
        ),
        "description": str(_description(figures)),
        "version": f"{figures.year}.{issue.revision}",
        "created": f"{made.isoformat()}T00:00:00Z",
        "homepage": "https://www.oas.org/eomdatabase/",
        "keywords": ["elections", "electoral observation", "funding", "OAS"],
        "languages": [lang],
        "licenses": [LICENCE],
        "sources": [{"title": "AG/RES. 2931 (XLIX-O/19), xi.7"}],
        "contributors": [{"title": str(_("General Secretariat")), "role": "publisher"}],
        "status": str(issue.status.value),
        "revision": issue.revision,
        "currency": figures.currency,
        "is_demonstration": figures.is_demonstration,
        "snapshot": {"hash": f"sha256:{snapshot_hash(figures)}", "as_of": figures.prepared_as_of.isoformat()},
        "resources": [_resource(each, files[f"data/{each.name}.csv"]) for each in DATASETS],
    }


def _description(figures: AnnualFigures) -> Any:
    words = _(
        "Fiscal year %(year)d, 1 January to 31 December; amounts in %(currency)s. A text that begins as a formula is "
        "led by an apostrophe, in every table.", year=figures.year, currency=figures.currency,
    )  # fmt: skip
    if figures.is_demonstration:
        return f"{words} {_('A demonstration: its people and amounts are invented.')}"
    return words


def _resource(dataset: Dataset, data: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(each) for each in dataset.fields],
        "primaryKey": list(dataset.key),
        "missingValues": [""],
    }
    if dataset.references:
        schema["foreignKeys"] = [
            {"fields": list(r.fields), "reference": {"resource": r.dataset, "fields": list(r.key)}}
            for r in dataset.references
        ]
    return {
        "profile": "tabular-data-resource",
        "name": dataset.name,
        "path": f"data/{dataset.name}.csv",
        "title": str(dataset.title),
        "description": str(dataset.description),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }  # fmt: skip


def _field(each: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"name": each.name, "title": str(each.title), "type": each.type}
    if each.description:
        made["description"] = str(each.description)
    if each.type == "number":
        made |= {"decimalChar": ".", "bareNumber": True}
    if each.type == "boolean":
        made |= {"trueValues": ["true"], "falseValues": ["false"]}
    if each.constraints:
        made["constraints"] = each.constraints
    return made


def _readme(figures: AnnualFigures, described: Mapping[str, Any]) -> str:
    """What is in the package, for someone who opens it by hand."""
    lines = [f"# {described['title']}", "", str(described["description"]), ""]
    lines += [f"- {_('Licence')}: {LICENCE['title']} <{LICENCE['path']}>",
              f"- {_('Snapshot (SHA-256)')}: `{snapshot_hash(figures)}`", ""]  # fmt: skip
    for resource in described["resources"]:
        lines += [f"## {resource['path']}: {resource['title']}", "", resource["description"], ""]
        lines += [
            f"- `{each['name']}` ({each['type']}): {each['title']}" for each in resource["schema"]["fields"]
        ]
        lines.append("")
    return "\n".join(lines)
