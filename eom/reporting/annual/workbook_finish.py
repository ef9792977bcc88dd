"""The last touch to the file: the formulas' values beside them, and the same bytes every time.

openpyxl writes formulas without values, so a previewer (or a program in protected view) would show
empty cells; and it stamps the hour of saving. Both are mended in the file's own XML.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from eom.reporting.annual.workbook_book import Page, Value

_FORMULA = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)><f>(.*?)</f><v ?/?>(?:</v>)?</c>', re.DOTALL)
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def finish(data: bytes, pages: Sequence[Page], made_on: date) -> bytes:
    """The workbook with its values and fixed times. ``pages`` are in the order of the sheets."""
    values = {f"xl/worksheets/sheet{number}.xml": page.values for number, page in enumerate(pages, 1)}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name in values:
                content = _with_values(content.decode(), values[name]).encode()
            elif name == "docProps/core.xml":
                content = _MODIFIED.sub(
                    rf"\g<1>{made_on.isoformat()}T00:00:00Z\g<2>", content.decode()
                ).encode()
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return out.getvalue()


def _with_values(xml: str, values: Mapping[str, Value]) -> str:
    def cell(match: re.Match[str]) -> str:
        place, attributes, formula = match.groups()
        value = values[place]
        if isinstance(value, str):
            return f'<c r="{place}"{attributes} t="str"><f>{formula}</f><v>{escape(value)}</v></c>'
        return f'<c r="{place}"{attributes}><f>{formula}</f><v>{_number(value)}</v></c>'

    return _FORMULA.sub(cell, xml)


def _number(value: Value) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
