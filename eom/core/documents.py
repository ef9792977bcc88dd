"""What documents of Word share: text that their XML can hold, and fields that the reading program fills in."""

from __future__ import annotations

import re
from typing import Any

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Text without the signs that no XML takes."""
    return _NO_XML.sub("", str(text))


def add_field(paragraph: Any, name: str, *, points: float | None = None) -> None:
    """A field that the reading program fills in: ``PAGE`` the page's number, ``NUMPAGES`` how many there are."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run("1" if kind == "text" else "")
        if points is not None:
            run.font.size = Pt(points)
        if text and not kind:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = f" {text} "
            run._r.append(part)
        elif kind != "text":
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
            run._r.append(part)
