"""The files of forms as whoever writes the forms sees them: which fit, which are missing, what each version holds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from eom.checklists.models.form import FormDraft, FormFile, FormVersion
from eom.checklists.queries.forms import definition, drafts, newest_versions
from eom.checklists.queries.media import CONTENDERS, STATIONS, Store, files_of_mission, files_of_version
from eom.checklists.xlsform_lists import MAX_ERRORS, ListNeed, faults_of, needs_of
from eom.core.errors import RowError
from eom.missions.models.mission import Mission


@dataclass(frozen=True)
class NamedFile:
    """A file that a draft names: ``file`` is the mission's, ``is_made`` one that is made for each person."""

    name: str
    file: FormFile | None
    is_made: bool


def named_in(session: Session, mission: Mission, draft: FormDraft) -> list[NamedFile]:
    """The files that a draft names, as the mission has them now."""
    held = {each.name: each for each in files_of_mission(session, mission)}
    return [
        NamedFile(name, held.get(name), name in (STATIONS, CONTENDERS)) for name in definition(draft).media
    ]


def needs_in(session: Session, mission: Mission) -> list[ListNeed]:
    """What the drafts of a mission read of lists, and the newest versions of those that they still lack."""
    needs = [need for draft in drafts(session, mission) for need in needs_of(draft.xform)]
    for version in newest_versions(session, mission):
        held = files_of_version(session, version)
        needs += [need for need in needs_of(version.xform) if need.file not in held]
    return list(dict.fromkeys(needs))


def faults_in(
    session: Session, store: Store, mission: Mission, draft: FormDraft
) -> dict[str, list[RowError]]:
    """What the lists that the mission has lack for a draft, by the name of the file."""
    held = {each.name: each for each in files_of_mission(session, mission)}
    found: dict[str, list[RowError]] = {}
    for need in needs_of(draft.xform):
        if need.file in held and need.file != CONTENDERS:
            data = store.get(held[need.file].stored_file.sha256)
            found.setdefault(need.file, []).extend(faults_of(need, data))
    return {name: list(dict.fromkeys(errors))[:MAX_ERRORS] for name, errors in found.items() if errors}


def digests(session: Session, mission: Mission, held: FormVersion | FormDraft) -> dict[str, str]:
    """The SHA-256 of the files that a version (as they will always be) or a draft (as they are now) names, by name."""
    if isinstance(held, FormVersion):
        return {name: file.sha256 for name, file in files_of_version(session, held).items()}
    named = set(definition(held).media)
    return {
        each.name: each.stored_file.sha256
        for each in files_of_mission(session, mission)
        if each.name in named
    }
