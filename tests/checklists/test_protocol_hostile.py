"""What an enemy with a valid secret may send to the OpenRosa addresses: a sentence, never a fault.

The application of the tests raises what would be a 500, so a fault fails with its own trace.
"""

from __future__ import annotations

from base64 import b64encode

import pytest
import sqlalchemy as sa
from flask_security.utils import hash_password
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from eom.checklists.api import credentials
from eom.checklists.models.submission import Submission
from eom.extensions import db
from tests.checklists.test_api import PASSWORD, basic, message
from tests.factories import checklists as factory
from tests.factories.checklists import filled

XML_PART = b'Content-Disposition: form-data; name="xml_submission_file"; filename="s.xml"\r\n'
TYPE = "multipart/form-data; boundary=b"
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


def body(*parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


def with_xml(xml: bytes, *parts: bytes) -> bytes:
    return body(XML_PART + b"\r\n" + xml, *parts)


def file_part(name: bytes, data: bytes = b"x") -> bytes:
    return b'Content-Disposition: form-data; name="f"; filename="' + name + b'"\r\n\r\n' + data


def post(http, root, data: bytes, kind: str | None = TYPE, query: str = ""):
    address, headers = root
    return http.post(f"{address}/submission{query}", data=data, content_type=kind, headers=headers)


class TestAddresses:
    @pytest.mark.parametrize("name", ["%01.csv", "%EF%BF%BE", "%ED%A0%80", "%FF", "x" * 3000])
    def test_a_file_name_of_any_kind_is_answered_in_xml(self, http, roots, name):
        for address, headers in roots:
            answer = http.get(f"{address}/forms/1/media/{name}", headers=headers)
            assert answer.status_code == 404
            assert message(answer)

    @pytest.mark.parametrize("name", ["%00", "a%00b", "%01%ED%A0%80", "x" * 5000, ""])
    def test_a_device_may_call_itself_what_it_likes(self, http, roots, name):
        for number, root in enumerate(roots):
            xml = filled("20217", f"uuid:{number}")
            assert post(http, root, with_xml(xml), query=f"?deviceID={name}").status_code == 201
        assert all("\0" not in (each or "") for each in db.session.scalars(sa.select(Submission.device_id)))

    @pytest.mark.parametrize("name", ["a\0b", "\0", "\x01", "é" * 500])
    def test_a_name_that_no_account_has_is_a_wrong_one(self, http, roots, name):
        given_as = "Basic " + b64encode(f"{name}:x".encode()).decode()
        answer = http.get(f"{roots[1][0]}/formList", headers={"Authorization": given_as})
        assert answer.status_code == 401
        assert "WWW-Authenticate" in answer.headers
