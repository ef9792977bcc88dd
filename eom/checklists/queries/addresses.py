"""What submissions name: versions of forms, stations by code. Asked once, for all of them together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.checklists.models.form import Form, FormKind, FormVersion
from eom.checklists.models.submission import Finding
from eom.core.bulk import Question, among
from eom.stations.models import PollingStation

Placed = tuple[int | None, Finding | None]
Names = tuple[str, str]


@dataclass(frozen=True)
class Address:
    """A version of a form of a mission, by the ids that its XLSForm gives."""

    form_id: int
    form_name: str
    version_id: int
    version: str
    is_current: bool
    digest: str
    kind: FormKind
    rules_mark: int
    is_closed: bool

    @property
    def is_of_visit(self) -> bool:
        """Whether it tells of a visit to a station; an incident may be anywhere, at any time."""
        return self.kind is not FormKind.INCIDENT


ADDRESS = (
    Form.id, Form.form_id, FormVersion.id, FormVersion.version, FormVersion.is_current, FormVersion.digest,
    Form.kind, Form.rules_mark,
    sa.or_(Form.closed_at.is_not(None), FormVersion.closed_at.is_not(None)).label("is_closed"),
)  # fmt: skip
ADDRESS_FIELDS = tuple(each.name for each in fields(Address))
# Two columns of one name must be told apart.
ADDRESS_AS: tuple[Any, ...] = tuple(
    column.label(f"at_{field}") for field, column in zip(ADDRESS_FIELDS, ADDRESS, strict=True)
)
_ADDRESSED = Question(
    sa.select(*ADDRESS_AS)
    .join(FormVersion, FormVersion.form_id == Form.id)
    .where(
        Form.mission_id == sa.bindparam("mission_id"),
        among(Form.form_id, "forms"),
        among(FormVersion.version, "versions"),
    )
)
_CODED = Question(
    sa.select(
        PollingStation.code, sa.func.min(PollingStation.id).label("id"), sa.func.count().label("stations")
    )
    .where(PollingStation.mission_id == sa.bindparam("mission_id"), among(PollingStation.code, "codes"))
    .group_by(PollingStation.code)
)


def address_in(row: Mapping[str, Any]) -> Address:
    """The address that a row with the columns ``ADDRESS_AS`` holds; its ids are None when there was none."""
    return Address(*(row[f"at_{field}"] for field in ADDRESS_FIELDS))


@dataclass
class Directory:
    """What was looked up of a mission in one transaction; only what is not known yet is asked.

    ``addresses`` by (form id, version), None for one that there is not; ``coded`` by code: the first station
    that has it, and how many have.
    """

    session: Session
    mission_id: int
    addresses: dict[Names, Address | None] = field(default_factory=dict)
    coded: dict[str, tuple[int | None, int]] = field(default_factory=dict)

    def look_up_addresses(self, named: Collection[Names]) -> None:
        """Know the versions of these names."""
        unknown = {each for each in named if each not in self.addresses}
        if not unknown:
            return
        self.addresses |= dict.fromkeys(unknown)
        asked = {
            "mission_id": self.mission_id,
            "forms": list({form for form, _version in unknown}),
            "versions": list({version for _form, version in unknown}),
        }
        [rows] = _ADDRESSED.ask(self.session.connection(), [asked])
        for row in rows:
            address = address_in(row)
            self.addresses[address.form_name, address.version] = address

    def find_stations(
        self, answers: Iterable[str], own: Callable[[], sa.Select[int]] | None = None
    ) -> dict[str, Placed]:
        """For each answer the id of the station that it names, or what hinders that.

        A code that several stations share is the one among ``own`` (gives the ids of the person's stations),
        when just one of them is; ``code.id`` tells them apart too.
        """
        codes = {answer: answer.strip() for answer in answers}
        self.look_up_codes({code for code in codes.values() if code})
        found = {code: self._placed(code) for code in codes.values()}
        shared = {code for code, placed in found.items() if placed[1] is Finding.STATION_AMBIGUOUS}
        if shared and own is not None:
            found |= self._among(shared, own())
        unknown = {code for code, placed in found.items() if placed[1] is Finding.STATION_UNKNOWN}
        found |= self._with_ids({code for code in unknown if "." in code})
        return {answer: found[code] for answer, code in codes.items()}

    def look_up_codes(self, codes: Collection[str]) -> None:
        """Know which stations have these codes."""
        if unknown := sorted(code for code in codes if code not in self.coded):
            self.coded |= dict.fromkeys(unknown, (None, 0))
            asked = {"mission_id": self.mission_id, "codes": unknown}
            [rows] = _CODED.ask(self.session.connection(), [asked])
            self.coded |= {row["code"]: (row["id"], row["stations"]) for row in rows}

    def _placed(self, code: str) -> Placed:
        if not code:
            return None, Finding.STATION_MISSING
        id_, count = self.coded[code]
        if count == 1:
            return id_, None
        return None, Finding.STATION_AMBIGUOUS if count else Finding.STATION_UNKNOWN

    def _among(self, shared: set[str], own: sa.Select[int]) -> dict[str, Placed]:
        """The shared codes that just one of the person's own stations has."""
        query = (
            sa.select(PollingStation.code, sa.func.min(PollingStation.id))
            .where(
                PollingStation.mission_id == self.mission_id,
                PollingStation.code.in_(shared),
                PollingStation.id.in_(own),
            )
            .group_by(PollingStation.code)
            .having(sa.func.count() == 1)
        )
        return {code: (id_, None) for code, id_ in self.session.execute(query)}

    def _with_ids(self, answers: set[str]) -> dict[str, Placed]:
        """The answers ``code.id`` whose station there is."""
        parts = {answer: answer.rpartition(".") for answer in answers}
        wanted = {
            answer: (code, int(number))
            for answer, (code, _dot, number) in parts.items()
            if number.isascii() and number.isdigit() and len(number) < 10
        }
        if not wanted:
            return {}
        query = sa.select(PollingStation.code, PollingStation.id).where(
            PollingStation.mission_id == self.mission_id,
            PollingStation.id.in_({id_ for _code, id_ in wanted.values()}),
        )
        there = {(code, id_) for code, id_ in self.session.execute(query)}
        return {answer: (pair[1], None) for answer, pair in wanted.items() if pair in there}
