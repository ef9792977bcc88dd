"""Submissions and bodies that no device writes, by what is odd about each; and what each may come to."""

from __future__ import annotations

from tests.factories.checklists import filled

SOUND = filled("20217", remarks="X")
TEXT = SOUND.decode()
BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE data [<!ENTITY a0 "lol">{BOMB}]><data id="eom_opening" version="1"><a>&a9;</a></data>'
QUADRATIC = f'<!DOCTYPE d [<!ENTITY a "{"x" * 50_000}">]><d id="f">{"&a;" * 50_000}</d>'
MEGABYTE = 1 << 20


def saying(inside: bytes) -> bytes:
    """The sound one with this in the place of its remarks."""
    assert b">X<" in SOUND
    return SOUND.replace(b">X<", b">" + inside + b"<")


def beside(inside: bytes) -> bytes:
    """The sound one with this before its ``meta``."""
    return SOUND.replace(b"<meta>", inside + b"<meta>", 1)


def declared(encoding: str, codec: str, text: str = TEXT) -> bytes:
    """The text in an encoding that it declares."""
    return text.replace("UTF-8", encoding).encode(codec)


def utf7(text: str) -> bytes:
    """The text in UTF-7, where an angle bracket can be written without one."""
    hidden = text.replace("<", "+ADw-").replace(">", "+AD4-").encode("ascii")
    return b'<?xml version="1.0" encoding="UTF-7"?>' + hidden


# Taken, with what the remarks are read as.
TAKEN: dict[str, tuple[bytes, str]] = {
    "utf-16": (declared("UTF-16", "utf-16"), "X"),
    "utf-16, no declaration": (TEXT.split("?>")[1].encode("utf-16"), "X"),
    "utf-32": (declared("UTF-32", "utf-32"), "X"),
    "latin-1": (declared("ISO-8859-1", "latin-1", filled("20217", remarks="ñ").decode()), "ñ"),
    "byte order mark": (b"\xef\xbb\xbf" + SOUND, "X"),
    "cdata": (saying(b"<![CDATA[a<b>&c]]>"), "a<b>&c"),
    "comment": (saying(b"a<!-- <x> -->b"), "ab"),
    "processing instruction": (saying(b"a<?php echo 1 ?>b"), "ab"),
    "character reference": (saying(b"&#x1F5F3;&#60;"), "🗳<"),
    "prefixed": (SOUND.replace(b"<data ", b'<h:data xmlns:h="urn:x" ').replace(b"</data>", b"</h:data>"), "X"),
    "another namespace": (SOUND.replace(b"<data ", b'<data xmlns="urn:x" xmlns:a="urn:a" a:b="c" '), "X"),
    "inclusion": (beside(b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'), "X"),
    "two metas": (SOUND.replace(b"</data>", b"<meta><instanceID>uuid:2</instanceID></meta></data>"), "X"),
    "a question twice": (beside(b"<visit><station>5</station></visit><visit/>"), "X"),
    "a group as text": (beside(b"<visit>5</visit>"), "X"),
    "a question as group": (saying(b"X<a><b>1</b></a>"), "X"),
    "38 deep": (beside(b"<a>" * 38 + b"x" + b"</a>" * 38), "X"),
    "20,000 unknown": (beside(b"".join(b"<q%d>x</q%d>" % (n, n) for n in range(20_000))), "X"),
    "20,000 attributes": (SOUND.replace(b"<data ", b"<data " + b"".join(b'a%d="1" ' % n for n in range(20_000))), "X"),
    "a huge number": (filled("20217", remarks="X", ballots_received="9" * 5_000), "X"),
    "no number": (filled("20217", remarks="X", ballots_received="-Infinity"), "X"),
    "foreign digits": (filled("20217", remarks="X", ballots_received="٣٤", start="٢٠١٩-١٠-٢٠T٠٧:٤٠:٠٠"), "X"),
    "clocks": (filled("20217", remarks="X", start="2019-10-20T07:40:00+99:99", end="0001-01-01T00:00:00+14:00"), "X"),
    "a place off the earth": (filled("20217", remarks="X", place="1e308 -1e308 0 0"), "X"),
    "a place without end": (filled("20217", remarks="X", place="1 1 1e308 1e308"), "X"),
    "a station without end": (filled("9" * 5_000, remarks="X"), "X"),
    "a station by id": (filled("20217.99999999999999999999", remarks="X"), "X"),
    "a station in foreign digits": (filled("20217.٣²", remarks="X"), "X"),
    "a file elsewhere": (filled("20217", remarks="X", photo="../../etc/passwd"), "X"),
    "a long file name": (filled("20217", remarks="X", photo="x" * 5_000), "X"),
    "a long device": (filled("20217", remarks="X", deviceid="d" * 100_000), "X"),
    "an id of signs": (filled("20217", "'; DROP TABLE submissions;-- \u202e🗳", remarks="X"), "X"),
    "a long id": (filled("20217", "🗳" * 255, remarks="X"), "X"),
    "a long name": (SOUND.replace(b"</meta>", b"<instanceName>" + "🗳".encode() * 999 + b"</instanceName></meta>"), "X"),
}  # fmt: skip
# Refused, with the status.
REFUSED: dict[str, tuple[bytes, int]] = {
    "unknown encoding": (declared("klingon", "utf-8"), 400),
    "ebcdic": (declared("IBM037", "cp037"), 400),
    "no utf-8": (saying(b"\xff\xfe"), 400),
    "zero byte": (saying(b"\0"), 400),
    "reference to zero": (saying(b"&#0;"), 400),
    "half a pair": (saying(b"&#xD800;"), 400),
    "no such entity": (saying(b"&foo;"), 400),
    "space before": (b"\n" + SOUND, 400),
    "two roots": (SOUND + b"<x/>", 400),
    "41 deep": (beside(b"<a>" * 41 + b"</a>" * 41), 400),
    "100,000 deep": (beside(b"<a>" * 100_000), 400),
    "a long tag": (beside(b"<" + b"a" * 60_000 + b"/>"), 400),
    "256 signs of id": (filled("20217", "x" * 256), 400),
    "a form of no end": (filled("20217", form_id="f" * 5_000), 400),
    "a correction of no end": (filled("20217", replaces="x" * 5_000), 404),
    "a correction of itself": (filled("20217", replaces="uuid:1"), 404),
    "entities": (LAUGHS.encode(), 400),
    "entities in utf-16": (LAUGHS.encode("utf-16"), 400),
    "entities in utf-7": (utf7(LAUGHS), 400),
    "entities after a comment": (b"<!-- <a " + b"x" * 70_000 + b" -->" + LAUGHS.encode(), 400),
    "one entity often": (QUADRATIC.encode(), 400),
    "a file by entity": (b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d id="f">&a;</d>', 400),
    "parameter entity": (b'<!DOCTYPE d [<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;]><d id="f"/>', 400),
}


def swarm(unit: bytes) -> bytes:
    """As many of one thing as 5 MB hold."""
    return b"<d>" + unit * ((5 * MEGABYTE - 20) // len(unit)) + b"</d>"


def attributes() -> bytes:
    """Half a million attributes of different names."""
    return b"<d " + b" ".join(b'a%x="x"' % n for n in range(480_000)) + b"/>"


# What would fill the memory, were it built.
SWARMS = {
    "elements": swarm(b"<a/>"), "elements and texts": swarm(b"<a/>x"), "attributes of many": swarm(b'<a b=""/>'),
    "attributes of one": attributes(), "namespaces": swarm(b'<a xmlns="b"/>'), "depth": b"<d>" * 1_700_000,
    "comments": swarm(b"<!---->"), "cdata": swarm(b"<![CDATA[]]>x"), "references": swarm(b"&#9;"),
    "elements in utf-16": ("<d>" + "<a/>" * 600_000 + "</d>").encode("utf-16"),
    "elements in utf-7": utf7("<d>" + "<a/>x" * 400_000 + "</d>"),
    "entities": LAUGHS.encode(), "one entity often": QUADRATIC.encode(),
}  # fmt: skip
