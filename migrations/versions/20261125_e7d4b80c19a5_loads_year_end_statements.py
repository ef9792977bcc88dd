"""Files loaded into the ledger, closing by two people, statements sent to donors; lists of the ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "e7d4b80c19a5"
down_revision = "9d4b7a60c1f8"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MESSAGE = "lines of the books are never changed or deleted"
CLOSED = "the sums of this fiscal year are kept: it takes no more lines"
# The copy on SQLite keeps only the checks it is told.
CHECKS = (
    sa.CheckConstraint("object_number BETWEEN 1 AND 9", name="ck_expenditures_object_is_known"),
    sa.CheckConstraint("amount_cents <> 0", name="ck_expenditures_amount_is_not_nil"),
    sa.CheckConstraint("length(currency) = 3", name="ck_expenditures_currency_has_three_letters"),
)
YEAR_COLUMNS = (("prepared_on", sa.Date()), ("prepared_by", sa.String(200)), ("prepared_by_id", sa.Integer()))


LISTS = {
    "ix_expenditures_day": ["fiscal_year", "incurred_on", "id"],
    "ix_expenditures_mission_day": ["mission_id", "fiscal_year", "incurred_on", "id"],
    "ix_expenditures_award_day": ["award_id", "fiscal_year", "incurred_on", "id"],
    "ix_expenditures_object_day": [
        "object_number", "fiscal_year", "incurred_on", "id", "usd_cents", "icr_cents",
    ],
}  # fmt: skip


def upgrade():
    loads()
    op.drop_index("ix_expenditures_mission_day", "expenditures")
    for name, columns in LISTS.items():
        op.create_index(name, "expenditures", columns)
    years()
    statements()


def loads():
    op.create_table(
        "ledger_loads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("known_count", sa.Integer(), nullable=False),
        sa.Column("usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("icr_cents", sa.BigInteger(), nullable=False),
        sa.Column("loaded_by", sa.String(200), nullable=False),
        sa.Column("reverses_load_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name="fk_ledger_loads_mission_id"),
        sa.ForeignKeyConstraint(
            ["reverses_load_id"], ["ledger_loads.id"], name="fk_ledger_loads_reverses_load_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_loads"),
        sa.UniqueConstraint("reverses_load_id", name="uq_ledger_loads_reverses_load_id"),
    )
    op.create_index("ix_ledger_loads_mission_id", "ledger_loads", ["mission_id"])
    op.create_index("ix_ledger_loads_sha256", "ledger_loads", ["sha256"])
    op.create_table(
        "column_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("heads", sa.String(64), nullable=False),
        sa.Column("choice", JSON, nullable=False),
        sa.Column("saved_by", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_column_mappings"),
        sa.UniqueConstraint("name", name="uq_column_mappings_name"),
    )
    op.create_index("ix_column_mappings_heads", "column_mappings", ["heads"])
    with op.batch_alter_table("expenditures", table_args=CHECKS) as batch_op:
        batch_op.add_column(sa.Column("load_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_expenditures_load_id", "ledger_loads", ["load_id"], ["id"])
        batch_op.create_index("ix_expenditures_load_id", ["load_id"])
    lock_the_copy()


def years():
    for name, kind in YEAR_COLUMNS:
        op.add_column("fiscal_years", sa.Column(name, kind, nullable=True))
    op.create_table(
        "year_reopenings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("was_closed_on", sa.Date(), nullable=False),
        sa.Column("was_closed_by", sa.String(200), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.String(200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["year"], ["fiscal_years.year"], name="fk_year_reopenings_year"),
        sa.PrimaryKeyConstraint("id", name="pk_year_reopenings"),
    )
    op.create_index("ix_year_reopenings_year", "year_reopenings", ["year"])


def statements():
    op.create_table(
        "sent_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("up_to", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_to", sa.String(300), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(500), nullable=True),
        sa.Column("sent_by", sa.String(200), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name="fk_sent_statements_award_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sent_statements"),
    )
    op.create_index("ix_sent_statements_award_id", "sent_statements", ["award_id"])


def downgrade():
    for name in LISTS:
        op.drop_index(name, "expenditures")
    op.create_index("ix_expenditures_mission_day", "expenditures", ["mission_id", "incurred_on"])
    op.drop_table("sent_statements")
    op.drop_table("year_reopenings")
    for name, _kind in reversed(YEAR_COLUMNS):
        op.drop_column("fiscal_years", name)
    with op.batch_alter_table("expenditures", table_args=CHECKS) as batch_op:
        batch_op.drop_index("ix_expenditures_load_id")
        batch_op.drop_constraint("fk_expenditures_load_id", type_="foreignkey")
        batch_op.drop_column("load_id")
    lock_the_copy()
    op.drop_table("column_mappings")
    op.drop_table("ledger_loads")


def lock_the_copy():
    """SQLite drops the triggers of a table together with the one that is copied."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER expenditures_no_{verb} BEFORE {verb} ON expenditures "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        op.execute(
            "CREATE TRIGGER expenditures_kept BEFORE INSERT ON expenditures WHEN EXISTS (SELECT 1 FROM kept_years "
            "WHERE year IN (NEW.fiscal_year, CAST(substr(NEW.incurred_on, 1, 4) AS INTEGER))) "
            f"BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END"
        )
