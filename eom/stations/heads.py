"""Where the headings of an authority's sheet are: below titles, in two rows with merged cells."""

from __future__ import annotations

from eom.core.countries import fold
from eom.stations.mapping import is_known_heading

Rows = list[list[str]]


def find_headings(start: Rows) -> tuple[int, list[str]] | None:
    """The position of the last row of headings and the headings, of the first rows of a sheet.

    The row with most headings that are known, two at least, or two rows that know more together. When
    nothing is known, the first row that is nearly as wide as the widest. None for rows with nothing.
    """
    widths = [sum(1 for cell in row if cell.strip()) for row in start]
    best: tuple[int, int, list[str]] = (0, 0, [])
    for position, row in enumerate(start):
        for headers in (_tidied(row), _merged(start, position)):
            count = sum(1 for header in headers if header and is_known_heading(header))
            if count > best[0]:
                best = (count, position, headers)
    if best[0] > 1:
        return best[1], best[2]
    widest = max(widths, default=0)
    for position, width in enumerate(widths):
        if width > 1 and width >= 0.6 * widest:
            return position, _tidied(start[position])
    return None


def _tidied(row: list[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in row]


def _merged(start: Rows, position: int) -> list[str]:
    """The headings of a row and the one above it; empty when the two cannot be headings together.

    A merged cell above stands over all columns until the next one. A lower heading that is known alone
    and stands once is taken alone ("Departamento"), another with the one above it ("Centro Código").
    """
    if position == 0:
        return []
    above, below = _tidied(start[position - 1]), _tidied(start[position])
    if sum(1 for cell in above if cell) < 2 or any(_is_value(cell) for cell in below if cell):
        return []
    width = max(len(above), len(below))
    above, below = above + [""] * (width - len(above)), below + [""] * (width - len(below))
    lower_counts = [fold(cell) for cell in below]
    headers, over = [], ""
    for upper, lower in zip(above, below, strict=True):
        over = upper or (over if lower else "")
        is_clear = lower and is_known_heading(lower) and lower_counts.count(fold(lower)) == 1
        headers.append(lower if is_clear or not over else f"{over} {lower}".strip())
    return headers


def _is_value(cell: str) -> bool:
    """Whether a cell holds digits mostly: no heading does."""
    digits = sum(character.isdigit() for character in cell)
    return digits > 0 and 2 * digits >= len(cell)
