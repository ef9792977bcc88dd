"""With labels, what goes out says in words what is flagged and what the codes of attached lists mean."""

from __future__ import annotations

import sqlalchemy as sa

from eom.checklists.models.rule import FlagRule
from eom.checklists.models.submission import Submission
from eom.checklists.queries import answers
from eom.checklists.services import files, flagging
from eom.core.i18n import in_locale
from eom.extensions import db
from tests.checklists.test_exports import csv_rows, exported, published, sent
from tests.factories import checklists as factory
from tests.factories.checklists import receive

FLAGGED = [
    ["type", "name", "label::English (en)", "label::Español (es)"],
    ["integer", "voters", "Voters", "Votantes"],
    ["integer", "ballots", "Ballots", "Papeletas"],
]
LISTED = [
    ["type", "name", "label::English (en)", "label::Español (es)"],
    ["select_one_from_file stations.csv", "station", "Station", "Mesa"],
    ["select_one_from_file contenders.csv", "winner", "Winner", "Ganador"],
    ["select_multiple_from_file fruits.csv", "fruits", "Fruits", "Frutas"],
]
CODES = {"station": "100", "winner": "other", "fruits": "apple fig plum"}


def test_flags_say_what_is_wrong_with_which_question(cast):
    version = published(cast.a, FLAGGED, name="flagged")
    flagging.add_rule(
        cast.a, form_id=version.form_id, words="More than there are", expression="${ballots} > 900"
    )
    receive(cast.a, sent("uuid:1", {"voters": "many", "ballots": "901"}, form="flagged"))
    receive(cast.a, sent("uuid:2", {"voters": "1", "ballots": "2"}, form="flagged"))
    row = db.session.scalar(sa.select(Submission).where(Submission.instance_id == "uuid:1"))
    rule = db.session.scalar(sa.select(FlagRule))
    with in_locale("en"):
        codes, _none = csv_rows(exported(cast.a, version, "csv"))
        words, plain = csv_rows(exported(cast.a, version, "csv", language="Español (es)"))
        shown = [
            f"{each.words}: {each.question}" if each.question else each.words
            for each in answers.flags_in_words(row, "es")
        ]
        own = {str(answers.words_of_flag(flag["rule"])) for flag in row.flags}
    assert f"mission:{rule.id}" in codes["flags"].split()
    assert "More than there are" in words["What to look at"].split("; ")
    assert plain["What to look at"] == ""
    told = words["What to look at"].split("; ")
    # The labels are those of the language asked for, the words those of the reader.
    assert [each.partition(": ")[2] for each in told] == [each.partition(": ")[2] for each in shown]
    assert {each.partition(": ")[0] for each in told} <= own | {"More than there are"}
    assert any(each.endswith(": Votantes") for each in told)


def test_codes_of_attached_lists_have_their_labels(cast):
    store = factory.store()
    files.attach_contenders(cast.a, store, b"name,label\nblue,Blue & co\n", "c.csv")
    files.attach_file(
        cast.a, store, 'name,label\napple,Apple\nfig,"Fig, dried"\nplum,Plúm\n'.encode(), "fruits.csv"
    )
    station = factory.make_station(cast.a, "100")
    version = published(cast.a, LISTED, name="listed")
    for number, change in enumerate(
        ({}, {"station": "other", "winner": "blue"}, {"station": "none", "fruits": "kiwi"})
    ):
        receive(cast.a, sent(f"uuid:{number}", CODES | change, form="listed"))
    codes = csv_rows(exported(cast.a, version, "csv"))
    assert [codes[0][name] for name in CODES] == list(CODES.values())
    with in_locale("en"):
        first, second, third = csv_rows(
            exported(cast.a, version, "csv", language="English (en)", splits=True)
        )
    assert first["Station"] == f"100 · {station.centre.name}"
    assert (first["Winner"], second["Winner"]) == ("Another party or candidate", "Blue & co")
    assert (second["Station"], third["Station"], third["Fruits"]) == ("Another station", "none", "kiwi")
    assert first["Fruits"] == "Apple; Fig, dried; Plúm"
    assert (first["Fruits / Plúm"], third["Fruits / Plúm"]) == ("1", "0")


def test_a_code_that_several_stations_have_is_told_apart(cast):
    version = published(cast.a, LISTED[:2], name="listed")
    stations = [factory.make_station(cast.a, "7"), factory.make_station(cast.a, "7")]
    for each in stations:
        receive(cast.a, sent(f"uuid:{each.id}", {"station": f"7.{each.id}"}, form="listed"))
    rows = csv_rows(exported(cast.a, version, "csv", language="English (en)"))
    assert [row["Station"] for row in rows] == [f"7 · {each.centre.name}" for each in stations]
