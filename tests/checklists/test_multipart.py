"""Bodies cut apart at once are read as Werkzeug reads them; what is odd is left to it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.formparser import parse_form_data

from eom.checklists.api.multipart import Part, plain_parts

NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters='"\\\r\n', exclude_categories=["Cc", "Cs"]), max_size=20
)
PARTS = st.lists(
    st.tuples(NAMES, st.none() | NAMES, st.binary(max_size=200) | st.just(b"\r\n--x\r\n--x--")),
    min_size=1,
    max_size=5,
)


def body(parts, boundary="wrk") -> bytes:
    written = b""
    for name, file_name, data in parts:
        head = f'Content-Disposition: form-data; name="{name}"'
        if file_name is not None:
            head += f'; filename="{file_name}"\r\nContent-Type: image/jpeg'
        written += f"--{boundary}\r\n{head}\r\n\r\n".encode() + data + b"\r\n"
    return written + f"--{boundary}--\r\n".encode()


def by_werkzeug(content_type: str, data: bytes) -> list[Part]:
    """As the rest of the application reads it: files by their order, then fields."""
    environ = {"wsgi.input": io.BytesIO(data), "CONTENT_LENGTH": str(len(data)), "CONTENT_TYPE": content_type}
    _stream, form, files = parse_form_data(environ | {"REQUEST_METHOD": "POST"})
    found = [Part(name, each.filename, each.read()) for name, each in files.items(multi=True)]
    return found + [Part(name, None, text.encode()) for name, text in form.items(multi=True)]


def in_order(parts: list[Part]) -> list[tuple]:
    return sorted((part.name, part.file_name or "", part.data) for part in parts)


@given(PARTS, st.sampled_from(["wrk", "----WebKitFormBoundaryAbC123", "b1d7-okhttp"]))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_what_is_cut_is_what_werkzeug_reads(parts, boundary):
    content_type, data = f"multipart/form-data; boundary={boundary}", body(parts, boundary)
    cut = plain_parts(content_type, data)
    assert cut == [Part(*each) for each in parts]
    if all(file_name is not None for _name, file_name, _data in parts):
        assert in_order(cut) == in_order(by_werkzeug(content_type, data))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"--wrk--\r\n",
        b"preamble\r\n" + body([("a", "b", b"c")]),
        body([("a", "b", b"c")]) + b"epilogue",
        body([("a", "b", b"c")])[:-8],
        body([("a", "b", b"c")]).replace(b"\r\n", b"\n"),
        body([("a", "b", b"c")]).replace(b"image/jpeg", b"image/jpeg\r\nX-Other: 1"),
        body([("a", "b", b"c")]).replace(b'name="a"', b"name=a"),
        body([("a", "b", b"c")]).replace(b'filename="b"', b"filename*=utf-8''b"),
        body([("a", "b", b"c\r\n--wrkless")]),
        body([("a", None, b"")]).replace(b"form-data", b"attachment"),
        body([("a", "b", b"")] * 1_001),
    ],
)
def test_what_is_not_plain_is_left_to_werkzeug(data):
    assert plain_parts("multipart/form-data; boundary=wrk", data) is None


@pytest.mark.parametrize(
    "content_type", ["", "text/xml", "multipart/form-data", "multipart/mixed; boundary=wrk"]
)
def test_another_type_of_body_is_left_to_werkzeug(content_type):
    assert plain_parts(content_type, body([("a", "b", b"c")])) is None


@given(st.binary(max_size=300) | st.text(alphabet='-wrk\r\n";=:adetC', max_size=200).map(str.encode))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_anything_else_comes_to_no_error(data):
    plain_parts("multipart/form-data; boundary=wrk", b"--wrk\r\n" + data + b"\r\n--wrk--")
