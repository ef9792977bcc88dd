"""Codes as files spoil and split them: zeros lost on the way, two columns for one code, levels inside one.

Pure: columns of text in, columns of text out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

MAX_PADDING = 8
# Digits of each level in the codes of areas, by the length of the whole: UBIGEO and IBGE, INEGI and DANE, INE.
LEVEL_DIGITS = {2: (2,), 4: (2, 4), 5: (2, 5), 6: (2, 4, 6), 7: (2, 7), 8: (2, 5, 8), 9: (2, 5, 9)}


def bare(code: str) -> str:
    """A code without leading zeros, for comparing; one of zeros only keeps one."""
    code = code.strip()
    return (code.lstrip("0") or code[-1:]) if code.isdigit() else code.casefold()


def restore_zeros(codes: Sequence[str], known: Collection[str]) -> tuple[list[str], int]:
    """The codes as they are known, where they differ in leading zeros alone; and how many were.

    A code that two known ones could be is left as it is.
    """
    known = set(known)
    counts = Counter(bare(each) for each in known)
    by_bare = {bare(each): each for each in known if counts[bare(each)] == 1}
    restored = [code if code in known else by_bare.get(bare(code), code) for code in codes]
    return restored, sum(1 for old, new in zip(codes, restored, strict=True) if old != new)


def joined(prefixes: Sequence[str], codes: Sequence[str], known: Collection[str]) -> list[str]:
    """Codes in two columns as one: the second padded with zeros as most of the known ones are.

    Without known codes it is padded to its own widest.
    """
    widest = max((len(code.strip()) for code in codes), default=0)
    known = set(known)
    best, best_count = widest, 0
    for width in range(MAX_PADDING + 1):
        count = sum(1 for one, other in zip(prefixes, codes, strict=True) if _one(one, other, width) in known)
        if count > best_count:
            best, best_count = width, count
    return [_one(one, other, best) for one, other in zip(prefixes, codes, strict=True)]


def levels(codes: Sequence[str]) -> list[tuple[str, ...]]:
    """The codes of each level inside codes of areas: ("21", "2101", "210101") of 210101.

    All are padded to the widest: a code of the first nine areas loses its zero in a spreadsheet. Codes of
    a length that no authority uses are one level.
    """
    widest = max((len(code.strip()) for code in codes), default=0)
    digits = LEVEL_DIGITS.get(widest, (widest,))
    padded = (code.strip().zfill(widest) if code.strip() else "" for code in codes)
    return [tuple(code[:end] for end in digits) if code else () for code in padded]


def _one(prefix: str, code: str, width: int) -> str:
    return f"{prefix.strip()}{code.strip().zfill(width)}"
