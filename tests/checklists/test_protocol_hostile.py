"""What an enemy with a valid secret may send to the OpenRosa addresses: a sentence, never a fault.

The application of the tests raises what would be a 500, so a fault fails with its own trace.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
from base64 import b64encode
from xml.sax.saxutils import escape

import pytest
import sqlalchemy as sa
from flask_security.utils import hash_password
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from eom.checklists.api import credentials
from eom.checklists.models.submission import (
    Submission,
    SubmissionAttachment,
    SubmissionConflict,
    SubmissionDocument,
)
from eom.extensions import db
from eom.settings import ROOT
from tests.checklists import hostile
from tests.checklists.test_api import PASSWORD, basic, message
from tests.factories import checklists as factory
from tests.patience import LIMIT_SECONDS

XML_PART = b'Content-Disposition: form-data; name="xml_submission_file"; filename="s.xml"\r\n'
TYPE = "multipart/form-data; boundary=b"


def body(*parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


def with_xml(xml: bytes, *parts: bytes) -> bytes:
    return body(XML_PART + b"\r\n" + xml, *parts)


def file_part(name: bytes, data: bytes = b"x") -> bytes:
    return b'Content-Disposition: form-data; name="f"; filename="' + name + b'"\r\n\r\n' + data


def written(tree: str | list) -> bytes:
    """A tree of names and texts as elements."""
    if isinstance(tree, str):
        return escape(tree).encode()
    return b"".join(b"<%s>%s</%s>" % (name.encode(), written(below), name.encode()) for name, below in tree)


# Prints how much more memory the process needed at most after each swarm, in megabytes.
GROWTH = """
import resource
from eom.checklists.openrosa import read_submission
from eom.core.errors import AppError
from tests.checklists.hostile import SWARMS
for what, xml in SWARMS.items():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        read_submission(xml)
    except AppError as error:
        assert error.status in (400, 413)
        print(what, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10, sep=":")
"""
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    max_size=30,
)
NAMES = st.sampled_from(
    ["visit", "station", "remarks", "meta", "instanceID", "deprecatedID", "departure", "place", "a", "é", "_"]
)
CUTS = st.binary(max_size=12) | st.sampled_from(
    [
        b"<",
        b">",
        b"&",
        b"]]>",
        b"<!--",
        b"--b\r\n",
        b"--b--",
        b"\r\n",
        b"\0",
        b'"',
        b"<!DOCTYPE d>",
        b"xmlns='x'",
        b"</data>",
        b"\xff",
    ]
)
examples = itertools.count(1)
P = XML_PART + b"\r\n" + hostile.SOUND
# What kind of body it says it is, the body, and the status that it comes to.
BODIES: dict[str, tuple[str | None, bytes, int]] = {
    "no type": (None, body(P), 400),
    "no boundary": ("multipart/form-data", body(P), 400),
    "an empty boundary": ('multipart/form-data; boundary=""', body(P), 400),
    "another boundary": ("multipart/form-data; boundary=zzz", body(P), 400),
    "two boundaries": ("multipart/form-data; boundary=b; boundary=c", body(P), 400),
    "a boundary without end": ("multipart/form-data; boundary=" + "b" * 5_000, body(P), 400),
    "a boundary that is a pattern": ("multipart/form-data; boundary=.*", body(P).replace(b"--b", b"--.*"), 201),
    "a boundary of dashes": ("multipart/form-data; boundary=--", body(P).replace(b"--b", b"----"), 201),
    "another kind of parts": ("multipart/mixed; boundary=b", body(P), 400),
    "bare xml": ("text/xml", hostile.SOUND, 400),
    "json": ("application/json", b"{}", 400),
    "a form of a page": ("application/x-www-form-urlencoded", b"xml_submission_file=%3Ca", 400),
    "nothing": (TYPE, b"", 400),
    "only an end": (TYPE, b"--b--\r\n", 400),
    "no end": (TYPE, body(P, end=b""), 400),
    "cut in the middle": (TYPE, body(P)[:-300], 400),
    "cut in the head": (TYPE, b"--b\r\nContent-Disp", 400),
    "bare line feeds": (TYPE, body(P).replace(b"\r\n", b"\n"), 201),
    "words before": (TYPE, b"words\r\n" + body(P), 201),
    "words after": (TYPE, body(P) + b"words" * 1_000, 201),
    "10,000 files": (TYPE, body(P, *(file_part(b"%d.jpg" % n) for n in range(10_000))), 413),
    "10,000 fields": (TYPE, body(P, *(b'Content-Disposition: form-data; name="f"\r\n\r\nx' for _ in range(10_000))), 413),
    "10,000 parts of nothing": (TYPE, b"--b\r\n\r\n\r\n" * 10_000 + body(P), 400),
    "501 files": (TYPE, body(P, *(file_part(b"%d.jpg" % n) for n in range(501))), 413),
    "50,000 headers": (TYPE, body(b"".join(b"X-%d: y\r\n" % n for n in range(50_000)) + P), 201),
    "a header without end": (TYPE, b"--b\r\nX: " + b"y" * 3_000_000, 400),
    "a folded header": (TYPE, body(P.replace(b"; filename", b";\r\n filename", 1)), 201),
    "no disposition": (TYPE, body(b"Content-Type: text/xml\r\n\r\n" + hostile.SOUND), 400),
    "no name": (TYPE, body(b"Content-Disposition: form-data\r\n\r\n" + hostile.SOUND), 400),
    "no header at all": (TYPE, body(b"words\r\n\r\n" + hostile.SOUND), 400),
    "a header of bytes": (TYPE, body(b"\xff\xfe: \0\r\n" + P), 400),
    "two forms": (TYPE, body(P, P.replace(b"220", b"221")), 201),
    "an encoding that is none": (TYPE, body(P.replace(b"\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n", 1)), 201),
    "a character set that is none": (TYPE, body(P.replace(b"\r\n", b"\r\nContent-Type: text/xml; charset=zlib\r\n", 1)), 201),
    "an empty form": (TYPE, body(XML_PART + b"\r\n"), 400),
    "boundaries inside": (TYPE, with_xml(hostile.SOUND, file_part(b"1.jpg", b"\r\n--bx\r\n--\r\nb--b--b")), 201),
}  # fmt: skip
FILE_NAMES = [
    b"../../../etc/passwd", b"..", b"/", b"C:\\CON", b"a\0b.jpg", b"a\tb.jpg", b"n" * 100_000, "🗳".encode() * 300, "\u202egpj.exe".encode(), b"",
]  # fmt: skip
BOUNDED = settings(
    deadline=None, derandomize=True, phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@pytest.fixture
def roots(app, cast):
    """The addresses of a device and of a person with a password, with what each sends along."""
    factory.publish_standard(cast.a)
    station = factory.make_station(cast.a, "20217")
    cast.user("bruno").password = hash_password(PASSWORD)
    _device, token = factory.admit_device(cast.a, cast.user("bruno"), station)
    db.session.commit()
    credentials.forget_known()
    credentials.failures().storage.reset()
    return [(f"/openrosa/BOL-2019/{token}", {}), ("/openrosa/BOL-2019", basic())]


@pytest.fixture
def http(app, roots):
    return app.test_client()


def post(http, root, data: bytes, kind: str | None = TYPE, query: str = ""):
    address, headers = root
    return http.post(f"{address}/submission{query}", data=data, content_type=kind, headers=headers)


def posted(http, root, data: bytes, kind: str | None = TYPE) -> int:
    """The status of a post, which is answered in OpenRosa XML whatever it is."""
    answer = post(http, root, data, kind)
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert message(answer)
    return answer.status_code


def kept() -> list[Submission]:
    return list(db.session.scalars(sa.select(Submission).order_by(Submission.id)))


def forget() -> None:
    """Begin again without a submission."""
    for model in (SubmissionAttachment, SubmissionConflict, SubmissionDocument, Submission):
        db.session.execute(sa.delete(model))
    db.session.commit()


class TestAddresses:
    def test_a_file_name_of_any_kind_is_answered_in_xml(self, http, roots):
        for name in ("%01.csv", "%EF%BF%BE", "%ED%A0%80", "%FF", "x" * 3000):
            for address, headers in roots:
                answer = http.get(f"{address}/forms/1/media/{name}", headers=headers)
                assert (answer.status_code, bool(message(answer))) == (404, True), name

    def test_a_device_may_call_itself_what_it_likes(self, http, roots):
        for name in ("%00", "a%00b", "%01%ED%A0%80", "x" * 5000, ""):
            for root in roots:
                answer = post(http, root, with_xml(hostile.SOUND), query=f"?deviceID={name}")
                assert answer.status_code == 201
                assert all("\0" not in (row.device_id or "") for row in kept())
                forget()

    def test_a_name_that_no_account_has_is_a_wrong_one(self, http, roots):
        for name in ("a\0b", "\0", "\x01", "é" * 500):
            given_as = "Basic " + b64encode(f"{name}:x".encode()).decode()
            answer = http.get(f"{roots[1][0]}/formList", headers={"Authorization": given_as})
            assert answer.status_code == 401
            assert "WWW-Authenticate" in answer.headers


class TestXML:
    def test_what_is_odd_is_taken_and_kept_as_it_came(self, http, roots):
        for what, (xml, remarks) in hostile.TAKEN.items():
            assert [posted(http, roots[0], with_xml(xml)) for _time in range(2)] == [201, 201], what
            [row] = kept()
            assert (row.xml, row.answers["remarks"]) == (xml, remarks), what
            assert len(row.flags) <= 200
            forget()

    def test_what_is_none_is_refused_and_nothing_kept(self, http, roots):
        for what, (xml, status) in hostile.REFUSED.items():
            assert posted(http, roots[0], with_xml(xml)) == status, what
            assert kept() == []

    def test_what_would_fill_the_memory_is_refused_before_it_does(self):
        """A process of its own reads every swarm and says by how many megabytes it grew."""
        ran = subprocess.run(
            [sys.executable, "-c", GROWTH],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=LIMIT_SECONDS,
        )
        assert ran.returncode == 0, ran.stderr
        grown = dict(line.rsplit(":", 1) for line in ran.stdout.splitlines())
        assert set(grown) == set(hostile.SWARMS)
        assert {what: int(size) for what, size in grown.items() if int(size) > 20} == {}

    @given(st.recursive(TEXTS, lambda below: st.lists(st.tuples(NAMES, below), max_size=4), max_leaves=25))
    @settings(BOUNDED, max_examples=60)
    def test_any_tree_is_taken(self, http, roots, tree):
        number = next(examples)
        inside = written(tree) + b"<remarks>"
        xml = hostile.SOUND.replace(b"<remarks>", inside).replace(b"uuid:1", b"uuid:%d" % number)
        assert posted(http, roots[0], with_xml(xml)) == 201
        row = db.session.scalar(sa.select(Submission).where(Submission.instance_id == f"uuid:{number}"))
        assert row.xml == xml

    @given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(0, 60), CUTS), min_size=1, max_size=4))
    @settings(BOUNDED, max_examples=80)
    def test_any_damage_is_taken_or_refused(self, http, roots, damages):
        xml = hostile.SOUND
        for at, length, instead in damages:
            xml = xml[:at] + instead + xml[at + length :]
        assert posted(http, roots[0], with_xml(xml)) in (201, 400, 404, 409, 413)


class TestMultipart:
    def test_a_body_that_no_client_writes_is_taken_or_refused(self, http, roots):
        for what, (kind, data, status) in BODIES.items():
            assert [posted(http, root, data, kind) for root in roots] == [status, status], what
            assert len(kept()) == (status == 201), what
            forget()

    def test_a_file_name_leads_nowhere(self, http, roots):
        for name in FILE_NAMES:
            assert [posted(http, root, with_xml(hostile.SOUND, file_part(name))) for root in roots] == [
                201,
                201,
            ]
        names = db.session.scalars(sa.select(SubmissionAttachment.name)).all()
        assert len(names) >= 6
        assert not any(set(name) & set("/\\\0\t\r\n") or len(name) > 255 for name in names)

    @given(st.lists(st.tuples(st.integers(0, 1_500), st.integers(0, 200), CUTS), min_size=1, max_size=4))
    @settings(BOUNDED, max_examples=80)
    def test_any_damage_to_a_body_is_taken_or_refused(self, http, roots, damages):
        data = with_xml(hostile.SOUND, file_part(b"1.jpg", b"\r\n--b \r\n" * 9), file_part(b"2.jpg"))
        for at, length, instead in damages:
            data = data[:at] + instead + data[at + length :]
        codes = {posted(http, root, data) for root in roots}
        assert codes <= {201, 400, 404, 409, 413}
