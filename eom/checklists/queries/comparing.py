"""Submissions side by side: versions of one, or several about the same station."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eom.checklists.models.submission import Submission
from eom.checklists.queries.answers import answers_with_labels
from eom.checklists.queries.media import Store


@dataclass(frozen=True)
class ComparedAnswer:
    """A question with the answer of each submission in words (empty: none)."""

    section: str
    label: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether not all say the same."""
        return len(set(self.values)) > 1


def compared(
    session: Session, store: Store, submissions: Sequence[Submission], language: str, *,
    only_different: bool = False,
) -> list[ComparedAnswer]:  # fmt: skip
    """The answers of submissions side by side in the order of their forms; nothing for a single one.

    A question belongs together by its key and the title of its section, which numbers the rows of repeats.
    """
    if len(submissions) < 2:
        return []
    said: dict[tuple[str, str], dict[int, str]] = {}
    labels: dict[tuple[str, str], str] = {}
    for number, submission in enumerate(submissions):
        for section in answers_with_labels(session, store, submission, language):
            for answer in section.answers:
                key = (section.title, answer.key)
                said.setdefault(key, {})[number] = answer.value
                labels.setdefault(key, answer.label)
    rows = [
        ComparedAnswer(
            key[0], labels[key], tuple(values.get(number, "") for number in range(len(submissions)))
        )
        for key, values in said.items()
    ]
    return [row for row in rows if row.differs] if only_different else rows
