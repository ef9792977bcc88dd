"""A mission's stages: each is left when its milestones are done."""

from __future__ import annotations

from eom.core import audit, clock
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.missions.models.milestone import MilestoneKind as Kind
from eom.missions.models.mission import OVER, Mission, Stage

ORDER = tuple(stage for stage in Stage if stage is not Stage.CANCELLED)

# What must be done before a stage is left (domain.md, "Lifecycle"). A kind that has a milestone for
# each round needs all of them. The preliminary visit is good practice, not a condition.
NEEDED: dict[Stage, tuple[Kind, ...]] = {
    Stage.REQUESTED: (Kind.INVITATION, Kind.REPLY),
    Stage.ACCEPTED: (Kind.BUDGET_APPROVED,),
    Stage.FUNDED: (Kind.IMMUNITIES_AGREEMENT, Kind.OBSERVATION_AGREEMENT, Kind.CHIEF_DESIGNATED),
    Stage.PLANNED: (Kind.CORE_GROUP, Kind.TRAINING, Kind.ACCREDITATION),
    Stage.DEPLOYED: (Kind.DEPLOYMENT,),
    Stage.POLLING: (Kind.POLLING_DAY,),
    Stage.POST_ELECTION: (Kind.PRELIMINARY_STATEMENT, Kind.FINAL_REPORT),
    Stage.REPORTED: (Kind.FINANCIAL_CLOSING,),
}


def next_stage(stage: Stage) -> Stage | None:
    """The stage after this one; None when the mission's life has ended."""
    if stage in OVER:
        return None
    return ORDER[ORDER.index(stage) + 1]


def missing(mission: Mission) -> list[Kind]:
    """The kinds of milestones that still keep the mission in its stage."""
    return [kind for kind in NEEDED.get(mission.stage, ()) if not _is_done(mission, kind)]


def advance(mission: Mission) -> Stage:
    """Move the mission to its next stage and return it.

    Raises Refused when its life has ended, and when milestones are missing, naming them.
    """
    following = next_stage(mission.stage)
    if following is None:
        raise Refused(lazy("The life of this mission has ended: there is no stage after “%(stage)s”.",
                           stage=mission.stage.label))  # fmt: skip
    if absent := missing(mission):
        raise Refused(
            lazy(
                "The mission stays in stage “%(stage)s”: not done yet: %(milestones)s.",
                stage=mission.stage.label,
                milestones=", ".join(str(kind.label) for kind in absent),
            ),
            next_step=lazy("Give these milestones the day they were done."),
        )
    if following is Stage.POLLING and not mission.rounds:
        raise Refused(lazy("The mission has no polling day yet."), next_step=lazy("Add a round first."))
    mission.stage = following
    if following is Stage.CLOSED:
        mission.closed_on = clock.today(mission.time_zone)
    db.session.flush()
    return following


def cancel(mission: Mission, *, reason: str | None) -> None:
    """End the mission before its time. Raises InvalidInput without a reason, Refused when it is over."""
    if not (reason or "").strip():
        raise InvalidInput(lazy("Say why the mission is cancelled."), "reason")
    if mission.is_over:
        raise Refused(_("This mission is over already."))
    audit.because(db.session(), reason)
    mission.cancellation_reason = str(reason).strip()[:500]
    mission.stage = Stage.CANCELLED
    mission.closed_on = clock.today(mission.time_zone)
    db.session.flush()


def _is_done(mission: Mission, kind: Kind) -> bool:
    concerned = [milestone for milestone in mission.milestones if milestone.kind is kind]
    return bool(concerned) and all(milestone.is_done for milestone in concerned)
