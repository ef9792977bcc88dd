"""Small XLSForms made for tests."""

from __future__ import annotations

import io

from openpyxl import Workbook

SURVEY = [
    ["type", "name", "label::English (en)", "label::Español (es)", "relevant", "constraint", "calculation"],
    ["select_one yes_no", "opened", "Did it open?", "¿Abrió?", "", "", ""],
    ["integer", "members", "Members", "Integrantes", "${opened} = 'yes'", ". >= 0", ""],
    ["integer", "women", "Women", "Mujeres", "${opened} = 'yes'", ". <= ${members}", ""],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Español (es)"],
    ["yes_no", "yes", "Yes", "Sí"],
    ["yes_no", "no", "No", "No"],
]
SETTINGS = [["form_id", "form_title", "version"], ["opening", "Opening", "3"]]


def book(survey=None, choices=CHOICES, settings=SETTINGS, **others):
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in {
        "survey": survey or SURVEY,
        "choices": choices,
        "settings": settings,
        **others,
    }.items():
        if rows is None:
            continue
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([cell if cell != "" else None for cell in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
