"""``flask checklists``: forms from the shell."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from eom.checklists.export_options import Format, Options, language_among
from eom.checklists.exports import files as exported
from eom.checklists.exports.tables import Source
from eom.checklists.models.form import FormKind
from eom.checklists.queries import exporting, forms, submissions
from eom.checklists.services import files, publishing, sms_trial
from eom.checklists.services.publishing import Publication
from eom.core import audit
from eom.core.db import writing
from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import LANGUAGES, in_locale, lazy
from eom.extensions import db
from eom.web import commands
from eom.web.responses import store

checklists = AppGroup("checklists", help="Checklists and what has been sent.")

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@checklists.command("publish")
@click.argument("mission_code", metavar="MISSION")
@click.argument("file", required=False, type=existing_file)
@click.option("--standard", is_flag=True, help="The standard checklists.")
@click.option("--kind", type=click.Choice([kind.value for kind in FormKind]), help="The form's stage.")
@commands.writes
def publish(mission_code: str, file: Path | None, standard: bool, kind: str | None) -> None:
    """Publish FILE (an XLSForm), or with --standard the standard checklists, in MISSION."""
    mission = commands.mission(mission_code)
    if (file is None) is not standard:
        raise InvalidInput(lazy("Name one XLSForm, or ask for the standard checklists with --standard."))
    if file is None:
        done = publishing.publish_library(mission, store())
    else:
        given = FormKind(kind) if kind else None
        done = [publishing.publish(mission, store(), file.read_bytes(), file.name, kind=given)]
    for each in done:
        click.echo(_line(each))


@checklists.command("contenders")
@click.argument("mission_code", metavar="MISSION")
@click.argument("file", type=existing_file)
@commands.writes
def contenders(mission_code: str, file: Path) -> None:
    """Give MISSION the parties or candidates of FILE (columns name and label), for contenders.csv."""
    mission = commands.mission(mission_code)
    files.attach_contenders(mission, store(), file.read_bytes(), file.name)
    click.echo(f"{file.name}: the forms of {mission.code} offer its contenders from now on")


@checklists.command("export")
@click.argument("mission_code", metavar="MISSION")
@click.argument("form_id", metavar="FORM")
@click.option("--format", "kind", type=click.Choice([each.value for each in Format]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--labels", default="", help="A language of the form, as es; else codes.")
@click.option("--split", is_flag=True, help="A column for each choice of questions with several answers.")
@click.option("--people", is_flag=True, help="With the names of those who sent them, and their devices.")
@click.option("--files", "with_files", is_flag=True, help="With photos and other files (xml only).")
@commands.reads
def export(
    mission_code: str, form_id: str, kind: str, out: Path, labels: str, split: bool, people: bool, with_files: bool
) -> None:  # fmt: skip
    """Write all that was sent of FORM (its id, as list shows it) in MISSION to a file."""
    mission, session = commands.mission(mission_code), db.session()
    form = forms.form_named(session, mission.id, form_id)
    if form is None:
        raise NotFound(lazy("%(mission)s has no form “%(form)s”.", mission=mission.code, form=form_id))
    if labels:
        labels = language_among((each for found in form.versions for each in found.languages), labels)
    options = Options(Format(kind), labels, split, people, with_files)
    source = Source(session, store(), mission, form, exporting.chosen(session, mission, form, {}), options)
    with out.open("wb") as file:
        count = exported.write(source, file)
    session.commit()
    with writing():
        audit.exported(
            session, "forms", form.id, out.name, mission_id=mission.id, rows=count, **options.plain()
        )
        session.commit()
    click.echo(f"{out}: {count} submissions of {form.form_id}")


@checklists.command("list")
@click.argument("mission_code", metavar="MISSION")
@commands.reads
def list_forms(mission_code: str) -> None:
    """The forms of MISSION: id, version, when it was published, questions, submissions."""
    mission = commands.mission(mission_code)
    counts = submissions.counts(db.session(), mission)
    sent = {each.form.id: each.submission_count for each in counts.by_form}
    for version in forms.current_versions(db.session(), mission):
        click.echo(
            f"{version.form.form_id}\t{version.version}\t{version.published_at:%Y-%m-%d %H:%M} UTC\t"
            f"{version.question_count} questions\t{sent[version.form_id]} received"
        )
    if not sent:
        click.echo(f"{mission.code} has no checklists: flask checklists publish {mission.code} --standard")


@checklists.command("sms")
@click.argument("mission_code", metavar="MISSION")
@click.argument("text", metavar="TEXT")
@click.option("--from", "number", default="", help="As if it came from this telephone number.")
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default="en", help="Of the answer, without --from."
)
@commands.writes
def try_sms(mission_code: str, text: str, number: str, language: str) -> None:
    """Try the SMS TEXT in MISSION: how it is read, and what would be answered. Nothing is kept."""
    mission = commands.mission(mission_code)
    with in_locale(language):
        tried = sms_trial.sent(mission, store(), text, number) if number else sms_trial.read(mission, text)
    reading = tried.reading
    if reading.book is not None:
        click.echo(f"form     {reading.book.keyword}")
        click.echo(f"station  {reading.station or 'none'}")
        for code in reading.book.codes:
            if code.key in reading.values:
                click.echo(f"{code.sign:<8} {code.key} = {reading.values[code.key]}")
    for problem in reading.problems:
        click.echo(f"wrong    {problem.kind.value}: {problem.sign} {problem.value}".rstrip())
    if tried.state is not None:
        click.echo(f"sender   {tried.sender or 'nobody has this number, or several people share it'}")
        click.echo(f"becomes  {tried.state.value}")
    click.echo(f"answer   {tried.answer}")
    db.session.rollback()


def _line(done: Publication) -> str:
    version = done.version
    state = "published" if done.is_new else "was published already"
    return f"{version.form.form_id} {version.version}: {state}"
