"""App users: devices with an address of their own; submissions say which one sent them.

Two indexes of submissions go: others begin with the same columns.
"""

import sqlalchemy as sa
from alembic import op

revision = "8a41d6c07be2"
down_revision = "4f6b2ce81d35"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "app_users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_app_users_appointment_id")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_app_users_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_users")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_app_users_token_sha256")),
    )
    with op.batch_alter_table("app_users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_app_users_appointment_id"), ["appointment_id"], unique=False)
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("app_user_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_submissions_app_user_id"), "app_users", ["app_user_id"], ["id"]
        )
        batch_op.drop_index(batch_op.f("ix_submissions_mission_id"))
        batch_op.drop_index(batch_op.f("ix_submissions_form_id"))


def downgrade():
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_form_id"), ["form_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_mission_id"), ["mission_id"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_submissions_app_user_id"), type_="foreignkey")
        batch_op.drop_column("app_user_id")
    op.drop_table("app_users")
