"""Reports say who typed them in for an observer."""

import sqlalchemy as sa
from alembic import op


revision = "b209e04d5e2e"
down_revision = "db21af4bab46"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("by_telephone", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_submissions_entered_by_id"), "users", ["entered_by_id"], ["id"]
        )


def downgrade():
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_submissions_entered_by_id"), type_="foreignkey")
        batch_op.drop_column("by_telephone")
        batch_op.drop_column("entered_by_id")
