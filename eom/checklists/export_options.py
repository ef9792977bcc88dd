"""What whoever exports chooses: the format, labels or codes, and what goes with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.core.types import Labelled


class Format(Labelled):
    """The kinds of files that submissions go out as."""

    CSV = "csv"
    XLSX = "xlsx"
    GEOJSON = "geojson"
    PARQUET = "parquet"
    XML = "xml"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "csv": lazy("csv"),
            "xlsx": lazy("Workbook (xlsx)"),
            "geojson": lazy("Map (GeoJSON): only those with a position"),
            "parquet": lazy("Parquet, for statistics programs"),
            "xml": lazy("XML exactly as sent (zip)"),
        }


@dataclass(frozen=True)
class Options:
    """``language`` is one of the form's, or empty for raw codes.

    ``splits`` gives several choices a column each, besides the one with all; ``people`` adds who sent it
    and what tells the device; ``files`` adds the files to the XML.
    """

    format: Format
    language: str = ""
    splits: bool = False
    people: bool = False
    files: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON types, for the arguments of a job."""
        return asdict(self) | {"format": self.format.value}

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Options:
        """From what ``plain`` gave."""
        return cls(**(plain | {"format": Format(plain["format"])}))


def language_among(languages: Iterable[str], wanted: str) -> str:
    """The language of a form that is called ``wanted`` or has that code. Raises InvalidInput."""
    known = list(languages)
    for each in known:
        if each == wanted or each.endswith(f"({wanted})"):
            return each
    raise InvalidInput(
        lazy(
            "“%(given)s” is no language of the form: it has %(known)s.",
            given=wanted[:60],
            known=", ".join(known),
        ),
        "labels",
    )
