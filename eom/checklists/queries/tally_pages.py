"""What a page shows of a question's answers, and the same as rows of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from eom.checklists import tallies
from eom.checklists.models.submission import Submission
from eom.checklists.queries import rows
from eom.checklists.queries import tallies as queries
from eom.checklists.queries.media import CONTENDERS, OTHER, Store, contenders
from eom.checklists.queries.tallies import Picked
from eom.checklists.queries.tally_groups import Breakdown, labels_of
from eom.checklists.queries.tally_values import Counted, answered_text, chosen_in
from eom.checklists.tallies import Numbers, Share
from eom.checklists.xlsform_form import Question, in_language
from eom.core import i18n
from eom.core.i18n import _, lazy
from eom.core.listing import Column, ListDefinition
from eom.stations.models import PollingStation

NUMBERS = frozenset({"integer", "decimal", "range"})
TIMES = {"time": 2, "date": 10, "dateTime": 13}
TEXTS = frozenset({"text", "barcode"})
CHOICES = frozenset({"select_one", "select_multiple", "rank", "acknowledge"})
# A list of stations has thousands of codes: those that were answered most often are shown.
MAX_CODES = 40

Words = Callable[[str], str]


@dataclass(frozen=True)
class Line:
    """A group of reports: how many answered what can be said, and each answer; ``numbers`` for figures."""

    label: str
    n: int
    shares: Sequence[Share] = ()
    numbers: Numbers | None = None


@dataclass(frozen=True)
class Tally:
    """The answers to a question: all together, and by group.

    ``kind`` is choices, numbers, times, texts or count; ``words`` names a choice or a time.
    """

    kind: str
    whole: Line
    groups: list[Line]
    words: Words

    @property
    def codes(self) -> list[str]:
        """The choices or times in their order."""
        return [each.code for each in self.whole.shares]

    @property
    def inside(self) -> list[Share]:
        """The answers that stand in the denominator."""
        return [each for each in self.whole.shares if not each.is_outside]

    @property
    def inside_labels(self) -> list[str]:
        """Their names."""
        return [self.words(each.code) for each in self.inside]

    @property
    def labels(self) -> list[str]:
        """The names of all answers."""
        return [self.words(code) for code in self.codes]

    @property
    def bars(self) -> list[tuple[str, int]]:
        """The histogram of numbers: what each bar spans, and how many answers."""
        told = self.whole.numbers
        return [
            (f"{i18n.number(low)} – {i18n.number(high)}", count)
            for low, high, count in (told.bars if told else ())
        ]


def kind_of(question: Question) -> str:
    """How a question's answers are shown."""
    if question.kind in CHOICES or question.choices or question.list_file:
        return "choices"
    if question.kind in NUMBERS:
        return "numbers"
    if question.kind in TIMES:
        return "times"
    return "texts" if question.kind in TEXTS else "count"


def tally(
    session: Session, store: Store, picked: Picked, asked: Counted, by: Breakdown, language: str
) -> Tally:
    """The answers to a question, and by group unless ``by`` is nothing. With drawn stations, margins."""
    question = asked.question
    kind = kind_of(question)
    words = _words_of(session, store, picked, question, language)
    counts = queries.counted(session, picked, asked, by)
    order = [choice.name for choice in question.choices]
    of = _margins_of(session, picked, asked)
    line = _line(kind, question, _("All"), queries.together(counts), order, of)
    groups: list[Line] = []
    if by is not Breakdown.NONE:
        codes = [each.code for each in line.shares]
        groups = [
            _line(kind, question, label, counts[key], codes) for key, label in labels_of(session, counts, by)
        ]
    return Tally(kind, line, groups, words)


def tally_rows(shown: Tally, head: str) -> Iterator[list[Any]]:
    """The tally as rows of a file, headings first."""
    if shown.kind == "numbers":
        yield [
            head, _("Answers"), _("Mean"), _("Least"), _("First quartile"), _("Median"), _("Third quartile"),
            _("Greatest"),
        ]  # fmt: skip
        for line in [*shown.groups, shown.whole]:
            told = line.numbers
            figures = (
                [told.mean, told.least, told.first_quartile, told.median, told.third_quartile, told.greatest]
                if told
                else [None] * 6
            )
            yield [line.label, line.n, *figures]
        return
    names = [shown.words(code) for code in shown.codes]
    yield [head, _("Answers that count"), *names, *(_("Share: %(answer)s", answer=name) for name in names)]
    for line in [*shown.groups, shown.whole]:
        yield [line.label, line.n, *(s.count for s in line.shares), *(s.share for s in line.shares)]


@dataclass(frozen=True)
class CrossTab:
    """How two questions were answered together: a row for each answer to the first, with shares of its row."""

    codes: list[str]
    rows: list[Line]
    row_words: Words
    column_words: Words


def cross(
    session: Session, store: Store, picked: Picked, both: tuple[Counted, Counted], language: str
) -> CrossTab:
    """Two questions of choices against each other. Of several choices each counts once."""
    first, second = both
    table: dict[str, dict[tuple[str, ...], int]] = {}
    for (one, two), count in queries.crossed(session, picked, first, second).items():
        for row in dict.fromkeys(chosen_in(first.question, one)):
            column = chosen_in(second.question, two)
            table.setdefault(row, {})[column] = table.get(row, {}).get(column, 0) + count
    order = _ordered(first.question, table)
    columns = {code for row in table.values() for chosen in row for code in chosen}
    codes = _ordered(second.question, columns)
    lines = []
    for code in order:
        counts, answered = tallies.split(table[code])
        lines.append(Line(code, answered, tallies.shares(counts, answered, codes)))
    return CrossTab(
        codes, lines, _words_of(session, store, picked, first.question, language),
        _words_of(session, store, picked, second.question, language),
    )  # fmt: skip


def cross_rows(shown: CrossTab, head: str) -> Iterator[list[Any]]:
    """The cross-tab as rows of a file, headings first."""
    yield [head, _("Answers that count"), *map(shown.column_words, shown.codes)]
    for line in shown.rows:
        yield [shown.row_words(line.label), line.n, *(each.count for each in line.shares)]


def of_centre(
    session: Session, store: Store, picked: Picked, asked: Counted, centre_id: int, language: str
) -> list[tuple[str, int]]:
    """The answers that were given in a centre, with how often."""
    words = _words_of(session, store, picked, asked.question, language)
    found: dict[str, int] = {}
    for text, count in queries.of_centre(session, picked, asked, centre_id).items():
        for code in chosen_in(asked.question, str(text)):
            found[code] = found.get(code, 0) + count
    return [(words(code), found[code]) for code in _ordered(asked.question, found)]


def texts(picked: Picked, asked: Counted, link: Callable[[int], str]) -> ListDefinition:
    """The texts that were answered, the newest first; each leads to its report."""
    zone, key = picked.mission.time_zone, asked.question.key
    columns = (
        Column("received", lazy("Received"), lambda s: (s.received_at, zone), Submission.received_at, "moment"),
        Column("station", lazy("Polling station"), rows.station_code, PollingStation.code),
        Column(
            "text", asked.question.label(i18n.language()), lambda s: str(s.answers.get(key, "")),
            href=lambda s: link(s.id),
        ),
    )  # fmt: skip
    answered = answered_text(key).is_not(None)
    query = sa.select(Submission).where(*picked.criteria(), answered)
    return ListDefinition(
        rows.whole(query).options(undefer(Submission.answers)), columns, sort="received", descending=True,
        tie=Submission.id.desc(), plain=query,
    )  # fmt: skip


def _margins_of(session: Session, picked: Picked, asked: Counted) -> int | None:
    """The population, when each report is of a station of its own, drawn at random; else None."""
    if not picked.drawn or asked.repeats:
        return None
    reports, stations = queries.heard(session, picked)
    if reports != stations:
        return None
    return queries.population(session, picked.mission, picked.area_id, picked.areas)


def _line(
    kind: str, question: Question, label: str, values: dict[str | None, int], order: Sequence[str],
    of: int | None = None,
) -> Line:  # fmt: skip
    counts = {str(value): count for value, count in values.items()}
    if kind == "numbers":
        told = tallies.numbers(_figures(counts))
        return Line(label, told.count if told else 0, numbers=told)
    if kind == "times":
        size = TIMES[question.kind]
        hours: dict[str, int] = {}
        for text, count in counts.items():
            hours[text[:size]] = hours.get(text[:size], 0) + count
        answered = sum(hours.values())
        return Line(label, answered, tallies.shares(hours, answered, order or sorted(hours)))
    if kind != "choices":
        return Line(label, sum(counts.values()))
    chosen: dict[tuple[str, ...], int] = {}
    for text, count in counts.items():
        codes = chosen_in(question, text)
        chosen[codes] = chosen.get(codes, 0) + count
    each, answered = tallies.split(chosen)
    most = sorted(each, key=lambda code: (-each[code], code))
    kept = [*order, *sorted(set(most[:MAX_CODES]) - set(order))]
    return Line(
        label, answered, tallies.shares({code: each.get(code, 0) for code in kept}, answered, kept, of)
    )


def _figures(counts: dict[str, int]) -> dict[float, int]:
    figures: dict[float, int] = {}
    for text, count in counts.items():
        try:
            figures[float(text)] = figures.get(float(text), 0) + count
        except ValueError:
            continue
    return figures


def _ordered(question: Question, codes: Any) -> list[str]:
    known = [choice.name for choice in question.choices]
    return [*(code for code in known if code in codes), *sorted(set(codes) - set(known))]


def _words_of(session: Session, store: Store, picked: Picked, question: Question, language: str) -> Words:
    texts = {each.name: in_language(each.labels, language) for each in question.choices}
    if question.list_file == CONTENDERS:
        texts |= {**contenders(session, store, picked.mission), OTHER: _("Another party or candidate")}
    if question.kind == "acknowledge":
        texts["OK"] = _("Yes")
    if question.kind == "time":
        return lambda code: f"{code}:00"
    if question.kind in TIMES:
        return _day
    return lambda code: texts.get(code) or code


def _day(code: str) -> str:
    """A day, or an hour of one, as the reader writes it."""
    try:
        day = i18n.day(date.fromisoformat(code[:10]))
    except ValueError:
        return code
    return f"{day} {code[11:13]}:00" if "T" in code else day
