"""Rules that a mission adds to its forms, to mark reports."""

import sqlalchemy as sa
from alembic import op

revision = "db21af4bab46"
down_revision = "a4e1c07d5b93"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "flag_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("expression", sa.String(length=1000), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_flag_rules_form_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_flag_rules_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_rules")),
        sa.UniqueConstraint("form_id", "words", name=op.f("uq_flag_rules_form_id_words")),
    )
    with op.batch_alter_table("flag_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flag_rules_form_id"), ["form_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_flag_rules_mission_id"), ["mission_id"], unique=False)

    with op.batch_alter_table("forms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules_mark", sa.Integer(), server_default="0", nullable=False))


def downgrade():
    with op.batch_alter_table("forms", schema=None) as batch_op:
        batch_op.drop_column("rules_mark")

    with op.batch_alter_table("flag_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flag_rules_mission_id"))
        batch_op.drop_index(batch_op.f("ix_flag_rules_form_id"))

    op.drop_table("flag_rules")
