"""LibreOffice as an independent reader: a workbook with its values calculated, a document opened and saved."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

# LibreOffice trusts the values it finds in a file unless it is told to calculate always.
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
_TIMEOUT_SECONDS = 600


def recalculate(*books: bytes):  # type: ignore[no-untyped-def]
    """Each workbook as openpyxl reads its values after LibreOffice calculated everything anew.

    Skips where LibreOffice is missing; under CI=true that is a failure.
    """
    from openpyxl import load_workbook

    return [load_workbook(io.BytesIO(made), data_only=True) for made in _converted("xlsx", books)]


def reopened(*papers: bytes) -> list[bytes]:
    """Each document as LibreOffice writes it after it opened it."""
    return _converted("docx", papers)


def _converted(kind: str, files: tuple[bytes, ...]) -> list[bytes]:
    soffice = shutil.which("soffice")
    if soffice is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice (soffice) is missing: the report cannot be opened")
        pytest.skip("LibreOffice (soffice) is missing")
    with tempfile.TemporaryDirectory() as folder:
        home, given, made = (Path(folder, name) for name in ("profile", "given", "made"))
        for path in (home / "user", given, made):
            path.mkdir(parents=True)
        (home / "user" / "registrymodifications.xcu").write_text(_ALWAYS)
        names = [f"file{number}.{kind}" for number in range(len(files))]
        for name, data in zip(names, files, strict=True):
            (given / name).write_bytes(data)
        command = [soffice, "--headless", f"-env:UserInstallation={home.as_uri()}", "--convert-to", kind,
                   "--outdir", str(made), *(str(given / name) for name in names)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_SECONDS)
        return [(made / name).read_bytes() for name in names]
