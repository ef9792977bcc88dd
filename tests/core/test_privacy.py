"""The classes of data: every column has one, and the reference tells the same as the models."""

from __future__ import annotations

import re

import pytest

from eom.core.db import Base
from eom.core.privacy import DataClass, class_of, classed, classes
from eom.core.vault import Sealed, sealed_columns
from eom.observers.models import DOSSIER, Person, PersonDossier
from eom.settings import ROOT

PAGE = ROOT / "docs" / "reference" / "data.md"
ROW = re.compile(r"^\| `(\w+\.\w+)` \| (\w+) \| ([^|]+) \|", re.MULTILINE)


def test_the_reference_tells_the_class_of_every_column_that_is_not_internal(application):
    said = {column: (kind, rest.strip()) for column, kind, rest in ROW.findall(PAGE.read_text("utf-8"))}
    found = {column: each.value for column, each in classes().items() if each is not DataClass.INTERNAL}
    assert {column: kind for column, (kind, _rest) in said.items()} == found
    sealed = {column for column, (_kind, rest) in said.items() if rest == "sealed"}
    assert sealed == {f"{each.table.name}.{each.name}" for each in sealed_columns(Base.metadata)}


def test_a_column_says_its_class_or_is_internal():
    assert class_of(Person, "email") is DataClass.PERSONAL
    assert class_of(Person, "gender") is DataClass.INTERNAL
    assert classed(DataClass.SENSITIVE) == {"data_class": "sensitive"}


@pytest.mark.parametrize("kind", DataClass)
def test_personal_and_sensitive_values_are_guarded(kind):
    assert kind.is_guarded is (kind.value in ("personal", "sensitive"))
    assert str(kind.label)


def test_all_of_a_dossier_is_sensitive_sealed_and_in_one_group():
    grouped = [name for names in DOSSIER.values() for name in names]
    columns = set(PersonDossier.__table__.columns.keys()) - {"id", "person_id", "created_at"}
    assert sorted(grouped) == sorted(columns)
    for name in grouped:
        assert class_of(PersonDossier, name) is DataClass.SENSITIVE
        assert isinstance(PersonDossier.__table__.columns[name].type, Sealed)
