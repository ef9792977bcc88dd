"""Budgets with versions, obligations, advances, entries that wait for a second person, scans of vouchers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "29279316db47"
down_revision = "a904ec82fad9"
branch_labels = None
depends_on = None


# As in the models; a migration depends on nothing of today's code.
BOOKS = "lines of the books are never changed or deleted"
VERSION = "an approved budget never changes: a revision makes the next one"
LINES = "lines of a budget change only while it is a draft"
FINAL = ("obligations", "obligation_settlements", "advances", "advance_settlements", "charges")
ACTIVITIES = (
    "activity IN ('whole', 'preparation', 'core_group', 'training', 'deployment', 'runoff', 'reporting')"
)
PRODUCT = "ABS(CAST(quantity AS NUMERIC) * CAST(days AS NUMERIC) * unit_cents - usd_cents) <= 0.51"
SAME_LINE = "uq_budget_lines_version_id_object_number_activity_description"
exact = {n: sa.Numeric(*n).with_variant(sa.String(40), "sqlite") for n in ((12, 2), (8, 2))}


def upgrade():
    op.create_table(
        "expected_elections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("polling_on", sa.Date(), nullable=False),
        sa.Column("observer_count", sa.Integer(), nullable=False),
        sa.Column("day_count", sa.Integer(), nullable=False),
        sa.Column("likelihood_percent", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "likelihood_percent BETWEEN 1 AND 100",
            name=op.f("ck_expected_elections_likelihood_is_a_percentage"),
        ),
        sa.CheckConstraint(
            "observer_count > 0 AND day_count > 0", name=op.f("ck_expected_elections_counts_are_above_zero")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_elections")),
        sa.UniqueConstraint(
            "country", "polling_on", "name", name=op.f("uq_expected_elections_country_polling_on_name")
        ),
    )
    with op.batch_alter_table("expected_elections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expected_elections_polling_on"), ["polling_on"], unique=False)

    op.create_table(
        "per_diem_rates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("usd_cents > 0", name=op.f("ck_per_diem_rates_rate_is_above_zero")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_per_diem_rates")),
        sa.UniqueConstraint(
            "country", "place", "starts_on", name=op.f("uq_per_diem_rates_country_place_starts_on")
        ),
    )
    op.create_table(
        "standard_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("object_number", sa.SmallInteger(), nullable=False),
        sa.Column(
            "activity",
            sa.Enum(
                "whole",
                "preparation",
                "core_group",
                "training",
                "deployment",
                "runoff",
                "reporting",
                name="activity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column(
            "basis",
            sa.Enum(
                "fixed",
                "observers",
                "days",
                "observer_days",
                name="line_basis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Numeric(12, 2).with_variant(sa.String(40), "sqlite"), nullable=False),
        sa.Column("unit_cents", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name=op.f("ck_standard_lines_object_is_known")),
        sa.CheckConstraint("unit_cents > 0", name=op.f("ck_standard_lines_cost_is_above_zero")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_lines")),
        sa.UniqueConstraint(
            "object_number",
            "activity",
            "description",
            name=op.f("uq_standard_lines_object_number_activity_description"),
        ),
    )
    op.create_table(
        "budget_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                name="budget_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("observer_count", sa.Integer(), nullable=True),
        sa.Column("day_count", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=500), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("prepared_by", sa.String(length=200), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_by", sa.String(length=200), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=200), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status <> 'approved' OR approved_at IS NOT NULL",
            name=op.f("ck_budget_versions_approval_has_its_day"),
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR submitted_by_id IS NULL OR approved_by_id <> submitted_by_id",
            name=op.f("ck_budget_versions_two_people_approve"),
        ),
        sa.CheckConstraint(
            "day_count IS NULL OR day_count > 0", name=op.f("ck_budget_versions_days_above_zero")
        ),
        sa.CheckConstraint(
            "observer_count IS NULL OR observer_count > 0",
            name=op.f("ck_budget_versions_observers_above_zero"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["users.id"], name=op.f("fk_budget_versions_approved_by_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_budget_versions_mission_id")),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["users.id"], name=op.f("fk_budget_versions_prepared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["users.id"], name=op.f("fk_budget_versions_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_versions")),
        sa.UniqueConstraint("mission_id", "number", name=op.f("uq_budget_versions_mission_id_number")),
    )
    with op.batch_alter_table("budget_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_versions_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(
            "uq_budget_versions_one_open",
            ["mission_id"],
            unique=True,
            sqlite_where=sa.text("status <> 'approved'"),
            postgresql_where=sa.text("status <> 'approved'"),
        )

    op.create_table(
        "advances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("object_number", sa.SmallInteger(), nullable=False),
        sa.Column("budget_line_id", sa.Integer(), nullable=True),
        sa.Column("per_diem_rate_id", sa.Integer(), nullable=False),
        sa.Column("voucher", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Numeric(8, 2).with_variant(sa.String(40), "sqlite"), nullable=False),
        sa.Column("rate_cents", sa.BigInteger(), nullable=False),
        sa.Column("per_diem_cents", sa.BigInteger(), nullable=False),
        sa.Column("other_cents", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ABS(CAST(days AS NUMERIC) * rate_cents - per_diem_cents) <= 0.51",
            name=op.f("ck_advances_per_diem_is_the_product"),
        ),
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name=op.f("ck_advances_object_is_known")),
        sa.CheckConstraint(
            "per_diem_cents >= 0 AND other_cents >= 0", name=op.f("ck_advances_amounts_are_not_below_zero")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_advances_appointment_id")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_advances_award_id")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"], ["budget_lines.id"], name=op.f("fk_advances_budget_line_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_advances_mission_id")),
        sa.ForeignKeyConstraint(
            ["per_diem_rate_id"], ["per_diem_rates.id"], name=op.f("fk_advances_per_diem_rate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advances")),
        sa.UniqueConstraint("mission_id", "voucher", name=op.f("uq_advances_mission_id_voucher")),
    )
    with op.batch_alter_table("advances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advances_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advances_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advances_budget_line_id"), ["budget_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advances_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_advances_paid_on"), ["paid_on"], unique=False)

    op.create_table(
        "obligations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("object_number", sa.SmallInteger(), nullable=False),
        sa.Column("budget_line_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("payee", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("obligated_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.Numeric(18, 8).with_variant(sa.String(40), "sqlite"), nullable=False),
        sa.Column("usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "amount_cents > 0 AND usd_cents > 0", name=op.f("ck_obligations_amounts_are_above_zero")
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_obligations_currency_has_three_letters")),
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name=op.f("ck_obligations_object_is_known")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_obligations_award_id")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"], ["budget_lines.id"], name=op.f("fk_obligations_budget_line_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_obligations_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligations")),
        sa.UniqueConstraint("mission_id", "reference", name=op.f("uq_obligations_mission_id_reference")),
    )
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_obligations_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligations_budget_line_id"), ["budget_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligations_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligations_obligated_on"), ["obligated_on"], unique=False)

    op.create_table(
        "advance_settlements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("advance_id", sa.Integer(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("voucher", sa.String(length=60), nullable=False),
        sa.Column("days", sa.Numeric(8, 2).with_variant(sa.String(40), "sqlite"), nullable=False),
        sa.Column("rate_cents", sa.BigInteger(), nullable=False),
        sa.Column("per_diem_cents", sa.BigInteger(), nullable=False),
        sa.Column("other_cents", sa.BigInteger(), nullable=False),
        sa.Column("balance_cents", sa.BigInteger(), nullable=False),
        sa.Column("expenditure_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ABS(CAST(days AS NUMERIC) * rate_cents - per_diem_cents) <= 0.51",
            name=op.f("ck_advance_settlements_per_diem_is_the_product"),
        ),
        sa.ForeignKeyConstraint(
            ["advance_id"], ["advances.id"], name=op.f("fk_advance_settlements_advance_id")
        ),
        sa.ForeignKeyConstraint(
            ["expenditure_id"], ["expenditures.id"], name=op.f("fk_advance_settlements_expenditure_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["advance_settlements.id"], name=op.f("fk_advance_settlements_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advance_settlements")),
        sa.UniqueConstraint("expenditure_id", name=op.f("uq_advance_settlements_expenditure_id")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_advance_settlements_reverses_id")),
    )
    with op.batch_alter_table("advance_settlements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advance_settlements_advance_id"), ["advance_id"], unique=False)

    op.create_table(
        "charges",
        sa.Column("expenditure_id", sa.Integer(), nullable=False),
        sa.Column("budget_line_id", sa.Integer(), nullable=True),
        sa.Column("obligation_id", sa.Integer(), nullable=True),
        sa.Column("advance_id", sa.Integer(), nullable=True),
        sa.Column("recharges_id", sa.Integer(), nullable=True),
        sa.Column("exceeds_line", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["advance_id"], ["advances.id"], name=op.f("fk_charges_advance_id")),
        sa.ForeignKeyConstraint(
            ["budget_line_id"], ["budget_lines.id"], name=op.f("fk_charges_budget_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["expenditure_id"], ["expenditures.id"], name=op.f("fk_charges_expenditure_id")
        ),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_charges_obligation_id")),
        sa.ForeignKeyConstraint(["recharges_id"], ["expenditures.id"], name=op.f("fk_charges_recharges_id")),
        sa.PrimaryKeyConstraint("expenditure_id", name=op.f("pk_charges")),
        sa.UniqueConstraint("recharges_id", name=op.f("uq_charges_recharges_id")),
    )
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charges_advance_id"), ["advance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charges_budget_line_id"), ["budget_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charges_obligation_id"), ["obligation_id"], unique=False)

    op.create_table(
        "obligation_settlements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "payment",
                "cancellation",
                "reopening",
                name="settlement_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("expenditure_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_obligation_settlements_amount_is_not_nil")),
        sa.ForeignKeyConstraint(
            ["expenditure_id"], ["expenditures.id"], name=op.f("fk_obligation_settlements_expenditure_id")
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name=op.f("fk_obligation_settlements_obligation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation_settlements")),
        sa.UniqueConstraint("expenditure_id", name=op.f("uq_obligation_settlements_expenditure_id")),
    )
    with op.batch_alter_table("obligation_settlements", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_obligation_settlements_obligation_id"), ["obligation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_obligation_settlements_settled_on"), ["settled_on"], unique=False
        )

    op.create_table(
        "pending_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "expenditure",
                "recharge",
                "advance",
                "settlement",
                name="entry_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "approved",
                "refused",
                name="entry_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("voucher", sa.String(length=60), nullable=False),
        sa.Column("payee", sa.String(length=200), nullable=False),
        sa.Column("usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("expenditure_id", sa.Integer(), nullable=True),
        sa.Column("advance_id", sa.Integer(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "entered_by_id IS NULL OR decided_by_id IS NULL OR decided_by_id <> entered_by_id",
            name=op.f("ck_pending_entries_two_people_decide"),
        ),
        sa.CheckConstraint("usd_cents > 0", name=op.f("ck_pending_entries_amount_is_above_zero")),
        sa.ForeignKeyConstraint(["advance_id"], ["advances.id"], name=op.f("fk_pending_entries_advance_id")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_pending_entries_award_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_pending_entries_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_pending_entries_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["expenditure_id"], ["expenditures.id"], name=op.f("fk_pending_entries_expenditure_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_pending_entries_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_entries")),
        sa.UniqueConstraint("expenditure_id", name=op.f("uq_pending_entries_expenditure_id")),
    )
    with op.batch_alter_table("pending_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_entries_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pending_entries_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pending_entries_status"), ["status"], unique=False)

    op.create_table(
        "voucher_scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("expenditure_id", sa.Integer(), nullable=True),
        sa.Column("pending_id", sa.Integer(), nullable=True),
        sa.Column("obligation_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "expenditure_id IS NOT NULL OR pending_id IS NOT NULL OR obligation_id IS NOT NULL",
            name=op.f("ck_voucher_scans_proves_something"),
        ),
        sa.ForeignKeyConstraint(
            ["expenditure_id"], ["expenditures.id"], name=op.f("fk_voucher_scans_expenditure_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_voucher_scans_file_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_voucher_scans_mission_id")),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name=op.f("fk_voucher_scans_obligation_id")
        ),
        sa.ForeignKeyConstraint(
            ["pending_id"], ["pending_entries.id"], name=op.f("fk_voucher_scans_pending_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_scans")),
    )
    with op.batch_alter_table("voucher_scans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voucher_scans_expenditure_id"), ["expenditure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_scans_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_scans_obligation_id"), ["obligation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voucher_scans_pending_id"), ["pending_id"], unique=False)

    lines_get_versions()
    lock()


def downgrade():
    unlock()
    lines_lose_versions()
    with op.batch_alter_table("voucher_scans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voucher_scans_pending_id"))
        batch_op.drop_index(batch_op.f("ix_voucher_scans_obligation_id"))
        batch_op.drop_index(batch_op.f("ix_voucher_scans_mission_id"))
        batch_op.drop_index(batch_op.f("ix_voucher_scans_expenditure_id"))

    op.drop_table("voucher_scans")
    with op.batch_alter_table("pending_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pending_entries_status"))
        batch_op.drop_index(batch_op.f("ix_pending_entries_mission_id"))
        batch_op.drop_index(batch_op.f("ix_pending_entries_award_id"))

    op.drop_table("pending_entries")
    with op.batch_alter_table("obligation_settlements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obligation_settlements_settled_on"))
        batch_op.drop_index(batch_op.f("ix_obligation_settlements_obligation_id"))

    op.drop_table("obligation_settlements")
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charges_obligation_id"))
        batch_op.drop_index(batch_op.f("ix_charges_budget_line_id"))
        batch_op.drop_index(batch_op.f("ix_charges_advance_id"))

    op.drop_table("charges")
    with op.batch_alter_table("advance_settlements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_advance_settlements_advance_id"))

    op.drop_table("advance_settlements")
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obligations_obligated_on"))
        batch_op.drop_index(batch_op.f("ix_obligations_mission_id"))
        batch_op.drop_index(batch_op.f("ix_obligations_budget_line_id"))
        batch_op.drop_index(batch_op.f("ix_obligations_award_id"))

    op.drop_table("obligations")
    with op.batch_alter_table("advances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_advances_paid_on"))
        batch_op.drop_index(batch_op.f("ix_advances_mission_id"))
        batch_op.drop_index(batch_op.f("ix_advances_budget_line_id"))
        batch_op.drop_index(batch_op.f("ix_advances_award_id"))
        batch_op.drop_index(batch_op.f("ix_advances_appointment_id"))

    op.drop_table("advances")
    with op.batch_alter_table("budget_versions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_budget_versions_one_open",
            sqlite_where=sa.text("status <> 'approved'"),
            postgresql_where=sa.text("status <> 'approved'"),
        )
        batch_op.drop_index(batch_op.f("ix_budget_versions_mission_id"))

    op.drop_table("budget_versions")
    op.drop_table("standard_lines")
    op.drop_table("per_diem_rates")
    with op.batch_alter_table("expected_elections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expected_elections_polling_on"))

    op.drop_table("expected_elections")


def lines_get_versions():
    """Every mission's lines become version 1, approved on the day of the newest of them."""
    with op.batch_alter_table("budget_lines") as batch_op:
        batch_op.add_column(sa.Column("version_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("code", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("activity", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("unit", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("quantity", exact[12, 2], nullable=True))
        batch_op.add_column(sa.Column("days", exact[8, 2], nullable=True))
        batch_op.add_column(sa.Column("unit_cents", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("scales_with_observers", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("scales_with_days", sa.Boolean(), nullable=True))
        batch_op.drop_constraint("uq_budget_lines_mission_id_object_number_description", type_="unique")
    op.execute(
        "INSERT INTO budget_versions (mission_id, number, status, prepared_by, approved_by, approved_at, "
        "is_demonstration, created_at) SELECT mission_id, 1, 'approved', 'system', 'system', max(created_at), "
        "CAST(max(CAST(is_demonstration AS INTEGER)) AS BOOLEAN), min(created_at) FROM budget_lines GROUP BY mission_id"
    )
    number_the_lines()
    one = "'1.00'" if op.get_bind().dialect.name == "sqlite" else "1"
    op.execute(
        "UPDATE budget_lines SET activity = 'whole', unit_cents = usd_cents, scales_with_observers = false, "
        f"scales_with_days = false, quantity = {one}, days = {one}, version_id = "  # noqa: S608 - our own text
        "(SELECT id FROM budget_versions WHERE budget_versions.mission_id = budget_lines.mission_id)"
    )
    with op.batch_alter_table("budget_lines") as batch_op:
        for name in ("version_id", "code", "activity", "quantity", "days", "unit_cents"):
            batch_op.alter_column(name, nullable=False)
        for name in ("scales_with_observers", "scales_with_days"):
            batch_op.alter_column(name, nullable=False)
        batch_op.create_check_constraint(batch_op.f("ck_budget_lines_activity"), ACTIVITIES)
        batch_op.create_check_constraint(batch_op.f("ck_budget_lines_total_is_the_product"), PRODUCT)
        batch_op.create_unique_constraint(
            batch_op.f("uq_budget_lines_version_id_code"), ["version_id", "code"]
        )
        batch_op.create_unique_constraint(
            batch_op.f(SAME_LINE), ["version_id", "object_number", "activity", "description"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_budget_lines_version_id"), "budget_versions", ["version_id"], ["id"]
        )


def number_the_lines():
    """Codes as 4.01: the object, and the place of the line in it."""
    connection, places = op.get_bind(), {}
    rows = connection.exec_driver_sql("SELECT id, mission_id, object_number FROM budget_lines ORDER BY id")
    for id_, mission_id, number in rows.fetchall():
        place = places[mission_id, number] = places.get((mission_id, number), 0) + 1
        code = {"code": f"{number}.{place:02d}", "id": id_}
        connection.execute(sa.text("UPDATE budget_lines SET code = :code WHERE id = :id"), code)


def lines_lose_versions():
    """Only the lines of the newest approved version stay: before, a mission had one budget."""
    op.execute(
        "DELETE FROM budget_lines WHERE version_id NOT IN (SELECT max(id) FROM budget_versions "
        "WHERE status = 'approved' GROUP BY mission_id)"
    )
    with op.batch_alter_table("budget_lines") as batch_op:
        batch_op.drop_constraint("fk_budget_lines_version_id", type_="foreignkey")
        batch_op.drop_constraint(SAME_LINE, type_="unique")
        batch_op.drop_constraint("uq_budget_lines_version_id_code", type_="unique")
        batch_op.drop_constraint(batch_op.f("ck_budget_lines_activity"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_budget_lines_total_is_the_product"), type_="check")
        for name in ("scales_with_days", "scales_with_observers", "unit_cents", "days", "quantity", "unit",
                     "activity", "code", "version_id"):  # fmt: skip
            batch_op.drop_column(name)
        batch_op.create_unique_constraint(
            "uq_budget_lines_mission_id_object_number_description",
            ["mission_id", "object_number", "description"],
        )


def lock():
    """The books are final; an approved budget is final, and the lines of what is no draft."""
    if op.get_bind().dialect.name == "sqlite":
        lock_on_sqlite()
        return
    for table in FINAL:
        op.execute(
            f"CREATE OR REPLACE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{BOOKS}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_final BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}()"
        )
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_budget_versions() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{VERSION}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER budget_versions_final BEFORE UPDATE OR DELETE ON budget_versions "
        "FOR EACH ROW WHEN (OLD.status = 'approved') EXECUTE FUNCTION refuse_budget_versions()"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_budget_lines() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ DECLARE touched integer; BEGIN "
        "IF TG_OP = 'INSERT' THEN touched := NEW.version_id; ELSE touched := OLD.version_id; END IF; "
        "IF (SELECT status FROM budget_versions WHERE id = touched) <> 'draft' THEN "
        f"RAISE EXCEPTION '{LINES}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER budget_lines_final BEFORE INSERT OR UPDATE OR DELETE ON budget_lines "
        "FOR EACH ROW EXECUTE FUNCTION refuse_budget_lines()"
    )


def lock_on_sqlite():
    for table in FINAL:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{BOOKS}'); END"
            )
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER budget_versions_no_{verb} BEFORE {verb} ON budget_versions "
            f"WHEN OLD.status = 'approved' BEGIN SELECT RAISE(ABORT, '{VERSION}'); END"
        )
    for verb, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
        op.execute(
            f"CREATE TRIGGER budget_lines_no_{verb} BEFORE {verb} ON budget_lines "
            f"WHEN (SELECT status FROM budget_versions WHERE id = {row}.version_id) <> 'draft' "
            f"BEGIN SELECT RAISE(ABORT, '{LINES}'); END"
        )


def unlock():
    if op.get_bind().dialect.name == "sqlite":
        names = [
            f"{table}_no_{verb}" for table in (*FINAL, "budget_versions") for verb in ("update", "delete")
        ]
        for name in [*names, *(f"budget_lines_no_{verb}" for verb in ("insert", "update", "delete"))]:
            op.execute(f"DROP TRIGGER {name}")
        return
    for table in (*FINAL, "budget_versions", "budget_lines"):
        op.execute(f"DROP FUNCTION refuse_{table}() CASCADE")
