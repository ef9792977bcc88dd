"""Files that wait for a second person before they are loaded into the ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "b1c5e08f3a6d"
down_revision = "014107ea3c79"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TABLE = "pending_loads"


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "waiting", "approved", "refused", name="entry_status", native_enum=False, create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("choice", JSON, nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("icr_cents", sa.BigInteger(), nullable=False),
        sa.Column("limit_cents", sa.BigInteger(), nullable=False),
        sa.Column("above", JSON, nullable=False),
        sa.Column("above_count", sa.Integer(), nullable=False),
        sa.Column("beyond", JSON, nullable=False),
        sa.Column("beyond_count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("entered_by", sa.String(200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.String(500), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "entered_by_id IS NULL OR decided_by_id IS NULL OR decided_by_id <> entered_by_id",
            name=op.f("ck_pending_loads_two_people_decide"),
        ),
        sa.CheckConstraint("above_count > 0", name=op.f("ck_pending_loads_a_line_is_above")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_pending_loads_mission_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["users.id"], name=op.f("fk_pending_loads_entered_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_pending_loads_decided_by_id")),
        sa.ForeignKeyConstraint(["load_id"], ["ledger_loads.id"], name=op.f("fk_pending_loads_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_loads")),
        sa.UniqueConstraint("load_id", name=op.f("uq_pending_loads_load_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_pending_loads_mission_id"), TABLE, ["mission_id"])
    op.create_index(op.f("ix_pending_loads_status"), TABLE, ["status"])


def downgrade():
    op.drop_table(TABLE)
