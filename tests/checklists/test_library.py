"""The standard checklists: complete in four languages, sound, and equal to their source."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from eom.checklists.library import LANGUAGES, STAGES, STANDARD, workbook
from eom.checklists.library.building import sheets, written_sheets
from eom.checklists.xlsform import convert

FORMS = {stage: convert(workbook(stage), f"{stage}.xlsx") for stage in STANDARD}


@pytest.mark.parametrize("stage", STANDARD)
def test_the_workbook_is_built_from_the_source(stage):
    assert written_sheets(workbook(stage)) == sheets(stage), "run python -m eom.checklists.library.building"


@pytest.mark.parametrize("stage", STANDARD)
def test_every_text_exists_in_four_languages(stage):
    form = FORMS[stage]
    assert form.form_id == f"eom_{stage}"
    languages = set(LANGUAGES.values())
    assert set(form.languages) == languages
    for group in form.groups:
        assert set(group.labels) == languages, group.key
    for question in form.questions:
        if not question.is_asked:
            continue
        assert set(question.labels) == languages, question.key
        assert all(text.strip() for text in question.labels.values()), question.key
        if question.hints:
            assert set(question.hints) == languages, question.key
        if question.constraint:
            assert set(question.constraint_messages) == languages, question.key
        for choice in question.choices:
            assert set(choice.labels) == languages, (question.key, choice.name)


@pytest.mark.parametrize("stage", STAGES)
def test_a_form_has_about_twenty_questions_that_everyone_answers(stage):
    form = FORMS[stage]
    always = [each for each in form.questions if each.is_asked and not each.relevant]
    assert 15 <= len(always) <= 40


@pytest.mark.parametrize("stage", STAGES)
def test_a_visit_says_when_where_and_how_it_was_chosen(stage):
    form = FORMS[stage]
    assert form.media == ("stations.csv", "contenders.csv")
    assert form.question("station").list_file == "stations.csv"
    assert form.question("station_code").relevant.endswith("= 'other'")
    assert [choice.name for choice in form.question("selection").choices] == [
        "random",
        "assigned",
        "convenience",
    ]
    assert form.question("arrival").required
    assert "/arrival" in form.question("departure").constraint
    assert "/board_members" in form.question("board_women").constraint


@pytest.mark.parametrize("stage", STANDARD)
def test_not_observed_and_not_applicable_are_never_no(stage):
    for question in FORMS[stage].questions:
        codes = {choice.name for choice in question.choices}
        if {"yes", "no"} <= codes:
            assert {"not_observed", "not_applicable"} <= codes, question.key


@pytest.mark.parametrize("stage", STANDARD)
def test_an_explanation_is_asked_when_an_answer_needs_it(stage):
    form = FORMS[stage]
    keys = {question.key for question in form.questions}
    whys = [key for key in keys if key.endswith("_why")]
    assert len(whys) >= 3
    for key in whys:
        assert form.question(key).required
        assert form.question(key).relevant


@pytest.mark.parametrize("stage", STANDARD)
def test_every_expression_compiles_and_refers_to_nodes_of_the_form(stage):
    form = FORMS[stage]
    root = etree.fromstring(form.xform)
    paths = {bind.get("nodeset") for bind in root.iter("{*}bind")} | {
        f"/data/{group.path}" for group in form.groups
    }
    for question in form.questions:
        for expression in (question.relevant, question.constraint, question.calculation):
            if expression:
                etree.XPath(expression)
                assert set(re.findall(r"/data/[\w/]+", expression)) <= paths, question.key


def test_an_incident_says_what_when_where_and_how_it_is_known():
    form = FORMS["incident"]
    assert len(form.question("incident_kind").choices) == 23
    assert form.question("station").relevant.endswith("!= 'elsewhere'")
    assert [choice.name for choice in form.question("witness").choices][0] == "seen"
    for key in ("severity", "happened_at", "account", "observers_safe", "authority_informed"):
        assert form.question(key).required
