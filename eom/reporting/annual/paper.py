"""The annual report as a document of the Permanent Council (docx): text, the required tables, notes.

The same tables as on the page, written from the same snapshot. The same figures, language and issue give
the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from eom.core.i18n import FORMATS, _, day, in_locale, money, ngettext, number
from eom.reporting.annual import tables
from eom.reporting.annual.controls import controls, differences
from eom.reporting.annual.document import totals
from eom.reporting.annual.figures import AnnualFigures, Issue, snapshot_hash
from eom.reporting.annual.meanings import shown, verdict
from eom.reporting.annual.method import definitions
from eom.reporting.annual.paper_book import Paper

_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_paper(figures: AnnualFigures, lang: str, issue: Issue | None = None) -> bytes:
    """The docx file in a language (needs an application context)."""
    with in_locale(lang):
        return _packed(_write(figures, lang, issue or Issue()))


def _write(figures: AnnualFigures, lang: str, issue: Issue) -> bytes:
    paper = Paper(figures, issue, FORMATS[lang].replace("_", "-").replace("es-419", "es-US"))
    _front(paper)
    _mandate(paper)
    _method(paper)
    _main_figures(paper)
    paper.turn(landscape=True)
    for number_, grid, widths in _required(figures):
        paper.heading(f"{number_}. {grid.title}")
        paper.text(_("Amounts in %(currency)s.", currency=figures.currency), "note")
        paper.grid(grid, widths)
    paper.turn(landscape=False)
    _reconciliation(paper)
    _notes(paper)
    _signatures(paper)
    return paper.data()


def _front(paper: Paper) -> None:
    figures, issue = paper.figures, paper.issue
    paper.text(_("Permanent Council of the Organization of American States"), "body-name")
    if figures.is_demonstration:
        paper.text(_("DEMONSTRATION: people and amounts are invented"), "mark")
    paper.title(
        _("Annual report on electoral observation missions: sources of funding and spending by mission")
    )
    paper.text(_("1 January to 31 December %(year)s", year=figures.year), "subtitle")
    issued = day(issue.issued_on, "long") or _("Not issued")
    paper.facts([
        (_("Status"), f"{issue.status.label} · {_('revision %(number)d', number=issue.revision)}"),
        (_("Date of issue"), issued),
        (_("Figures as of"), day(figures.prepared_as_of, "long")),
        (_("Currency"), figures.currency),
        (_("Presented by"), _("General Secretariat of the Organization of American States")),
    ])  # fmt: skip


def _mandate(paper: Paper) -> None:
    paper.heading(f"1. {_('Mandate')}")
    paper.text(_("Resolution AG/RES. 2931 (XLIX-O/19), section xi, paragraph 7"), "strong")
    paper.text(
        _(
            "The General Assembly asks the General Secretariat to report to the Permanent Council every year on the "
            "sources of funding of electoral observation missions and on the amounts spent on each individual "
            "mission. This is the report for the fiscal year %(year)s.",
            year=paper.figures.year,
        )
    )


def _method(paper: Paper) -> None:
    paper.heading(f"2. {_('Method')}")
    paper.text(_("Receipts when received, expenditures when recorded with a voucher") + ".")
    paper.text(
        _(
            "Pledged, agreed, received, allocated, obligated and spent are different figures, and each is reported "
            "as itself. For every source and every mission: opening balance + received + transfers in + interest ± "
            "exchange − direct spending − indirect cost recovery − refunds − transfers out = closing balance, to the "
            "cent; and spending by mission, by object, by source and in the ledger is the same sum."
        )
    )
    paper.text(_("Help in kind is valued and shown apart from cash; it is part of no balance."))


def _main_figures(paper: Paper) -> None:
    figures, sums = paper.figures, totals(paper.figures)
    paper.heading(f"3. {_('Main figures')}")
    missions = ngettext("%(num)d mission", "%(num)d missions", len(figures.missions))
    countries = len({mission.country for mission in figures.missions})
    places = ngettext("%(num)d country", "%(num)d countries", countries)
    given = ngettext("%(num)d source of funding", "%(num)d sources of funding", len(figures.sources))
    paper.text(
        _(
            "In %(year)s there was activity in %(missions)s in %(countries)s, with %(sources)s. The missions cost "
            "%(spent)s, of which %(icr)s was indirect cost recovery.",
            year=figures.year, missions=missions, countries=places, sources=given, spent=money(sums["spent"]),
            icr=money(sums["icr"]),
        )
    )  # fmt: skip
    rows = [
        (_("Opening balance"), sums["opening"]), (_("Received"), sums["received"]), (_("Direct spending"), sums["direct"]),
        (_("Indirect cost recovery"), sums["icr"]), (_("Total spent"), sums["spent"]),
        (_("Refunds to donors"), sums["refunds"]), (_("Closing balance"), sums["closing"]),
        (_("In kind (valued), in no balance"), sums["in_kind"]),
    ]  # fmt: skip
    paper.table([_("Figure"), _("Amount (%(currency)s)", currency=figures.currency)],
                [[label, tables.amount(cents)] for label, cents in rows], (3, 1.6), (False, True))  # fmt: skip


def _required(figures: AnnualFigures) -> Sequence[tuple[int, Any, Sequence[float]]]:
    """The tables, each with its number and the widths of its columns."""
    # The sums by kind say of which kind a source is.
    sources = tables.sources(figures).without(1)
    spending, balances = tables.spending(figures), tables.balances(figures)
    parts, in_kind = tables.parts(figures), tables.in_kind(figures)
    amounts = len(balances.headings) - 5
    return (
        (4, sources, (1.5, 1.05, 0.9, *[1.1] * 13)),
        (5, spending, (1.05, 1.1, 1.4, 1.1, *[0.95] * 12)),
        (6, balances, (1.05, 1.0, 0.8, 0.9, *[11.76 / amounts] * amounts, 0.8)),
        (7, parts, (1.2, 2.2, 1.3, *[1.3] * 6)),
        (8, in_kind, (1.5, 1.3, 1.1, 3.2, 2.2, 1.2)),
    )


def _reconciliation(paper: Paper) -> None:
    figures = paper.figures
    paper.heading(f"9. {_('Reconciliation')}")
    wrong = differences(figures)
    paper.text(_("Each control holds two sums against each other that were added up apart."))
    paper.text(_("At least one control differs") if wrong else _("Every control agrees"), "strong")
    rows = [
        [str(c.key.label), shown(c, c.left), shown(c, c.right), _("Agrees") if c.agrees else verdict(c)]
        for c in controls(figures)
    ]
    heads = [_("Control"), _("Left side"), _("Right side"), _("Verdict")]
    paper.table(heads, rows, (2.6, 1.5, 1.5, 1.2), (False, True, True, False))
    changed = tables.changed(paper.issue)
    if changed.rows:
        paper.heading(changed.title, 2)
        paper.grid(changed, (1.3, 1.6, 1.3, 1, 1, 1))


def _notes(paper: Paper) -> None:
    figures = paper.figures
    paper.heading(f"10. {_('Notes')}")
    for grid, widths in (
        (tables.remarks(figures), (1.7, 0.9, 0.9, 1, 2.4)),
        (tables.rates(figures), (1, 1.4, 1, 3)),
    ):
        paper.heading(grid.title, 2)
        if grid.rows:
            paper.grid(grid, widths)
        else:
            paper.text(_("None in this year."))
    paper.heading(_("Definitions"), 2)
    paper.facts(definitions(figures))


def _signatures(paper: Paper) -> None:
    issue = paper.issue
    paper.heading(f"11. {_('Signatures')}")
    unsigned = _("Not signed")
    paper.facts([
        (_("Prepared by"), issue.prepared_by or unsigned), (_("Reviewed by"), issue.reviewed_by or unsigned),
        (_("Issued by"), issue.issued_by or unsigned), (_("Revision"), number(issue.revision)),
        (_("Snapshot (SHA-256)"), snapshot_hash(paper.figures)),
    ])  # fmt: skip


def _packed(data: bytes) -> bytes:
    """The file without the hour it was written at."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()
