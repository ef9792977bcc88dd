"""Forms about people who sign in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import PasswordField

from eom.accounts.models import Membership
from eom.accounts.permissions import Role
from eom.core.i18n import LANGUAGES, lazy
from eom.web.fields import ChoiceField, ChoicesField, DayField, TextField, required
from eom.web.forms import BaseForm

Pairs = Iterable[tuple[Any, Any]]


def _languages() -> list[tuple[str, str]]:
    return list(LANGUAGES.items())


class InviteForm(BaseForm):
    """Someone who is to have a role, with an account or without one yet."""

    email = TextField(lazy("E-mail"), length=254, needed=True)
    name = TextField(lazy("Name"), needed=True)
    language = ChoiceField(lazy("Language"), _languages)
    role = ChoiceField(lazy("Role"), needed=True)
    starts_on = DayField(lazy("From"), description=lazy("Empty: from now on."))
    ends_on = DayField(lazy("Until"), description=lazy("Empty: without end."))
    area_ids = ChoicesField(
        lazy("Limited to areas"),
        description=lazy("For coordinators; none chosen: the whole mission."),
        coerce=int,
    )
    donor_id = ChoiceField(
        lazy("Donor"), description=lazy("For a donor’s viewer."), coerce=lambda v: int(v) if v else None
    )

    @classmethod
    def offering(
        cls,
        roles: Iterable[Role],
        *,
        areas: Pairs = (),
        donors: Pairs = (),
        given: dict[str, str] | None = None,
    ) -> InviteForm:
        """The form with the roles that the person who asks may give; ``given`` is filled in already."""
        form = cls(**(given or {}))
        form.role.choices = [
            ("", lazy("Choose…")),
            *((each.value, each.label) for each in Role if each in roles),
        ]
        form.area_ids.choices = list(areas)
        form.donor_id.choices = [("", lazy("Choose…")), *((key, name) for key, name in donors)]
        if not form.area_ids.choices:
            del form.area_ids
        if Role.DONOR_VIEWER not in roles:
            del form.donor_id
        return form

    def payload(self) -> dict[str, Any]:
        """The values, with the role itself."""
        values = super().payload()
        return {**values, "role": Role(values["role"])}


class MembershipForm(BaseForm):
    """The days and areas of a role."""

    starts_on = DayField(lazy("From"))
    ends_on = DayField(lazy("Until"))
    area_ids = ChoicesField(
        lazy("Limited to areas"), description=lazy("None chosen: the whole mission."), coerce=int
    )

    @classmethod
    def of(cls, membership: Membership, areas: Pairs) -> MembershipForm:
        """The form, filled."""
        form = cls(obj=membership)
        form.area_ids.choices = list(areas)
        if not form.is_submitted():
            form.area_ids.data = [each.area_id for each in membership.areas]
        if membership.role is not Role.COORDINATOR or not form.area_ids.choices:
            del form.area_ids
        return form


class ReasonForm(BaseForm):
    """Why something is done."""

    reason = TextField(
        lazy("Reason"), length=500, needed=True, description=lazy("It stands in the audit trail.")
    )


class UserForm(BaseForm):
    """What an account is called and reads."""

    name = TextField(lazy("Name"), needed=True)
    language = ChoiceField(lazy("Language"), _languages)


class PasswordForm(BaseForm):
    """A password, twice."""

    language = ChoiceField(lazy("Language"), _languages)
    password = PasswordField(
        lazy("Password"),
        validators=required(),
        description=lazy("At least 12 characters: three or four words that do not belong together."),
    )
    again = PasswordField(lazy("Password once more"), validators=required())
