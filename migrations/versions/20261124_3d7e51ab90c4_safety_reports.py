"""“I am safe” of observers."""

import sqlalchemy as sa
from alembic import op

revision = "3d7e51ab90c4"
down_revision = "8a41d6c07be2"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "safety_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("accuracy", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_safety_reports_position_whole")
        ),
        sa.CheckConstraint(
            "latitude IS NULL OR latitude BETWEEN -90 AND 90",
            name=op.f("ck_safety_reports_latitude_on_earth"),
        ),
        sa.CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180",
            name=op.f("ck_safety_reports_longitude_on_earth"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_safety_reports_appointment_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_safety_reports_mission_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_safety_reports_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_reports")),
        sa.UniqueConstraint(
            "mission_id", "instance_id", name=op.f("uq_safety_reports_mission_id_instance_id")
        ),
    )
    with op.batch_alter_table("safety_reports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_safety_reports_appointment_id"), ["appointment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_safety_reports_user_id"), ["user_id"], unique=False)


def downgrade():
    op.drop_table("safety_reports")
