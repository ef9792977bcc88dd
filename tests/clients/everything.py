"""A form with every type of question, one answer to each, and what the answers are when they are read."""

from __future__ import annotations

import base64
from typing import Any

from tests.checklists.workbooks import book

JPEG = b"\xff\xd8\xff\xe0" + b"a photo" * 30
OGG = b"OggS\x00\x02" + b"a voice" * 30
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"a film" * 30
TEXT = b"line one\nline two"

SURVEY = [
    ["type", "name", "label", "relevant", "constraint", "calculation", "choice_filter", "parameters", "required", "default"],
    ["start", "start"],
    ["end", "end"],
    ["today", "today"],
    ["deviceid", "deviceid"],
    ["username", "username"],
    ["text", "words", "Words", "", "", "", "", "", "yes"],
    ["integer", "whole", "Whole", "", ". >= -5"],
    ["decimal", "part", "Part"],
    ["select_one yes_no", "one", "One"],
    ["select_multiple colours", "several", "Several", "", "count-selected(.) <= 2"],
    ["select_one hues or_other", "or_one", "One or other"],
    ["rank colours", "order", "Order"],
    ["range", "scale", "Scale", "", "", "", "", "start=0 end=10 step=1"],
    ["range", "fine", "Fine", "", "", "", "", "start=0 end=1 step=0.25"],
    ["date", "day", "Day"],
    ["time", "hour", "Hour"],
    ["dateTime", "moment", "Moment"],
    ["geopoint", "point", "Point"],
    ["geotrace", "line", "Line"],
    ["geoshape", "area", "Area"],
    ["image", "photo", "Photo"],
    ["audio", "voice", "Voice"],
    ["video", "film", "Film"],
    ["file", "paper", "Paper"],
    ["note", "said", "A note"],
    ["calculate", "double", "", "", "", "${whole} * 2"],
    ["acknowledge", "agreed", "Agreed"],
    ["barcode", "code", "Code"],
    ["select_one_from_file stations.csv", "station", "Station"],
    ["select_multiple_from_file stations.csv", "stations", "Stations"],
    ["select_one regions", "region", "Region"],
    ["select_one towns", "town", "Town", "", "", "", "region = ${region}"],
    ["hidden", "unseen", "", "", "", "", "", "", "", "kept back"],
    ["begin group", "office", "Office", "${one} = 'yes'"],
    ["text", "chair", "Chair"],
    ["begin group", "desk", "Desk"],
    ["integer", "seats", "Seats"],
    ["end group"],
    ["end group"],
    ["begin group", "closed", "Closed", "${one} = 'no'"],
    ["text", "why", "Why"],
    ["end group"],
    ["begin repeat", "party", "Party"],
    ["text", "name", "Name"],
    ["begin repeat", "agent", "Agent"],
    ["text", "who", "Who"],
    ["integer", "age", "Age"],
    ["end repeat"],
    ["calculate", "agents", "", "", "", "count(${agent})"],
    ["end repeat"],
]  # fmt: skip
CHOICES = [
    ["list_name", "name", "label", "region"],
    ["yes_no", "yes", "Yes"],
    ["yes_no", "no", "No"],
    *(["colours", name, name.title()] for name in ("red", "green", "blue")),
    ["hues", "dark", "Dark"],
    *(["regions", name, name.title()] for name in ("north", "south")),
    ["towns", "sucre", "Sucre", "south"],
    ["towns", "trinidad", "Trinidad", "north"],
]
SETTINGS = [
    ["form_id", "form_title", "version", "instance_name"],
    ["everything", "Everything", "v1", "concat('E ', ${words})"],
]


def workbook() -> bytes:
    """The XLSForm."""
    rows = [row + [""] * (len(SURVEY[0]) - len(row)) for row in SURVEY]
    return book(rows, [row + [""] * (4 - len(row)) for row in CHOICES], SETTINGS)


def file(name: str, data: bytes, kind: str) -> dict[str, str]:
    """A file as the telephone is told of it."""
    return {"name": name, "type": kind, "base64": base64.b64encode(data).decode()}


# What is typed in, by the path of its question.
TYPED: dict[str, Any] = {
    "/data/words": "¿Qué? <b>&amp; «ñ» 投票 🗳\nsecond line",
    "/data/whole": "-5",
    "/data/part": "3.25",
    "/data/one": "yes",
    "/data/several": ["red", "blue"],
    "/data/or_one": "other",
    "/data/or_one_other": "violet",
    "/data/order": ["blue", "red", "green"],
    "/data/scale": "7",
    "/data/fine": "0.75",
    "/data/day": "2019-10-20",
    "/data/hour": "08:05:00.000-04:00",
    "/data/moment": "2019-10-20T08:05:30-04:00",
    "/data/point": {"latitude": -16.5, "longitude": -68.15, "altitude": 3600, "accuracy": 4.5},
    "/data/line": "-16.5 -68.15 0 0; -16.6 -68.2 0 0",
    "/data/area": "-16.5 -68.15 0 0; -16.6 -68.2 0 0; -16.7 -68.1 0 0; -16.5 -68.15 0 0",
    "/data/photo": file("foto 1.jpg", JPEG, "image/jpeg"),
    "/data/voice": file("voz.ogg", OGG, "audio/ogg"),
    "/data/film": file("film.mp4", MP4, "video/mp4"),
    "/data/paper": file("acta.txt", TEXT, "text/plain"),
    "/data/agreed": True,
    "/data/code": "7501031311309",
    "/data/station": "20217",
    "/data/stations": ["20217", "other"],
    "/data/region": "south",
    "/data/town": "sucre",
    "/data/office/chair": "Ana",
    "/data/office/desk/seats": "5",
    "/data/party[1]/name": "Azul",
    "/data/party[1]/agent[1]/who": "Luz",
    "/data/party[1]/agent[1]/age": "41",
    "/data/party[1]/agent[2]/who": "Sol",
    "/data/party[2]/name": "Verde",
    "/data/party[2]/agent[1]/who": "Mar",
}


def _points(*pairs: tuple[float, float]) -> list[dict[str, float]]:
    return [{"latitude": a, "longitude": b, "altitude": 0, "accuracy": 0} for a, b in pairs]


CORNERS = [(-16.5, -68.15), (-16.6, -68.2), (-16.7, -68.1), (-16.5, -68.15)]
# What is read of it, by the key of the question; what the telephone's clock says is left out.
READ: dict[str, Any] = {
    "deviceid": "node:1", "username": "bruno",
    "words": TYPED["/data/words"], "whole": -5, "part": 3.25, "one": "yes", "several": ["red", "blue"],
    "or_one": "other", "or_one_other": "violet", "order": ["blue", "red", "green"], "scale": 7, "fine": 0.75,
    "day": "2019-10-20", "hour": "08:05:00.000-04:00", "moment": "2019-10-20T08:05:30-04:00",
    "point": {"latitude": -16.5, "longitude": -68.15, "altitude": 3600, "accuracy": 4.5},
    "line": _points(*CORNERS[:2]), "area": _points(*CORNERS),
    "photo": "foto 1.jpg", "voice": "voz.ogg", "film": "film.mp4", "paper": "acta.txt",
    "double": "-10", "agreed": "OK", "code": "7501031311309", "station": "20217", "stations": ["20217", "other"],
    "region": "south", "town": "sucre", "unseen": "kept back", "chair": "Ana", "seats": 5,
    "party": [
        {"name": "Azul", "agent": [{"who": "Luz", "age": 41}, {"who": "Sol"}], "agents": "2"},
        {"name": "Verde", "agent": [{"who": "Mar"}], "agents": "1"},
    ],
}  # fmt: skip
FILES = {"foto 1.jpg": JPEG, "voz.ogg": OGG, "film.mp4": MP4, "acta.txt": TEXT}
