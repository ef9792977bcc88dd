"""The report as data: a data package, IATI activities and JSON, held against the snapshot and their standards."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from eom.core.errors import Refused
from eom.core.i18n import LANGUAGES
from eom.extensions import db
from eom.reporting.annual.controls import matrix_totals
from eom.reporting.annual.document import write_json
from eom.reporting.annual.figures import AnnualFigures, Change, Issue, canonical_json, snapshot_hash
from eom.reporting.annual.iati import budgets, write_iati
from eom.reporting.annual.kinds import ReportStatus
from eom.reporting.annual.package import write_package
from eom.reporting.annual.schema import json_schema
from eom.reporting.queries.annual import figures_of
from eom.settings import ROOT
from tests.reporting.annual_books import make_books
from tests.reporting.package_rules import read_package
from tests.reporting.year_2019 import year_2019

XSD = ROOT / "tests" / "data" / "iati-2.03" / "iati-activities-schema.xsd"
ISSUED = Issue(ReportStatus.ISSUED, 1, "Clara", "Hugo", "Felix", date(2020, 4, 2),
               (Change("missions", "BOL-2019", "object4", 100, 250), Change("sources", "MS-CAN", "received", 5, 0)))  # fmt: skip


@pytest.fixture
def figures(app) -> AnnualFigures:
    make_books()
    db.session.commit()
    return figures_of(db.session(), 2019, as_of=date(2020, 3, 31))


def cents(value: Decimal | None) -> int:
    return int((value or 0) * 100)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_package_keeps_the_rules_and_holds_the_figures(figures, lang):
    for issue in (Issue(), ISSUED):
        package, rows = read_package(write_package(figures, lang, issue))
        assert package["snapshot"]["hash"] == f"sha256:{snapshot_hash(figures)}"
        assert package["languages"] == [lang]
        assert package["licenses"][0]["name"] == "CC-BY-4.0"
        _same(figures, rows)
        assert len(rows["changes"]) == len(issue.changes)


def _same(figures: AnnualFigures, rows: dict[str, list[dict[str, Any]]]) -> None:
    for source, row in zip(figures.sources, rows["sources"], strict=True):
        for name in ("opening", "received", "direct", "icr", "closing", "available", "pledged"):
            assert cents(row[name]) == getattr(source, f"{name}_cents"), (source.award, name)
        came_in = row["opening"] + row["received"] + row["transfers_in"] + row["interest"] + row["exchange"]
        left = came_in - row["direct"] - row["icr"] - row["refunds"] - row["transfers_out"]
        assert left == row["closing"]
    assert sum(cents(row["spent"]) for row in rows["spending"]) == sum(
        m.spent_cents for m in figures.missions
    )
    assert sum(cents(row["spent"]) for row in rows["months"]) == sum(m.spent_cents for m in figures.missions)
    for mission, row in zip(figures.missions, rows["missions"], strict=True):
        assert [cents(row[f"object{n}"]) for n in range(1, 10)] == list(mission.spent_by_object_cents)
        of_mission = [part for part in rows["parts"] if part["mission"] == mission.code]
        for name in ("opening", "spent", "refunds", "exchange", "closing"):
            assert sum(cents(part[name]) for part in of_mission) == getattr(mission, f"{name}_cents"), (
                mission.code
            )
    assert sum(cents(row["valued"]) for row in rows["in-kind"]) == sum(
        g.valued_cents for g in figures.in_kind
    )
    assert all(row["agrees"] for row in rows["controls"])
    assert [row["year"] for row in rows["trend"]] == [2015, 2016, 2017, 2018, 2019]


def test_the_package_validates_with_frictionless(figures, tmp_path):
    """The standard's own library, where it is installed; the rules of ``package_rules`` hold either way."""
    data = write_package(figures, "en")
    read_package(data)
    if importlib.util.find_spec("frictionless") is None:
        return
    from frictionless import validate

    path = tmp_path / "report.zip"
    path.write_bytes(data)
    report = validate(str(path), type="package")
    assert report.valid, report.flatten(["type", "title", "note", "rowNumber", "fieldName"])


def test_what_people_wrote_is_no_formula_in_the_package_and_still_names_its_rows(figures):
    _package, rows = read_package(write_package(figures, "en"))
    assert "'-ZOE" in {row["award"] for row in rows["sources"]}
    assert "'-ZOE" in {row["award"] for row in rows["spending"]}
    assert {row["donor"] for row in rows["sources"]} >= {"'=Institute", "'@Zoë & Söhne"}


def test_a_year_without_anything_is_a_package_too(app):
    _package, rows = read_package(write_package(AnnualFigures(2015, date(2016, 1, 1)), "fr"))
    assert rows["sources"] == rows["spending"] == []
    assert len(rows["objects"]) == 9


def test_the_same_figures_give_the_same_bytes(figures):
    for write in (write_package, write_iati, write_json):
        assert write(figures, "es", ISSUED) == write(figures, "es", ISSUED)
        assert write(figures, "es", ISSUED) != write(figures, "fr", ISSUED)


def iati(figures: AnnualFigures, lang: str = "en", issue: Issue | None = None) -> Any:
    """The activities, valid by the official schema."""
    root = etree.fromstring(write_iati(figures, lang, issue))
    schema = etree.XMLSchema(etree.parse(str(XSD)))
    assert schema.validate(root), schema.error_log
    return root


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_activities_are_valid_by_the_official_schema(figures, lang):
    root = iati(figures, lang, ISSUED)
    assert (root.tag, root.get("version")) == ("iati-activities", "2.03")
    assert snapshot_hash(figures) in etree.tostring(root).decode()
    assert [each.findtext("iati-identifier") for each in root.findall("iati-activity")] == [
        f"XM-DAC-47079-{mission.code}" for mission in figures.missions
    ]
    for each in root.findall("iati-activity"):
        sector = each.find("sector")
        assert (sector.get("vocabulary"), sector.get("code")) == ("1", "15151")
        assert len(each.find("recipient-country").get("code")) == 2
        roles = [org.get("role") for org in each.findall("participating-org")]
        assert {"2", "4"} <= set(roles)


def test_the_transactions_are_the_figures(figures):
    root, paid = iati(figures), matrix_totals(figures)
    for mission, each in zip(figures.missions, root.findall("iati-activity"), strict=True):
        sums: dict[str, int] = defaultdict(int)
        for money in each.findall("transaction"):
            kind = money.find("transaction-type").get("code")
            sums[kind] += cents(Decimal(money.findtext("value")))
            assert date.fromisoformat(money.find("transaction-date").get("iso-date")) <= date(2019, 12, 31)
        allocated = mission.allocated_cash_cents + mission.allocated_regular_cents
        assert sums["1"] == allocated, mission.code
        assert sums["4"] == mission.spent_cents == sum(c for k, c in paid.items() if k[1] == mission.code)
        assert sums["7"] == mission.refunds_cents
        agreed = sum(s.agreed_cents for s in figures.sources if s.mission_code == mission.code)
        assert sums["11"] == agreed
        references = [money.get("ref") for money in each.findall("transaction")]
        assert len(set(references)) == len(references)
        budget = [cents(Decimal(value)) for value in each.xpath("budget/value/text()")]
        assert sum(budget) == mission.budget_cents
        assert len(each.findall("participating-org[@role='1']")) == len(
            {s.donor for s in figures.sources if (s.award, mission.code) in paid}
            | {s.donor for s in figures.sources for p in figures.parts if (p.award, p.mission_code) == (s.award, mission.code)}
        )  # fmt: skip


def test_the_rules_of_the_standard_that_the_schema_does_not_know(figures):
    """IATI-Rulesets: identifiers, a start, days in order, no actual day to come, budgets of a year at most."""
    for each in iati(figures).findall("iati-activity"):
        publisher = each.find("reporting-org").get("ref")
        assert each.findtext("iati-identifier").startswith(f"{publisher}-")
        days = {d.get("type"): date.fromisoformat(d.get("iso-date")) for d in each.findall("activity-date")}
        assert {"1", "2"} & days.keys()
        assert min(days.values()) == days.get("2", days.get("1"))
        assert all(days[kind] <= figures.prepared_as_of for kind in ("2", "4") if kind in days)
        for budget in each.findall("budget"):
            first, last = (
                date.fromisoformat(budget.find(f"period-{end}").get("iso-date")) for end in ("start", "end")
            )
            assert 0 <= (last - first).days <= 366


def test_an_activity_has_the_status_of_its_days(app):
    def status(mission: Any) -> str:
        figures = year_2019(missions=(mission,), matrix=(), in_kind=())
        return str(iati(figures).find("iati-activity/activity-status").get("code"))

    bolivia = next(m for m in year_2019().missions if m.code == "BOL-2019")
    days = {"starts_on": date(2019, 9, 1), "ends_on": date(2019, 12, 20)}
    assert status(replace(bolivia, starts_on=date(2021, 1, 1), ends_on=None, polling_days=())) == "1"
    assert status(replace(bolivia, starts_on=date(2019, 9, 1), ends_on=date(2020, 6, 1))) == "2"
    assert status(replace(bolivia, **days)) == "3"
    assert status(replace(bolivia, **days, is_final=True)) == "4"
    assert status(replace(bolivia, is_cancelled=True)) == "5"


def test_a_budget_over_years_is_shared_to_the_cent():
    shares = budgets(100_01, date(2019, 1, 1), date(2021, 6, 30))
    assert [first for first, _last, _cents in shares] == [
        date(2019, 1, 1),
        date(2020, 1, 1),
        date(2020, 12, 31),
    ]
    assert sum(cents for *_days, cents in shares) == 100_01
    assert budgets(0, date(2019, 1, 1), date(2019, 2, 1)) == []


def test_text_that_no_xml_takes_does_no_harm(app):
    bad = year_2019()
    missions = tuple(replace(m, process="a\x00b<&>\ufffe", name="\x1b[0m") for m in bad.missions)
    root = iati(replace(bad, missions=missions))
    assert "ab<&>" in root.findtext("iati-activity/description/narrative")


def test_a_year_without_missions_has_no_activities(app):
    with pytest.raises(Refused, match="No mission had activity in 2015"):
        write_iati(AnnualFigures(2015, date(2016, 1, 1)), "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_json_is_what_its_schema_says(figures, lang):
    schema = json.loads((ROOT / "docs" / "reference" / "annual-report.schema.json").read_text())
    assert schema == json_schema(), (
        "write it anew: flask --app wsgi report schema > docs/reference/annual-report.schema.json"
    )
    for issue in (Issue(), ISSUED):
        conforms(json.loads(write_json(figures, lang, issue)), schema)
    with pytest.raises(AssertionError):
        conforms(json.loads(write_json(figures, lang)) | {"more": 1}, schema)


def test_the_hash_can_be_computed_again_from_the_json(figures):
    written = json.loads(write_json(figures, "pt"))
    text = json.dumps(written["figures"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert text.encode() == canonical_json(figures)
    assert written["sha256"] == snapshot_hash(figures)


def conforms(value: Any, schema: dict[str, Any], where: str = "$") -> None:
    """Hold a value against the parts of JSON Schema that ours uses."""
    if "anyOf" in schema:
        assert any(_fits(value, each) for each in schema["anyOf"]), where
        return
    assert "const" not in schema or value == schema["const"], where
    assert "enum" not in schema or value in schema["enum"], where
    names = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "boolean": bool,
        "null": type(None),
    }
    kinds = schema.get("type", [])
    for_types = tuple(names[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))
    assert not for_types or isinstance(value, for_types), where
    assert not (isinstance(value, bool) and kinds == "integer"), where
    if isinstance(value, str) and "pattern" in schema:
        assert re.search(schema["pattern"], value), where
    if isinstance(value, list):
        for at, each in enumerate(value):
            conforms(each, schema["items"], f"{where}[{at}]")
    if isinstance(value, dict):
        properties, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        assert set(schema.get("required", ())) <= value.keys(), where
        for name, each in value.items():
            assert name in properties or more is not False, f"{where}.{name}"
            conforms(each, properties.get(name, more if isinstance(more, dict) else {}), f"{where}.{name}")


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    try:
        conforms(value, schema)
    except AssertionError:
        return False
    return True
