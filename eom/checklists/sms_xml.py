"""A read message as the XForm instance that a device would have sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from eom.checklists.openrosa_checks import Rules
from eom.checklists.sms_plan import STATIONS
from eom.checklists.xlsform_form import PublishedForm


def instance(
    form: PublishedForm, values: Mapping[str, str], station: str, instance_id: str, at: datetime, zone: str
) -> bytes:
    """The XML of a filled form. ``values`` are XForm values by question key; times of day are of ``zone``.

    Questions that were not answered are left out, as a device leaves out what is not relevant.
    """
    root = etree.Element(str(Rules(form).shape.tag), id=form.form_id, version=form.version)
    offset = f"{at.astimezone(ZoneInfo(zone)):%z}"
    for question in form.questions:
        value = values.get(question.key)
        if station and question.list_file == STATIONS:
            value = station
        elif value is not None and question.kind == "time":
            value = f"{value}:00.000{offset[:3]}:{offset[3:]}"
        if value is not None:
            _place(root, question.path).text = value
    _place(root, "meta/instanceID").text = instance_id
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _place(root: etree._Element, path: str) -> etree._Element:
    node = root
    for name in path.split("/"):
        below = next(node.iterchildren(name), None)
        node = etree.SubElement(node, name) if below is None else below
    return node
