"""Boundaries of levels 2 and 3 by mission; doubtful centres and what was decided about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5c1f0a9e7d24"
down_revision = "d02b6e914fa8"
branch_labels = None
depends_on = None

KINDS = ("unplaced", "outside", "far", "rough", "same_point", "duplicate", "alike")
STATES = ("open", "mended", "dismissed")
document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def one_of(values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade():
    op.create_table(
        "area_boundaries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("geometry", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 2 AND 3", name=op.f("ck_area_boundaries_level_is_loaded")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_area_boundaries_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_boundaries")),
    )
    op.create_index("ix_area_boundaries_mission_id_level", "area_boundaries", ["mission_id", "level"])
    op.create_table(
        "centre_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of(KINDS, "finding_kind"), nullable=False),
        sa.Column("detail", document, nullable=False),
        sa.Column("state", one_of(STATES, "finding_state"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("before", document, nullable=True),
        sa.Column("after", document, nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state = 'open' OR reason IS NOT NULL", name=op.f("ck_centre_findings_decision_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["voting_centres.id"], name=op.f("fk_centre_findings_centre_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_centre_findings_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre_findings")),
        sa.UniqueConstraint("centre_id", "kind", name=op.f("uq_centre_findings_centre_id_kind")),
    )
    op.create_index(op.f("ix_centre_findings_centre_id"), "centre_findings", ["centre_id"])
    op.create_index("ix_centre_findings_mission_id_state", "centre_findings", ["mission_id", "state"])


def downgrade():
    op.drop_table("centre_findings")
    op.drop_table("area_boundaries")
