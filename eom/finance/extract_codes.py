"""The codes of the accounting system and ours: a table that is written line by line and kept with the columns."""

from __future__ import annotations

import re
from collections.abc import Mapping

from eom.core.countries import fold
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy

# What may have codes of its own there.
CODED = ("award", "mission", "object")
LONGEST, MOST = 100, 2_000
Codes = Mapping[str, Mapping[str, str]]
_LINE = re.compile(r"\s*(\w+)\s+(.+?)\s*=\s*(.+?)\s*")


def read(text: str) -> dict[str, dict[str, str]]:
    """Field → (their code → ours) of lines as ``award 4711 = CAN-2019-01``.

    Raises InvalidInput that names the line, for what cannot be read and for a code with two meanings.
    """
    found: dict[str, dict[str, str]] = {}
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST:
        raise InvalidInput(lazy("At most %(count)d codes were expected.", count=MOST), "codes")
    for number, line in lines:
        parts = _LINE.fullmatch(line)
        if parts is None or parts[1].casefold() not in CODED or max(map(len, parts.groups())) > LONGEST:
            raise InvalidInput(
                lazy("Line %(number)d, “%(line)s”: award, mission or object, their code, = and ours were expected, as "
                     "award 4711 = CAN-2019-01.", number=number, line=line.strip()[:60]), "codes",
            )  # fmt: skip
        ours = found.setdefault(parts[1].casefold(), {})
        if ours.setdefault(fold(parts[2]), parts[3]) != parts[3]:
            raise InvalidInput(
                lazy(
                    "Line %(number)d: “%(code)s” has another meaning already.",
                    number=number,
                    code=parts[2][:60],
                ),
                "codes",
            )
    return found


def written(codes: Codes) -> str:
    """The table as lines, which ``read`` takes."""
    return "\n".join(
        f"{name} {theirs} = {ours}" for name in CODED for theirs, ours in sorted(codes.get(name, {}).items())
    )


def ours(codes: Codes, cells: Mapping[str, str]) -> Mapping[str, str]:
    """The cells of a row by field, with our codes in place of theirs; what the table does not name stays."""
    named = {
        name: table[key]
        for name, table in codes.items()
        if (key := fold(cells.get(name, ""))) and key in table
    }
    return {**cells, **named} if named else cells
