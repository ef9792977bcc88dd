"""The forms of a register: the file, and which of its columns holds what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField

from eom.core.i18n import lazy
from eom.core.spreadsheets import Table
from eom.stations.mapping import FIELDS
from eom.web.fields import ChoiceField, UploadField
from eom.web.forms import BaseForm


class RegisterForm(BaseForm):
    """The authority's file."""

    file = UploadField(
        lazy("The authority’s file"),
        needed=True,
        accept=".csv,.gz,.xlsx,.xls,.ods,.txt",
        description=lazy(
            "csv, also compressed (.gz), xlsx, xls or ods. As it is: its columns are chosen next."
        ),
    )


class MappingForm(BaseForm):
    """A choice of column for each field; made for one table by ``for_table``."""

    token = HiddenField()

    @classmethod
    def for_table(cls, table: Table, mapping: Mapping[str, str], token: str) -> MappingForm:
        """The form for a table's headings, filled with a mapping (heading by field)."""
        choices = [(header, header) for header in table.headers if header]
        fields: dict[str, Any] = {name: ChoiceField(label, choices) for name, label in FIELDS.items()}
        return type("MappingOfTable", (cls,), fields)(data={"token": token, **mapping})  # type: ignore[no-any-return]

    @property
    def mapping(self) -> dict[str, str]:
        """Heading by field, of what was chosen."""
        return {name: self[name].data for name in FIELDS if self[name].data}
