"""Two files of one register joined by the code they share: a list, and the coordinates of its places."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from eom.core.countries import fold
from eom.core.errors import InvalidFile
from eom.core.i18n import lazy
from eom.core.spreadsheets import Table
from eom.stations.codes import bare

_ENOUGH = 0.5


def join_tables(main: Table, other: Table) -> tuple[Table, Any]:
    """The first table with the other columns of the second, by the columns whose values are the same codes.

    Codes are compared without leading zeros, names without accents. Returns the table and a sentence on how
    many rows found their match. Raises InvalidFile when no two columns fit, or a code stands twice in the
    second file with different values.
    """
    mine, theirs = _shared_columns(main, other)
    extra = [i for i, header in enumerate(other.headers) if i != theirs and _is_new(header, main)]
    found = _by_code(other, theirs, extra)
    blank, matched, rows = [""] * len(extra), 0, []
    for row in main.rows:
        values = found.get(_key(row[mine])) if row else None
        matched += values is not None
        rows.append(row + (values or blank) if row else row)
    headers = main.headers + [other.headers[i] for i in extra]
    words = lazy(
        "Joined by “%(one)s” and “%(other)s”: %(matched)s of %(count)s rows have their match in the second file.",
        one=main.headers[mine], other=other.headers[theirs], matched=matched, count=sum(1 for row in rows if row),
    )  # fmt: skip
    return replace(main, headers=headers, rows=rows), words


def _is_new(header: str, main: Table) -> bool:
    return fold(header) not in {fold(each) for each in main.headers}


def _key(value: str) -> str:
    return bare(value) if value.strip().isdigit() else fold(value)


def _shared_columns(main: Table, other: Table) -> tuple[int, int]:
    """The pair of columns that share most codes, those of the second being nearly unique."""
    mine = [_values(main, i) for i in range(len(main.headers))]
    theirs = [_values(other, i) for i in range(len(other.headers))]
    sizes = sum(1 for row in other.rows if row)
    best, best_share = (-1, -1), _ENOUGH
    for j, codes in enumerate(theirs):
        if len(codes) < 0.9 * min(sizes, len(other.rows)):
            continue
        for i, values in enumerate(mine):
            share = len(values & codes) / len(values) if len(values) > 1 else 0.0
            share += 0.1 * (fold(main.headers[i]) == fold(other.headers[j]))
            if share > best_share:
                best, best_share = (i, j), share
    if best == (-1, -1):
        raise InvalidFile(
            lazy("The two files share no column of codes: none holds the codes of half of the other's rows."),
            next_step=lazy("The second file needs the code of the station or centre that the first has."),
        )
    return best


def _values(table: Table, position: int) -> set[str]:
    return {key for row in table.rows if row and (key := _key(row[position]))}


def _by_code(other: Table, position: int, extra: list[int]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for number, row in other.numbered():
        key, values = _key(row[position]), [row[i] for i in extra]
        if key and found.setdefault(key, values) != values:
            raise InvalidFile(
                lazy("“%(code)s” stands twice in the second file with different values, again in row %(row)s.",
                     code=row[position], row=number)
            )  # fmt: skip
    return found
