"""The OpenRosa wire and the server's own look at a submission."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from eom.checklists import openrosa
from eom.checklists.library import workbook
from eom.checklists.openrosa_checks import Rule
from eom.checklists.openrosa_contents import contents
from eom.checklists.openrosa_xml import NotXML
from eom.checklists.xlsform import convert
from eom.core.errors import AppError, TooLarge
from tests.checklists.workbooks import book

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
COUNTING = convert(workbook("counting"), "counting.xlsx")
SENT = """<data id="eom_counting" version="1">
<start>2026-11-23T18:19:47.471-05:00</start><end>2026-11-23T18:40:00.000-05:00</end><today>2026-11-23</today>
<visit><station>101-2</station><selection>random</selection><arrival>18:30:00.000-05:00</arrival></visit>
<procedure><board_members>5</board_members><board_women>3</board_women><agents>2</agents>
<procedure_followed>yes</procedure_followed><prevented>not_observed</prevented></procedure>
<ballots><signatures>100</signatures><received>300</received><unused>199</unused><spoilt>1</spoilt><in_box>100</in_box></ballots>
<outcome><result><contender>blue</contender><votes>60</votes></result><result><contender>green</contender><votes>35</votes></result>
<votes_sum>95</votes_sum><valid>95</valid><blank>2</blank><null>3</null><total>100</total></outcome>
<tally><sheet_signed>yes</sheet_signed><sheet_copied>yes</sheet_copied><sheet_posted>not_applicable</sheet_posted>
<sheet_photo>1795.jpg</sheet_photo><sent_by>scanner</sent_by></tally>
<departure><conduct>very_good</conduct><place>14.6 -90.5 1500.0 4.5</place>
<departure>01:10:00.000-05:00</departure></departure>
<meta><instanceID>uuid:a455</instanceID><instanceName>Counting 101-2</instanceName></meta></data>"""


def sent(*changes):
    xml = SENT
    for old, new in changes:
        assert old in xml, old
        xml = xml.replace(old, new)
    return openrosa.read_submission(xml.encode())


def flags(*changes):
    return [(flag.rule, flag.question, flag.row) for flag in contents(COUNTING, sent(*changes), NOW).flags]


def test_a_submission_says_whose_it_is():
    submission = sent()
    assert (submission.form_id, submission.version) == ("eom_counting", "1")
    assert (submission.instance_id, submission.deprecated_id) == ("uuid:a455", None)
    assert submission.instance_name == "Counting 101-2"
    assert submission.started_at == "2026-11-23T18:19:47.471-05:00"
    assert submission.xml == SENT.encode()


def test_answers_are_typed_by_question():
    answers = contents(COUNTING, sent(), NOW).answers
    assert answers["signatures"] == 100
    assert answers["station"] == "101-2"
    assert answers["arrival"] == "18:30:00.000-05:00"
    assert answers["place"] == {"latitude": 14.6, "longitude": -90.5, "altitude": 1500, "accuracy": 4.5}
    assert answers["result"] == [{"contender": "blue", "votes": 60}, {"contender": "green", "votes": 35}]
    assert answers["null"] == 3
    assert "remarks" not in answers
    assert json.loads(json.dumps(answers)) == answers


def test_the_files_that_the_xml_names_are_known():
    assert contents(COUNTING, sent(), NOW).files == ("1795.jpg",)


def test_an_edit_names_what_it_replaces():
    edit = sent(("<meta>", "<meta><deprecatedID>uuid:old</deprecatedID>"))
    assert edit.deprecated_id == "uuid:old"


def test_meta_in_a_namespace_is_found():
    meta = "<orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta>"
    xml = f'<data xmlns:orx="http://openrosa.org/xforms" id="f">{meta}</data>'
    assert openrosa.read_submission(xml.encode()).instance_id == "uuid:1"


def test_a_sound_submission_has_no_flags():
    assert flags() == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<board_women>3<", "<board_women>6<", (Rule.CONSTRAINT, "board_women", 0)),
        ("<board_members>5<", "<board_members><", (Rule.MISSING, "board_members", 0)),
        ("<prevented>not_observed<", "<prevented>yes<", (Rule.MISSING, "prevented_why", 0)),
        ("<unused>199<", "<unused>150<", (Rule.MISSING, "received_why", 0)),
        ("<signatures>100<", "<signatures>90<", (Rule.MISSING, "in_box_why", 0)),
        ("<votes_sum>95<", "<votes_sum>90<", (Rule.MISSING, "valid_why", 0)),
        ("<null>3<", "<null>4<", (Rule.MISSING, "total_why", 0)),
        ("<votes>35<", "<votes>-1<", (Rule.CONSTRAINT, "votes", 2)),
        ("<votes>35<", "<votes>many<", (Rule.UNREADABLE, "votes", 2)),
        ("<contender>green</contender>", "", (Rule.MISSING, "contender", 2)),
        ("<selection>random<", "<selection>guess<", (Rule.CHOICE, "selection", 0)),
        ("<station>101-2<", "<station>other<", (Rule.MISSING, "station_code", 0)),
        ("<departure>01:10", "<departure>17:10", (Rule.CONSTRAINT, "departure", 0)),
        ("<place>14.6 -90.5 1500.0 4.5<", "<place>140.6 -90.5<", (Rule.UNREADABLE, "place", 0)),
        ("<meta>", "<colour>red</colour><meta>", (Rule.UNKNOWN, "colour", 0)),
    ],
)
def test_what_breaks_a_rule_is_flagged(old, new, expected):
    assert expected in flags((old, new))


def test_what_the_device_left_out_as_not_relevant_is_not_missing():
    assert (Rule.MISSING, "station_code", 0) not in flags()


def test_an_inner_list_serves_a_rule():
    survey = [
        ["type", "name", "label", "constraint"],
        ["integer", "n", "N", "if(. > 3, true(), false())"],
        ["select_multiple ab", "m", "M", "count-selected(.) <= 1 or regex(., '^a b$')"],
    ]
    form = convert(
        book(survey, choices=[["list_name", "name", "label"], ["ab", "a", "A"], ["ab", "b", "B"]]), "f.xlsx"
    )

    def look(n, m):
        xml = f'<data id="opening"><n>{n}</n><m>{m}</m><meta><instanceID>1</instanceID></meta></data>'
        return [flag.question for flag in contents(form, openrosa.read_submission(xml.encode()), NOW).flags]

    assert look(4, "a b") == []
    assert look(3, "b a") == ["n", "m"]
    assert look(3, "b c") == ["n", "m", "m"]


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"not xml",
        b"<data id='f'>",
        b"<data><meta><instanceID>1</instanceID></meta></data>",
        b"<data id='f'><meta/></data>",
        b"<data id='f'><meta><instanceID> </instanceID></meta></data>",
        b"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a 'x'>]><data id='f'>&a;</data>",
        "<!DOCTYPE d><data id='f'/>".encode("utf-16"),
        b"<!-- <a --><!DOCTYPE d SYSTEM 'file:///etc/passwd'><data id='f'/>",
        b"<data id='f'>" + b"<a>" * 60 + b"</a>" * 60 + b"<meta><instanceID>1</instanceID></meta></data>",
        b"<data id='f'><meta><instanceID>" + b"x" * 300 + b"</instanceID></meta></data>",
    ],
)
def test_what_is_not_a_submission_is_a_bad_request(xml):
    with pytest.raises(NotXML) as caught:
        openrosa.read_submission(xml)
    assert caught.value.status == 400


def test_entities_are_never_expanded():
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<!DOCTYPE d [<!ENTITY a0 "lol">{bomb}]><data id="f"><a>&a9;</a></data>'
    with pytest.raises(NotXML):
        openrosa.read_submission(xml.encode())


@pytest.mark.parametrize("xml", [b"<d>" + b" " * (6 << 20) + b"</d>", b"<d>" + b"<a/>" * 60_000 + b"</d>"])
def test_what_is_too_large_is_refused_as_such(xml):
    with pytest.raises(TooLarge):
        openrosa.read_submission(xml)


@given(
    st.one_of(
        st.binary(max_size=200), st.text(alphabet="<>/&;!DOCTYPE ab=\"'\x00", max_size=80).map(str.encode)
    )
)
@settings(max_examples=300, deadline=None)
def test_random_bytes_never_raise_anything_but_our_own_errors(data):
    with pytest.raises(AppError):
        openrosa.read_submission(data)


@given(
    st.dictionaries(
        st.sampled_from(["arrival", "votes", "place", "total", "selection", "departure"]),
        st.text(max_size=30),
    )
)
@settings(max_examples=100, deadline=None)
def test_random_answers_are_kept_and_flagged(values):
    root = etree.fromstring(SENT)
    for name, value in values.items():
        clean = "".join(c for c in value if c.isprintable())
        for node in root.iter(name):
            if not len(node):
                node.text = clean
    submission = openrosa.read_submission(etree.tostring(root))
    found = contents(COUNTING, submission, NOW)
    assert json.dumps(found.answers, allow_nan=False)
    assert all(flag.as_dict()["rule"] for flag in found.flags)


def test_the_form_list_is_what_collect_demands():
    entry = openrosa.ListedForm(
        "f", "Form & co", "1", openrosa.digest(b"x"), "https://h/f.xml", "https://h/m"
    )
    bare = openrosa.ListedForm("g", "G", "2", openrosa.digest(b"y"), "https://h/g.xml")
    root = etree.fromstring(openrosa.form_list([entry, bare]))
    assert root.tag == "{http://openrosa.org/xforms/xformsList}xforms"
    first, second = [{etree.QName(each).localname: each.text for each in form} for form in root]
    assert first == {"formID": "f", "name": "Form & co", "version": "1",
                     "hash": "md5:" + hashlib.md5(b"x").hexdigest(),
                     "downloadUrl": "https://h/f.xml", "manifestUrl": "https://h/m"}  # fmt: skip
    assert "manifestUrl" not in second


def test_the_manifest_names_hash_and_address_of_each_file():
    root = etree.fromstring(openrosa.manifest([openrosa.ListedFile("stations.csv", "md5:1", "https://h/s")]))
    assert root.tag == "{http://openrosa.org/xforms/xformsManifest}manifest"
    assert [etree.QName(each).localname for each in root[0]] == ["filename", "hash", "downloadUrl"]


def test_the_answer_carries_its_message():
    root = etree.fromstring(openrosa.response("Received <3", "submit_success"))
    assert root.tag == "{http://openrosa.org/http/response}OpenRosaResponse"
    assert root[0].text == "Received <3"
    assert root[0].get("nature") == "submit_success"


def test_the_settings_code_is_read_as_collect_reads_it():
    code = openrosa.settings_code("https://h/openrosa/m/t/", "M")
    settings_read = json.loads(zlib.decompress(base64.b64decode(code)))
    assert settings_read["general"]["server_url"] == "https://h/openrosa/m/t"
    assert settings_read["general"]["form_update_mode"] == "match_exactly"
