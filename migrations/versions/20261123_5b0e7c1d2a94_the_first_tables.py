"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5b0e7c1d2a94"
down_revision = None
branch_labels = None
depends_on = None


# The books are final: the same text as eom/finance/models/final.py had when this was written.
MESSAGE = "lines of the books are never changed or deleted"
BOOKS = ("expenditures", "award_movements")


def lock_the_books() -> None:
    for table in BOOKS:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )
            continue
        op.execute(
            f"CREATE OR REPLACE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_final BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}()"
        )


def unlock_the_books() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in BOOKS:
        op.execute(f"DROP FUNCTION IF EXISTS refuse_{table}() CASCADE")


def upgrade():
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object_type", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.String(length=60), nullable=True),
        sa.Column("object_name", sa.String(length=200), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index("ix_audit_entries_object", ["object_type", "object_id"], unique=False)

    op.create_table(
        "donors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "regular_fund",
                "member_state",
                "permanent_observer",
                "organisation",
                "other",
                name="donor_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("country", sa.String(length=3), nullable=True),
        sa.Column("contact", sa.String(length=300), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donors")),
        sa.UniqueConstraint("name", name=op.f("uq_donors_name")),
    )
    with op.batch_alter_table("donors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_donors_kind"), ["kind"], unique=False)

    op.create_table(
        "exchange_rates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("units_per_usd", sa.Numeric(18, 8).with_variant(sa.String(40), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CAST(units_per_usd AS NUMERIC) > 0", name=op.f("ck_exchange_rates_rate_is_above_zero")
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_exchange_rates_currency_has_three_letters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rates")),
        sa.UniqueConstraint("currency", "month", name=op.f("uq_exchange_rates_currency_month")),
    )
    op.create_table(
        "fiscal_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_fiscal_years")),
    )
    op.create_table(
        "missions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "requested",
                "accepted",
                "funded",
                "planned",
                "deployed",
                "polling",
                "post_election",
                "reported",
                "closed",
                "cancelled",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("host_authority", sa.String(length=200), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column(
            "station_word",
            sa.Enum(
                "station",
                "mesa",
                "jrv",
                "casilla",
                "secao",
                "poll",
                name="station_word",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("chief_name", sa.String(length=200), nullable=True),
        sa.Column("chief_origin", sa.String(length=100), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("cancellation_reason", sa.String(length=500), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("observers_stated", sa.Integer(), nullable=True),
        sa.Column("observers_qualifier", sa.String(length=100), nullable=True),
        sa.Column("nationalities_stated", sa.Integer(), nullable=True),
        sa.Column("deployment_stated", sa.String(length=300), nullable=True),
        sa.Column("number_in_country", sa.String(length=100), nullable=True),
        sa.Column("donors_stated", sa.String(length=200), nullable=True),
        sa.Column("donors_list_complete", sa.String(length=60), nullable=True),
        sa.Column("source_url", sa.String(length=500), nullable=True),
        sa.Column("source_kind", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_missions_dates_in_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missions")),
        sa.UniqueConstraint("code", name=op.f("uq_missions_code")),
    )
    with op.batch_alter_table("missions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_missions_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_missions_stage"), ["stage"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_users_fs_uniquifier")),
    )
    op.create_table(
        "annual_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "reviewed",
                "issued",
                name="report_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("prepared_by", sa.String(length=200), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.String(length=200), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.String(length=200), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status <> 'issued' OR issued_at IS NOT NULL", name=op.f("ck_annual_reports_issued_by_someone")
        ),
        sa.CheckConstraint(
            "status = 'draft' OR reviewed_at IS NOT NULL", name=op.f("ck_annual_reports_reviewed_by_someone")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_annual_reports_hash_is_whole")),
        sa.CheckConstraint(
            "reviewed_by_id IS NULL OR prepared_by_id IS NULL OR reviewed_by_id <> prepared_by_id",
            name=op.f("ck_annual_reports_two_different_people"),
        ),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_annual_reports_revision_counts_from_nil")),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["users.id"], name=op.f("fk_annual_reports_prepared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["users.id"], name=op.f("fk_annual_reports_reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_reports")),
        sa.UniqueConstraint("year", "revision", name=op.f("uq_annual_reports_year_revision")),
    )
    op.create_table(
        "areas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=700), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("is_abroad", sa.Boolean(), nullable=False),
        sa.Column("boundary", sa.String(length=60), nullable=True),
        sa.Column("is_missing", sa.Boolean(), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_areas_level_is_known")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_areas_mission_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["areas.id"], name=op.f("fk_areas_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
        sa.UniqueConstraint("mission_id", "key", name=op.f("uq_areas_mission_id_key")),
    )
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_areas_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_areas_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "awards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column(
            "fund",
            sa.Enum(
                "regular",
                "specific",
                "icr",
                name="fund",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("mission_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("pledged_cents", sa.BigInteger(), nullable=True),
        sa.Column("pledged_usd_cents", sa.BigInteger(), nullable=True),
        sa.Column("pledged_on", sa.Date(), nullable=True),
        sa.Column("agreed_cents", sa.BigInteger(), nullable=True),
        sa.Column("agreed_usd_cents", sa.BigInteger(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("icr_percent", sa.Numeric(7, 4).with_variant(sa.String(40), "sqlite"), nullable=False),
        sa.Column("icr_basis", sa.String(length=300), nullable=True),
        sa.Column("restrictions", sa.Text(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CAST(icr_percent AS NUMERIC) >= 0 AND CAST(icr_percent AS NUMERIC) <= 100",
            name=op.f("ck_awards_icr_is_a_percentage"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_awards_dates_in_order"),
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_awards_currency_has_three_letters")),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_awards_donor_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_awards_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
        sa.UniqueConstraint("reference", name=op.f("uq_awards_reference")),
    )
    with op.batch_alter_table("awards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_awards_donor_id"), ["donor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_awards_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "budget_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("object_number", sa.SmallInteger(), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name=op.f("ck_budget_lines_object_is_known")),
        sa.CheckConstraint("usd_cents > 0", name=op.f("ck_budget_lines_amount_is_above_zero")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_budget_lines_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_lines")),
        sa.UniqueConstraint(
            "mission_id",
            "object_number",
            "description",
            name=op.f("uq_budget_lines_mission_id_object_number_description"),
        ),
    )
    with op.batch_alter_table("budget_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_lines_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "electoral_processes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "presidential",
                "legislative",
                "general",
                "regional",
                "municipal",
                "judicial",
                "referendum",
                "primary",
                "other",
                name="process_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name=op.f("fk_electoral_processes_mission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_electoral_processes")),
    )
    with op.batch_alter_table("electoral_processes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_electoral_processes_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=255), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opening",
                "voting",
                "closing",
                "counting",
                "other",
                name="form_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_forms_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forms")),
        sa.UniqueConstraint("mission_id", "form_id", name=op.f("uq_forms_mission_id_form_id")),
    )
    with op.batch_alter_table("forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forms_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "in_kind_contributions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "personnel",
                "travel",
                "equipment",
                "premises",
                "services",
                "other",
                name="in_kind_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="other",
            nullable=False,
        ),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 2).with_variant(sa.String(40), "sqlite"), nullable=False),
        sa.Column("valued_cents", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valued_cents > 0", name=op.f("ck_in_kind_contributions_value_is_above_zero")),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_in_kind_contributions_donor_id")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name=op.f("fk_in_kind_contributions_mission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_in_kind_contributions")),
    )
    with op.batch_alter_table("in_kind_contributions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_in_kind_contributions_donor_id"), ["donor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_in_kind_contributions_given_on"), ["given_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_in_kind_contributions_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="job_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("arguments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=True),
        sa.Column("result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("error", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_jobs_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_state"), ["state"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "headquarters",
                "chief",
                "deputy",
                "coordinator",
                "observer",
                "finance",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_memberships_mission_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "user_id", "mission_id", "role", name=op.f("uq_memberships_user_id_mission_id_role")
        ),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_memberships_user_id"), ["user_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("given_names", sa.String(length=100), nullable=False),
        sa.Column("family_names", sa.String(length=100), nullable=False),
        sa.Column(
            "gender",
            sa.Enum(
                "woman",
                "man",
                "other",
                "not_stated",
                name="gender",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("expertise", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_people_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        sa.UniqueConstraint("user_id", name=op.f("uq_people_user_id")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_family_names"), ["family_names"], unique=False)

    op.create_table(
        "register_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("summary", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_register_imports_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_imports")),
    )
    with op.batch_alter_table("register_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_imports_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "first",
                "runoff",
                "special",
                "repeat",
                name="round_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("polling_on", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at",
            name=op.f("ck_rounds_hours_in_order"),
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_rounds_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("mission_id", "polling_on", name=op.f("uq_rounds_mission_id_polling_on")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rounds_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "stored_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_stored_files_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_files_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_files_sha256"), ["sha256"], unique=False)

    op.create_table(
        "allocations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("allocated_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=300), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("usd_cents <> 0", name=op.f("ck_allocations_amount_is_not_nil")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_allocations_award_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_allocations_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocations_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocations_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "annual_report_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_annual_report_files_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["annual_reports.id"], name=op.f("fk_annual_report_files_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_report_files")),
        sa.UniqueConstraint("report_id", "language", name=op.f("uq_annual_report_files_report_id_language")),
    )
    with op.batch_alter_table("annual_report_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annual_report_files_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_annual_report_files_report_id"), ["report_id"], unique=False)

    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "chief",
                "deputy_chief",
                "general_coordinator",
                "specialist",
                "regional_coordinator",
                "observer",
                "driver",
                "interpreter",
                "data_gatherer",
                "other_support",
                name="appointment_role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "expertise",
            sa.Enum(
                "electoral_organisation",
                "electoral_technology",
                "electoral_registers",
                "political_finance",
                "electoral_justice",
                "participation_of_women",
                "indigenous_and_afro_descendant",
                "media_and_digital",
                "voting_abroad",
                "electoral_security",
                "party_system",
                "boundary_delimitation",
                "quick_count",
                name="expertise",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "confirmed",
                "withdrawn",
                name="appointment_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_remote", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=3), nullable=True),
        sa.Column("pledge_signed_on", sa.Date(), nullable=True),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("accredited_on", sa.Date(), nullable=True),
        sa.Column("credential_number", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "accredited_on IS NULL OR (pledge_signed_on IS NOT NULL AND trained_on IS NOT NULL)",
            name=op.f("ck_appointments_accredited_after_pledge_and_training"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_appointments_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_appointments_mission_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_appointments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint(
            "mission_id", "person_id", "role", name=op.f("uq_appointments_mission_id_person_id_role")
        ),
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointments_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointments_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointments_role"), ["role"], unique=False)

    op.create_table(
        "award_movements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "receipt",
                "interest",
                "transfer_in",
                "exchange_gain",
                "exchange_loss",
                "refund",
                "transfer_out",
                name="movement_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.Numeric(18, 8).with_variant(sa.String(40), "sqlite"), nullable=False),
        sa.Column("usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "amount_cents <> 0 AND usd_cents <> 0", name=op.f("ck_award_movements_amounts_are_not_nil")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_award_movements_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_movements")),
        sa.UniqueConstraint(
            "award_id", "kind", "reference", name=op.f("uq_award_movements_award_id_kind_reference")
        ),
    )
    with op.batch_alter_table("award_movements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_movements_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_movements_moved_on"), ["moved_on"], unique=False)
        batch_op.create_index("ix_award_movements_year", ["fiscal_year", "award_id", "kind"], unique=False)

    op.create_table(
        "expenditures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("object_number", sa.SmallInteger(), nullable=False),
        sa.Column("incurred_on", sa.Date(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("voucher", sa.String(length=60), nullable=False),
        sa.Column("payee", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.Numeric(18, 8).with_variant(sa.String(40), "sqlite"), nullable=False),
        sa.Column("usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("icr_cents", sa.BigInteger(), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("source_reference", sa.String(length=100), nullable=True),
        sa.Column("is_overdrawn", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_expenditures_amount_is_not_nil")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_expenditures_currency_has_three_letters")),
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name=op.f("ck_expenditures_object_is_known")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_expenditures_award_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_expenditures_mission_id")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["expenditures.id"], name=op.f("fk_expenditures_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expenditures")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_expenditures_reverses_id")),
        sa.UniqueConstraint("source_reference", name=op.f("uq_expenditures_source_reference")),
    )
    with op.batch_alter_table("expenditures", schema=None) as batch_op:
        batch_op.create_index(
            "ix_expenditures_award", ["award_id", "mission_id", "usd_cents", "icr_cents"], unique=False
        )
        batch_op.create_index("ix_expenditures_mission_day", ["mission_id", "incurred_on"], unique=False)
        batch_op.create_index(
            "ix_expenditures_year",
            ["fiscal_year", "mission_id", "award_id", "object_number", "usd_cents", "icr_cents"],
            unique=False,
        )

    op.create_table(
        "form_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_form_files_mission_id")),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_files.id"], name=op.f("fk_form_files_stored_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_files")),
        sa.UniqueConstraint("mission_id", "name", name=op.f("uq_form_files_mission_id_name")),
    )
    with op.batch_alter_table("form_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_files_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "form_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("xform", sa.LargeBinary(), nullable=False),
        sa.Column("xform_hash", sa.String(length=40), nullable=False),
        sa.Column("workbook_id", sa.Integer(), nullable=True),
        sa.Column("languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("media", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("question_count", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_form_versions_form_id")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["users.id"], name=op.f("fk_form_versions_published_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["workbook_id"], ["stored_files.id"], name=op.f("fk_form_versions_workbook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_versions")),
        sa.UniqueConstraint("form_id", "version", name=op.f("uq_form_versions_form_id_version")),
    )
    with op.batch_alter_table("form_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_versions_form_id"), ["form_id"], unique=False)
        batch_op.create_index(
            "uq_form_versions_current",
            ["form_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "milestones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation",
                "reply",
                "immunities_agreement",
                "observation_agreement",
                "preliminary_visit",
                "budget_approved",
                "chief_designated",
                "core_group",
                "training",
                "accreditation",
                "deployment",
                "polling_day",
                "preliminary_statement",
                "final_report",
                "financial_closing",
                name="milestone_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["stored_files.id"], name=op.f("fk_milestones_document_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_milestones_mission_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_milestones_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint(
            "mission_id", "kind", "round_id", name=op.f("uq_milestones_mission_id_kind_round_id")
        ),
    )
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestones_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_round_id"), ["round_id"], unique=False)

    op.create_table(
        "person_nationalities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_nationalities_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_nationalities")),
        sa.UniqueConstraint("person_id", "country", name=op.f("uq_person_nationalities_person_id_country")),
    )
    with op.batch_alter_table("person_nationalities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_nationalities_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_nationalities_person_id"), ["person_id"], unique=False)

    op.create_table(
        "voting_centres",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("first_area_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=1000), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("locality", sa.String(length=200), nullable=True),
        sa.Column("district", sa.String(length=200), nullable=True),
        sa.Column("zone", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=400), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("is_abroad", sa.Boolean(), nullable=False),
        sa.Column("found_in", sa.String(length=200), nullable=True),
        sa.Column("is_outside_area", sa.Boolean(), nullable=False),
        sa.Column("is_missing", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "latitude IS NULL OR latitude BETWEEN -90 AND 90",
            name=op.f("ck_voting_centres_latitude_on_earth"),
        ),
        sa.CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180",
            name=op.f("ck_voting_centres_longitude_on_earth"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_voting_centres_area_id")),
        sa.ForeignKeyConstraint(
            ["first_area_id"], ["areas.id"], name=op.f("fk_voting_centres_first_area_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_voting_centres_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voting_centres")),
        sa.UniqueConstraint("mission_id", "key", name=op.f("uq_voting_centres_mission_id_key")),
    )
    with op.batch_alter_table("voting_centres", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voting_centres_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voting_centres_first_area_id"), ["first_area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voting_centres_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "polling_stations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=1100), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("registered_voters", sa.Integer(), nullable=True),
        sa.Column("is_missing", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "registered_voters IS NULL OR registered_voters >= 0",
            name=op.f("ck_polling_stations_voters_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["voting_centres.id"], name=op.f("fk_polling_stations_centre_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_polling_stations_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polling_stations")),
        sa.UniqueConstraint("mission_id", "key", name=op.f("uq_polling_stations_mission_id_key")),
    )
    with op.batch_alter_table("polling_stations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polling_stations_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index("ix_polling_stations_code", ["mission_id", "code"], unique=False)
        batch_op.create_index(batch_op.f("ix_polling_stations_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("polling_station_id", sa.Integer(), nullable=False),
        sa.Column(
            "selection",
            sa.Enum(
                "random",
                "assigned",
                "convenience",
                name="selection",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_assignments_appointment_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_assignments_mission_id")),
        sa.ForeignKeyConstraint(
            ["polling_station_id"], ["polling_stations.id"], name=op.f("fk_assignments_polling_station_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_assignments_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint(
            "round_id",
            "polling_station_id",
            "appointment_id",
            name=op.f("uq_assignments_round_id_polling_station_id_appointment_id"),
        ),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assignments_polling_station_id"), ["polling_station_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assignments_round_id"), ["round_id"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("form_version_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=255), nullable=False),
        sa.Column("instance_name", sa.String(length=300), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("polling_station_id", sa.Integer(), nullable=True),
        sa.Column("station_answer", sa.String(length=200), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("device_id", sa.String(length=255), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("accuracy", sa.Double(), nullable=True),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("flags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("flag_count", sa.Integer(), nullable=False),
        sa.Column("files_named", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "checked",
                "approved",
                "rejected",
                "to_correct",
                name="submission_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_submissions_latitude_on_earth")
        ),
        sa.CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180",
            name=op.f("ck_submissions_longitude_on_earth"),
        ),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_submissions_form_id")),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["form_versions.id"], name=op.f("fk_submissions_form_version_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_submissions_mission_id")),
        sa.ForeignKeyConstraint(
            ["polling_station_id"], ["polling_stations.id"], name=op.f("fk_submissions_polling_station_id")
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["submissions.id"], name=op.f("fk_submissions_replaces_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_submissions_round_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["users.id"], name=op.f("fk_submissions_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("form_id", "instance_id", name=op.f("uq_submissions_form_id_instance_id")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_submissions_replaces_id")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_form_id"), ["form_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_form_version_id"), ["form_version_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_submissions_polling_station_id"), ["polling_station_id"], unique=False
        )
        batch_op.create_index(
            "ix_submissions_received", ["mission_id", "is_current", "received_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_submissions_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_submitted_by_id"), ["submitted_by_id"], unique=False)

    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("polling_station_id", sa.Integer(), nullable=False),
        sa.Column("submission_count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_visits_mission_id")),
        sa.ForeignKeyConstraint(
            ["polling_station_id"], ["polling_stations.id"], name=op.f("fk_visits_polling_station_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_visits_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint(
            "round_id", "polling_station_id", name=op.f("uq_visits_round_id_polling_station_id")
        ),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_visits_polling_station_id"), ["polling_station_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_visits_round_id"), ["round_id"], unique=False)

    op.create_table(
        "submission_attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_files.id"], name=op.f("fk_submission_attachments_stored_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_attachments_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_attachments")),
        sa.UniqueConstraint(
            "submission_id", "name", name=op.f("uq_submission_attachments_submission_id_name")
        ),
    )
    with op.batch_alter_table("submission_attachments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_submission_attachments_submission_id"), ["submission_id"], unique=False
        )

    op.create_table(
        "submission_conflicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_files.id"], name=op.f("fk_submission_conflicts_stored_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_conflicts_submission_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["users.id"], name=op.f("fk_submission_conflicts_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_conflicts")),
        sa.UniqueConstraint(
            "submission_id", "name", "sha256", name=op.f("uq_submission_conflicts_submission_id_name_sha256")
        ),
    )
    with op.batch_alter_table("submission_conflicts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_submission_conflicts_submission_id"), ["submission_id"], unique=False
        )
    lock_the_books()


def downgrade():
    unlock_the_books()
    with op.batch_alter_table("submission_conflicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_conflicts_submission_id"))

    op.drop_table("submission_conflicts")
    with op.batch_alter_table("submission_attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_attachments_submission_id"))

    op.drop_table("submission_attachments")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_round_id"))
        batch_op.drop_index(batch_op.f("ix_visits_polling_station_id"))
        batch_op.drop_index(batch_op.f("ix_visits_mission_id"))

    op.drop_table("visits")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submissions_submitted_by_id"))
        batch_op.drop_index(batch_op.f("ix_submissions_state"))
        batch_op.drop_index(batch_op.f("ix_submissions_round_id"))
        batch_op.drop_index("ix_submissions_received")
        batch_op.drop_index(batch_op.f("ix_submissions_polling_station_id"))
        batch_op.drop_index(batch_op.f("ix_submissions_mission_id"))
        batch_op.drop_index(batch_op.f("ix_submissions_form_version_id"))
        batch_op.drop_index(batch_op.f("ix_submissions_form_id"))

    op.drop_table("submissions")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignments_round_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_polling_station_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_mission_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_appointment_id"))

    op.drop_table("assignments")
    with op.batch_alter_table("polling_stations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polling_stations_mission_id"))
        batch_op.drop_index("ix_polling_stations_code")
        batch_op.drop_index(batch_op.f("ix_polling_stations_centre_id"))

    op.drop_table("polling_stations")
    with op.batch_alter_table("voting_centres", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voting_centres_mission_id"))
        batch_op.drop_index(batch_op.f("ix_voting_centres_first_area_id"))
        batch_op.drop_index(batch_op.f("ix_voting_centres_area_id"))

    op.drop_table("voting_centres")
    with op.batch_alter_table("person_nationalities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_nationalities_person_id"))
        batch_op.drop_index(batch_op.f("ix_person_nationalities_country"))

    op.drop_table("person_nationalities")
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestones_round_id"))
        batch_op.drop_index(batch_op.f("ix_milestones_mission_id"))
        batch_op.drop_index(batch_op.f("ix_milestones_due_on"))
        batch_op.drop_index(batch_op.f("ix_milestones_document_id"))

    op.drop_table("milestones")
    with op.batch_alter_table("form_versions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_form_versions_current",
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )
        batch_op.drop_index(batch_op.f("ix_form_versions_form_id"))

    op.drop_table("form_versions")
    with op.batch_alter_table("form_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_files_mission_id"))

    op.drop_table("form_files")
    with op.batch_alter_table("expenditures", schema=None) as batch_op:
        batch_op.drop_index("ix_expenditures_year")
        batch_op.drop_index("ix_expenditures_mission_day")
        batch_op.drop_index("ix_expenditures_award")

    op.drop_table("expenditures")
    with op.batch_alter_table("award_movements", schema=None) as batch_op:
        batch_op.drop_index("ix_award_movements_year")
        batch_op.drop_index(batch_op.f("ix_award_movements_moved_on"))
        batch_op.drop_index(batch_op.f("ix_award_movements_award_id"))

    op.drop_table("award_movements")
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointments_role"))
        batch_op.drop_index(batch_op.f("ix_appointments_person_id"))
        batch_op.drop_index(batch_op.f("ix_appointments_mission_id"))

    op.drop_table("appointments")
    with op.batch_alter_table("annual_report_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annual_report_files_report_id"))
        batch_op.drop_index(batch_op.f("ix_annual_report_files_file_id"))

    op.drop_table("annual_report_files")
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocations_mission_id"))
        batch_op.drop_index(batch_op.f("ix_allocations_award_id"))

    op.drop_table("allocations")
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_files_sha256"))
        batch_op.drop_index(batch_op.f("ix_stored_files_mission_id"))

    op.drop_table("stored_files")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rounds_mission_id"))

    op.drop_table("rounds")
    with op.batch_alter_table("register_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_imports_mission_id"))

    op.drop_table("register_imports")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_family_names"))

    op.drop_table("people")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_user_id"))
        batch_op.drop_index(batch_op.f("ix_memberships_mission_id"))

    op.drop_table("memberships")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_jobs_state"))
        batch_op.drop_index(batch_op.f("ix_jobs_mission_id"))

    op.drop_table("jobs")
    with op.batch_alter_table("in_kind_contributions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_in_kind_contributions_mission_id"))
        batch_op.drop_index(batch_op.f("ix_in_kind_contributions_given_on"))
        batch_op.drop_index(batch_op.f("ix_in_kind_contributions_donor_id"))

    op.drop_table("in_kind_contributions")
    with op.batch_alter_table("forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forms_mission_id"))

    op.drop_table("forms")
    with op.batch_alter_table("electoral_processes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_electoral_processes_mission_id"))

    op.drop_table("electoral_processes")
    with op.batch_alter_table("budget_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_lines_mission_id"))

    op.drop_table("budget_lines")
    with op.batch_alter_table("awards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_awards_mission_id"))
        batch_op.drop_index(batch_op.f("ix_awards_donor_id"))

    op.drop_table("awards")
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_areas_parent_id"))
        batch_op.drop_index(batch_op.f("ix_areas_mission_id"))

    op.drop_table("areas")
    op.drop_table("annual_reports")
    op.drop_table("users")
    with op.batch_alter_table("missions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_missions_stage"))
        batch_op.drop_index(batch_op.f("ix_missions_country"))

    op.drop_table("missions")
    op.drop_table("fiscal_years")
    op.drop_table("exchange_rates")
    with op.batch_alter_table("donors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_donors_kind"))

    op.drop_table("donors")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_object")
        batch_op.drop_index(batch_op.f("ix_audit_entries_mission_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))

    op.drop_table("audit_entries")
