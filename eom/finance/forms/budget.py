"""The forms of a mission's budget; the fields are named as the arguments of the services."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from eom.core.i18n import lazy
from eom.finance.forms.expenditure import object_choices
from eom.finance.models.budget import Activity, LineBasis
from eom.web.fields import (
    BooleanField,
    ChoiceField,
    ChoicesField,
    EnumField,
    MoneyField,
    NoteField,
    NumberField,
    TextField,
)
from eom.web.forms import BaseForm

Choices = list[tuple[str, str]]


class BudgetLineForm(BaseForm):
    """What is planned, on which object and activity: quantity × days × cost of a unit."""

    object_number = ChoiceField(lazy("Object of expenditure"), object_choices, needed=True)
    activity = EnumField(lazy("Activity"), Activity, needed=True)
    description = TextField(lazy("Description"), length=300, needed=True)
    unit = TextField(
        lazy("Unit"), length=60, description=lazy("What is counted: observer, ticket, vehicle, policy…")
    )
    quantity = NumberField(lazy("Quantity"), needed=True, minimum=None, maximum=10**6, places=2)
    days = NumberField(
        lazy("Days or times"), needed=True, minimum=None, maximum=10**4, places=2,
        description=lazy("1 for what is paid once."),
    )  # fmt: skip
    unit_cents = MoneyField(lazy("Cost of a unit in US dollars"), needed=True)
    scales_with_observers = BooleanField(lazy("The quantity grows with the number of observers"))
    scales_with_days = BooleanField(lazy("The days are those of the mission"))

    @classmethod
    def blank(cls) -> BudgetLineForm:
        """The form of a new line: once, for the mission as a whole."""
        return cls(quantity=Decimal(1), days=Decimal(1), activity=Activity.WHOLE)

    def payload(self) -> dict[str, Any]:
        """The values, the object as a number."""
        values = super().payload()
        return values | {"object_number": int(values["object_number"])}


class DraftForm(BaseForm):
    """What a version of a budget is made for."""

    observer_count = NumberField(lazy("Observers"), minimum=1, maximum=10_000, places=0)
    day_count = NumberField(lazy("Days"), minimum=1, maximum=10_000, places=0)
    purpose = TextField(
        lazy("What it is for"), length=500, description=lazy("Of a revision: what made it necessary.")
    )

    def payload(self) -> dict[str, Any]:
        """The values, counts as whole numbers."""
        values = super().payload()
        return values | {name: whole(values[name]) for name in ("observer_count", "day_count")}


def whole(value: Decimal | None) -> int | None:
    """A number of a field as a whole one."""
    return None if value is None else int(value)


class ScaleForm(BaseForm):
    """The size of the mission that a budget is made for."""

    observer_count = NumberField(lazy("Observers"), needed=True, minimum=1, maximum=10_000, places=0)
    day_count = NumberField(lazy("Days"), needed=True, minimum=1, maximum=10_000, places=0)


class CopyForm(ScaleForm):
    """Another mission's budget, scaled to this one's size."""

    budget_id = ChoiceField(lazy("Budget to copy"), needed=True)
    is_seen = BooleanField(lazy("Copy the lines as they stand below"))

    @classmethod
    def among(cls, sources: Choices, **given: Any) -> CopyForm:
        """The form with the budgets there are."""
        form = cls(**given)
        form.budget_id.choices = [("", lazy("Choose…")), *sources]
        return form


class StandardForm(ScaleForm):
    """The standard lines that this mission needs."""

    line_ids = ChoicesField(lazy("Lines"), needed=True)

    @classmethod
    def among(cls, lines: Choices, **given: Any) -> StandardForm:
        """The form with the lines there are."""
        form = cls(**given)
        form.line_ids.choices = lines
        return form


class StandardLineForm(BaseForm):
    """A line that most missions need."""

    object_number = ChoiceField(lazy("Object of expenditure"), object_choices, needed=True)
    activity = EnumField(lazy("Activity"), Activity, needed=True)
    description = TextField(lazy("Description"), length=300, needed=True)
    unit = TextField(lazy("Unit"), length=60)
    basis = EnumField(lazy("Multiplied by"), LineBasis, needed=True)
    quantity = NumberField(lazy("Quantity"), needed=True, minimum=None, maximum=10**6, places=2)
    unit_cents = MoneyField(lazy("Cost of a unit in US dollars"), needed=True)
    source = TextField(
        lazy("Source"), needed=True, description=lazy("Where the cost comes from, and its date.")
    )

    def payload(self) -> dict[str, Any]:
        """The values, the object as a number."""
        values = super().payload()
        return values | {"object_number": int(values["object_number"])}


class ReasonForm(BaseForm):
    """Why something is sent back or refused."""

    reason = NoteField(lazy("Reason"), length=500, needed=True)
