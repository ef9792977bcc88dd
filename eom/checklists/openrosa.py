"""The OpenRosa 1.0 wire: what a device sends, read; what it is answered, written.

The demands of the clients (exact namespaces, hashes, the shape of the answer) are those of the OpenRosa
form list, manifest and submission specifications, tried with ODK Collect, Web Forms and Enketo.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from eom.checklists.openrosa_xml import NotXML, parse, strip_namespaces
from eom.core.i18n import lazy

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"
HEADERS = {"X-OpenRosa-Version": "1.0", "X-OpenRosa-Accept-Content-Length": "10000000"}
MAX_NAME = 255
# What no XML document can hold; an address that a sentence quotes may.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Submission:
    """A submission as sent: whose it says it is, and its XML.

    ``root`` is parsed from ``xml``, without namespaces; ``openrosa_contents`` completes it.
    """

    form_id: str
    version: str
    instance_id: str
    deprecated_id: str | None
    instance_name: str | None
    started_at: str | None
    ended_at: str | None
    xml: bytes
    root: etree._Element


@dataclass(frozen=True)
class ListedForm:
    """A form in the form list; ``xform_hash`` is ``digest`` of exactly the bytes served."""

    form_id: str
    name: str
    version: str
    xform_hash: str
    download_url: str
    manifest_url: str | None = None


@dataclass(frozen=True)
class ListedFile:
    """A file in a form's manifest."""

    filename: str
    file_hash: str
    download_url: str


def digest(data: bytes) -> str:
    """``md5:`` and the MD5 in hexadecimal, as OpenRosa clients compare it (not a matter of security)."""
    return "md5:" + hashlib.md5(data, usedforsecurity=False).hexdigest()


def read_submission(data: bytes) -> Submission:
    """The submission in an XML part. Raises NotXML (400: not XML, no form id, no instanceID), TooLarge."""
    root = parse(data)
    if b"xmlns" in data or b"\x00" in data:
        strip_namespaces(root)
    form_id = (root.get("id") or "").strip()
    if not form_id:
        raise NotXML(lazy("The submission does not say which form it belongs to."))
    meta = _child(root, "meta")
    instance_id = _text_of(meta, "instanceID")
    if not instance_id:
        raise NotXML(lazy("The submission has no instanceID: it cannot be told from others."))
    if max(len(form_id), len(instance_id), len(root.get("version") or "")) > MAX_NAME:
        raise NotXML(
            lazy("The form id, version or instanceID is longer than %(limit)s characters.", limit=MAX_NAME)
        )
    return Submission(
        form_id=form_id,
        version=(root.get("version") or "").strip(),
        instance_id=instance_id,
        deprecated_id=_text_of(meta, "deprecatedID") or None,
        instance_name=_text_of(meta, "instanceName") or None,
        started_at=_text_of(root, "start") or None,
        ended_at=_text_of(root, "end") or None,
        xml=data,
        root=root,
    )


def form_list(forms: Iterable[ListedForm]) -> bytes:
    """The form list document."""
    root = etree.Element(f"{{{LIST}}}xforms", nsmap=_default(LIST))
    for form in forms:
        entry = etree.SubElement(root, f"{{{LIST}}}xform")
        _add(entry, LIST, "formID", form.form_id)
        _add(entry, LIST, "name", form.name)
        _add(entry, LIST, "version", form.version)
        _add(entry, LIST, "hash", form.xform_hash)
        _add(entry, LIST, "downloadUrl", form.download_url)
        if form.manifest_url:
            _add(entry, LIST, "manifestUrl", form.manifest_url)
    return _written(root)


def manifest(files: Iterable[ListedFile]) -> bytes:
    """The manifest of a form's attached files."""
    root = etree.Element(f"{{{MANIFEST}}}manifest", nsmap=_default(MANIFEST))
    for file in files:
        entry = etree.SubElement(root, f"{{{MANIFEST}}}mediaFile")
        _add(entry, MANIFEST, "filename", file.filename)
        _add(entry, MANIFEST, "hash", file.file_hash)
        _add(entry, MANIFEST, "downloadUrl", file.download_url)
    return _written(root)


@lru_cache(maxsize=256)
def response(message: str, nature: str = "") -> bytes:
    """The answer to a submission; clients show ``message``. ``nature`` is ``submit_success`` with a 201."""
    root = etree.Element(f"{{{RESPONSE}}}OpenRosaResponse", nsmap=_default(RESPONSE))
    _add(root, RESPONSE, "message", message)
    root[0].set("nature", nature or "error")
    return _written(root)


def settings_code(server_url: str, project: str) -> str:
    """The text of the QR code with which ODK Collect sets itself up."""
    settings = {
        "general": {
            "server_url": server_url.rstrip("/"),
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": project},
    }
    return base64.b64encode(zlib.compress(json.dumps(settings).encode())).decode()


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is None:
        return None
    return next(element.iterchildren(name), None)


def _text_of(element: etree._Element | None, name: str) -> str:
    child = _child(element, name)
    return (child.text or "").strip() if child is not None else ""


def _default(namespace: str) -> dict[str, str]:
    # lxml's stubs do not know that the default namespace is written None.
    return {None: namespace}  # type: ignore[dict-item]


def _add(parent: etree._Element, namespace: str, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{namespace}}}{name}").text = _NOT_XML.sub("\ufffd", text)


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
