"""The forms of a register: the file, and which of its columns holds what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.core.spreadsheets import Table
from eom.stations.coordinates import parse_angle
from eom.stations.geography_guess import utm_systems
from eom.stations.geography_points import extent
from eom.stations.mapping import FIELDS
from eom.web.fields import ChoiceField, NoteField, TextField, UploadField
from eom.web.forms import BaseForm

KINDS = ".csv,.gz,.xlsx,.xls,.ods,.txt,.geojson,.json,.gpkg,.zip"


class RegisterForm(BaseForm):
    """The authority's file."""

    file = UploadField(
        lazy("The authority’s file"),
        needed=True,
        accept=KINDS,
        description=lazy(
            "csv (also .gz), xlsx, xls, ods, GeoJSON, GeoPackage or a zipped shapefile. As it is: its columns are chosen next."
        ),
    )
    second = UploadField(
        lazy("A second file of the same register"), accept=KINDS,
        description=lazy("Only when the list and the coordinates come apart: the two are joined by their common code."),
    )  # fmt: skip


class CopyForm(BaseForm):
    """Another mission whose register is taken over."""

    source = ChoiceField(lazy("Mission"), needed=True)

    @classmethod
    def among(cls, codes: Sequence[str]) -> CopyForm:
        """The form with these missions to choose from."""
        source = ChoiceField(lazy("Mission"), [(code, code) for code in codes], needed=True)
        return type("CopyAmong", (cls,), {"source": source})()  # type: ignore[no-any-return]


class BoundariesForm(BaseForm):
    """A file of boundaries and the level they are of."""

    level = ChoiceField(
        lazy("Level"), [("2", lazy("Second-level areas")), ("3", lazy("Third-level areas"))], needed=True
    )
    file = UploadField(
        lazy("File of boundaries"), needed=True, accept=".geojson,.json,.gpkg,.zip,.gz",
        description=lazy("GeoJSON, GeoPackage or a zipped shapefile with one polygon for each area."),
    )  # fmt: skip
    name_column = TextField(
        lazy("Column with the names of the areas"), description=lazy("Left blank it is guessed."), length=60
    )


class MendForm(BaseForm):
    """A centre's name and position, put right by hand."""

    name = TextField(lazy("Name"), needed=True, length=300)
    latitude = TextField(
        lazy("Latitude"),
        length=40,
        description=lazy("Decimal degrees, or degrees, minutes and seconds: 16°30'12\" S."),
    )
    longitude = TextField(lazy("Longitude"), length=40)
    reason = NoteField(lazy("Why, and from what source"), needed=True, length=500)

    @property
    def point(self) -> tuple[float | None, float | None]:
        """(latitude, longitude), each None when blank. Raises InvalidInput on the field."""
        return self._angle("latitude"), self._angle("longitude")

    def _angle(self, name: str) -> float | None:
        text = (self[name].data or "").strip()
        try:
            return parse_angle(text, ".") if text else None
        except InvalidInput as error:
            raise InvalidInput(error.message, field=name) from error


class DismissForm(BaseForm):
    """Why a doubtful centre is right as it is."""

    why = NoteField(lazy("Why it is right as it is"), needed=True, length=500)


class MappingForm(BaseForm):
    """A choice of column for each field; made for one table by ``for_table``."""

    token = HiddenField()
    second_token = HiddenField()
    epsg = TextField(
        lazy("Another reference system, by its EPSG number"), length=20, description=lazy("Only for coordinates in metres: 32719 is UTM zone 19 south.")
    )  # fmt: skip

    @classmethod
    def for_table(
        cls, table: Table, mapping: Mapping[str, str], token: str, country: str, second_token: str = ""
    ) -> MappingForm:
        """The form for a table's headings, filled with a mapping (heading by field).

        ``country`` tells which reference systems in metres are offered.
        """
        choices = [(header, header) for header in table.headers if header]
        fields: dict[str, Any] = {name: ChoiceField(label, choices) for name, label in FIELDS.items()}
        systems = [
            *utm_systems(extent(country) or (-180, -80, 180, 84)),
            ("EPSG:3857", "WGS 84 / Pseudo-Mercator"),
        ]
        fields["crs"] = ChoiceField(
            lazy("Reference system"),
            systems,
            description=lazy("Only for coordinates in metres; degrees need no choice."),
        )
        known = mapping.get("crs", "") in dict(systems)
        data = {"token": token, "second_token": second_token, **mapping}
        if not known:
            data |= {"crs": "", "epsg": mapping.get("crs", "").removeprefix("EPSG:")}
        return type("MappingOfTable", (cls,), fields)(data=data)  # type: ignore[no-any-return]

    @property
    def mapping(self) -> dict[str, str]:
        """Heading by field, of what was chosen, and the reference system as "crs" when it is not degrees."""
        chosen = {name: self[name].data for name in FIELDS if self[name].data}
        number = (self.epsg.data or "").strip().upper().removeprefix("EPSG:")
        system = f"EPSG:{number}" if number else self["crs"].data
        return chosen | {"crs": system} if system else chosen
