"""People of a mission who travel together are a team."""

import sqlalchemy as sa
from alembic import op

revision = "2f9c04b7e1a6"
down_revision = "7c1e5a90d3f4"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("mission_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("base", sa.String(160)),
        sa.Column("latitude", sa.Double),
        sa.Column("longitude", sa.Double),
        sa.Column("vehicle", sa.String(120)),
        sa.Column("call_sign", sa.String(60)),
        sa.Column("starts_at", sa.Time),
        sa.Column("ends_at", sa.Time),
        sa.Column("note", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_teams_position_is_whole")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_teams_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("mission_id", "name", name=op.f("uq_teams_mission_id_name")),
    )
    op.create_index(op.f("ix_teams_mission_id"), "teams", ["mission_id"])
    op.create_table(
        "team_members",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team_id", sa.Integer, nullable=False),
        sa.Column("appointment_id", sa.Integer, nullable=False),
        sa.Column("is_lead", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_team_members_appointment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_members")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_team_members_appointment_id")),
    )
    op.create_index(op.f("ix_team_members_team_id"), "team_members", ["team_id"])


def downgrade():
    op.drop_table("team_members")
    op.drop_table("teams")
