"""The forms of a load: the file, which of its columns holds what, its formats, and its taking back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField

from eom.core.i18n import lazy
from eom.core.spreadsheets import Table
from eom.finance import extract_codes
from eom.finance.extract_columns import FIELDS, FIXED, Choice
from eom.web.fields import BooleanField, ChoiceField, NoteField, TextField, UploadField, required
from eom.web.forms import BaseForm

SIGNS = (
    (".", lazy("A point: 1,234.50")),
    (",", lazy("A comma: 1.234,50 or 1 234,50")),
)
ORDERS = (
    ("dmy", lazy("The day first: 20/10/2019")),
    ("mdy", lazy("The month first: 10/20/2019")),
)


class ExtractForm(BaseForm):
    """A file of expenditures."""

    file = UploadField(
        lazy("Extract of the ledger"),
        needed=True,
        accept=".csv,.txt,.gz,.xlsx,.xls,.ods",
        description=lazy("csv of any kind, also compressed (.gz), xlsx, xls or ods, up to 100,000 lines."),
    )


class SheetForm(BaseForm):
    """Another sheet of the same workbook."""

    token = HiddenField()
    sheet = ChoiceField(lazy("Sheet"), needed=True)

    @classmethod
    def of(cls, table: Table, token: str) -> SheetForm | None:
        """The form for a workbook of several sheets, None for any other file."""
        if len(table.sheets) < 2:
            return None
        form = cls(formdata=None, prefix="other-", token=token, sheet=table.sheet)
        form.sheet.choices = [(name, name) for name in table.sheets]
        return form


class ColumnsForm(BaseForm):
    """A choice of column for each field; made for one table by ``for_table``."""

    token = HiddenField()
    sheet = HiddenField()
    decimal_mark = ChoiceField(
        lazy("Decimal sign of the amounts"), SIGNS, description=lazy("Left open, the file’s amounts tell.")
    )
    date_order = ChoiceField(
        lazy("Order of the dates"), ORDERS, description=lazy("Left open, the file’s dates tell.")
    )
    codes = NoteField(
        lazy("Codes of the accounting system"),
        length=100_000,
        description=lazy(
            "One a line, as: award 4711 = CAN-2019-01. Missions and objects too. They are kept with the columns."
        ),
    )
    keep_as = TextField(
        lazy("Keep these columns under a name"),
        length=100,
        description=lazy("They are offered again for the next file with the same headings."),
    )

    @classmethod
    def for_table(cls, table: Table, choice: Choice, token: str, name: str = "") -> ColumnsForm:
        """The form for a table's headings, filled with a choice."""
        heads = [(header, header) for header in table.headers if header]
        fields: dict[str, Any] = {name: ChoiceField(label, heads) for name, label in FIELDS.items()}
        for each in FIXED:
            words = lazy("%(field)s of all lines", field=FIELDS[each])
            fields[f"same_{each}"] = TextField(words, length=60)
        same = {f"same_{each}": value for each, value in choice.fixed.items()}
        formats = {"decimal_mark": choice.decimal_mark or "", "date_order": choice.date_order or ""}
        given = {
            "token": token,
            "sheet": table.sheet or "",
            "keep_as": name,
            **choice.columns,
            **same,
            **formats,
            "codes": extract_codes.written(choice.codes),
        }
        return type("ColumnsOfTable", (cls,), fields)(data=given)  # type: ignore[no-any-return]

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        return Choice(
            {name: self[name].data for name in FIELDS if self[name].data},
            {each: self[f"same_{each}"].data for each in FIXED if self[f"same_{each}"].data},
            self.decimal_mark.data or None,
            self.date_order.data or None,
            self.sheet.data or None,
            extract_codes.read(self.codes.data or ""),
        )


class FormatsForm(BaseForm):
    """How amounts and dates of a file are read, when the file's own do not tell or tell it wrong."""

    decimal_mark = ChoiceField(lazy("Decimal sign of the amounts"), SIGNS)
    date_order = ChoiceField(lazy("Order of the dates"), ORDERS)


class LoadForm(BaseForm):
    """That a file is booked as it was shown."""

    is_sure = BooleanField(
        lazy("Amounts, dates and sums are read as the file means them"),
        validators=required(lazy("Look at how the file is read, and say that it is right.")),
    )
    reason = NoteField(
        lazy("Why lines go beyond what their budget line holds"),
        length=500,
        needed=True,
        description=lazy(
            "The ledger and the trail keep it with the load. Without a reason, revise the budget first."
        ),
    )

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> LoadForm:
        """The form for what was found in a file: the reason is asked where lines go beyond their budget line."""
        form = cls()
        if not found["beyond_count"]:
            del form.reason
        return form


class LoadReversalForm(BaseForm):
    """Why a load is taken back."""

    reason = NoteField(lazy("Reason"), length=500, needed=True)


class RateListForm(BaseForm):
    """A file of monthly rates of exchange."""

    file = UploadField(lazy("List of rates"), needed=True, accept=".csv,.gz,.xlsx,.xls,.ods")
    decimal_mark = ChoiceField(
        lazy("Decimal sign of the rates"), SIGNS, description=lazy("Left open, the file’s rates tell.")
    )
