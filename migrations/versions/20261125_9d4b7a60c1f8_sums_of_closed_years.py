"""The sums of closed years are kept, and the ledger refuses a line of such a year."""

import sqlalchemy as sa
from alembic import op

revision = "9d4b7a60c1f8"
down_revision = "e4a7c90d1b52"
branch_labels = None
depends_on = None

# The same texts as eom/finance/models/kept.py had when this was written.
MESSAGE = "sums of closed years are never changed or deleted"
CLOSED = "the sums of this fiscal year are kept: it takes no more lines"
TABLES = {"kept_years": "year", "kept_sums": "fiscal_year"}

KEEP_YEAR = """
INSERT INTO kept_years (year, sum_count, line_count, booked_cents, dated_cents, last_line_id)
SELECT y.year, (SELECT COUNT(*) FROM (SELECT DISTINCT mission_id, award_id FROM expenditures
                WHERE fiscal_year = y.year) AS pairs),
       COUNT(e.id), COALESCE(SUM(e.usd_cents + e.icr_cents), 0),
       COALESCE(SUM(CASE WHEN e.incurred_on <= {last} THEN e.usd_cents + e.icr_cents ELSE 0 END), 0), MAX(e.id)
FROM fiscal_years AS y LEFT JOIN expenditures AS e ON e.fiscal_year = y.year
WHERE y.closed_on IS NOT NULL GROUP BY y.year
"""
KEEP_SUMS = """
INSERT INTO kept_sums (fiscal_year, mission_id, award_id, line_count, booked_cents, dated_cents)
SELECT y.year, e.mission_id, e.award_id, COUNT(*), SUM(e.usd_cents + e.icr_cents),
       SUM(CASE WHEN e.incurred_on <= {last} THEN e.usd_cents + e.icr_cents ELSE 0 END)
FROM fiscal_years AS y JOIN expenditures AS e ON e.fiscal_year = y.year
WHERE y.closed_on IS NOT NULL GROUP BY y.year, e.mission_id, e.award_id
"""
LAST_DAY = {"sqlite": "y.year || '-12-31'", "postgresql": "make_date(y.year, 12, 31)"}


def lock(dialect):
    for table, column in TABLES.items():
        reopened = f"SELECT closed_on IS NULL FROM fiscal_years WHERE year = OLD.{column}"
        if dialect == "sqlite":
            for verb, when in (("update", ""), ("delete", f"WHEN NOT COALESCE(({reopened}), 0) ")):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
                    f"{when}BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )
            continue
        op.execute(
            f"CREATE OR REPLACE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_OP = 'DELETE' THEN IF ({reopened}) THEN RETURN OLD; END IF; END IF; "
            f"RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_final BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}()"
        )


def refuse_lines(dialect):
    if dialect == "sqlite":
        op.execute(
            "CREATE TRIGGER expenditures_kept BEFORE INSERT ON expenditures WHEN EXISTS (SELECT 1 FROM kept_years "
            "WHERE year IN (NEW.fiscal_year, CAST(substr(NEW.incurred_on, 1, 4) AS INTEGER))) "
            f"BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_kept_year() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM kept_years WHERE year IN "
        "(NEW.fiscal_year, CAST(EXTRACT(YEAR FROM NEW.incurred_on) AS INTEGER))) THEN "
        f"RAISE EXCEPTION '{CLOSED}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER expenditures_kept BEFORE INSERT ON expenditures "
        "FOR EACH ROW EXECUTE FUNCTION refuse_kept_year()"
    )


def upgrade():
    dialect = op.get_bind().dialect.name
    op.create_table(
        "kept_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sum_count", sa.Integer(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("booked_cents", sa.BigInteger(), nullable=False),
        sa.Column("dated_cents", sa.BigInteger(), nullable=False),
        sa.Column("last_line_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["last_line_id"], ["expenditures.id"], name="fk_kept_years_last_line_id"),
        sa.ForeignKeyConstraint(["year"], ["fiscal_years.year"], name="fk_kept_years_year"),
        sa.PrimaryKeyConstraint("year", name="pk_kept_years"),
    )
    op.create_table(
        "kept_sums",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("booked_cents", sa.BigInteger(), nullable=False),
        sa.Column("dated_cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name="fk_kept_sums_award_id"),
        sa.ForeignKeyConstraint(["fiscal_year"], ["kept_years.year"], name="fk_kept_sums_fiscal_year"),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name="fk_kept_sums_mission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_sums"),
        sa.UniqueConstraint(
            "fiscal_year", "mission_id", "award_id", name="uq_kept_sums_fiscal_year_mission_id_award_id"
        ),
    )
    op.create_index("ix_kept_sums_award_id", "kept_sums", ["award_id"])
    op.create_index("ix_kept_sums_mission_id", "kept_sums", ["mission_id"])
    op.create_index(
        "ix_expenditures_reversals", "expenditures", ["fiscal_year", "reverses_id"],
        sqlite_where=sa.text("reverses_id IS NOT NULL"), postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )  # fmt: skip
    for statement in (KEEP_YEAR, KEEP_SUMS):
        op.execute(statement.format(last=LAST_DAY[dialect]))
    lock(dialect)
    refuse_lines(dialect)


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER expenditures_kept")
    op.drop_index("ix_expenditures_reversals", "expenditures")
    for table in reversed(list(TABLES)):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_kept_year() CASCADE")
        for table in TABLES:
            op.execute(f"DROP FUNCTION refuse_{table}() CASCADE")
