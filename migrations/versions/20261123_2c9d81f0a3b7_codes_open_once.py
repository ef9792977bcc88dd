"""Codes of the second factor open once, and their secret is sealed."""

import sqlalchemy as sa
from alembic import op

revision = "2c9d81f0a3b7"
down_revision = "c41d7e95b0a8"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("tf_last_counter", sa.BigInteger(), nullable=True))
        batch_op.alter_column("tf_totp_secret", existing_type=sa.String(length=255), type_=sa.Text())


def downgrade():
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("tf_totp_secret", existing_type=sa.Text(), type_=sa.String(length=255))
        batch_op.drop_column("tf_last_counter")
