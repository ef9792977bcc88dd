"""What moves in a general award may concern one mission's part of it."""

import sqlalchemy as sa
from alembic import op

revision = "7d3f0a91c6e2"
down_revision = "5b0e7c1d2a94"
branch_labels = None
depends_on = None

# As in the first migration: SQLite drops the triggers of a table together with the one that is copied.
MESSAGE = "lines of the books are never changed or deleted"
# The copy on SQLite keeps only the checks it is told.
CHECKS = (
    sa.CheckConstraint("amount_cents <> 0 AND usd_cents <> 0", name="ck_award_movements_amounts_are_not_nil"),
    sa.CheckConstraint(
        "kind IN ('receipt', 'interest', 'transfer_in', 'exchange_gain', 'exchange_loss', 'refund', 'transfer_out')",
        name="ck_award_movements_movement_kind",
    ),
)


def upgrade():
    with op.batch_alter_table("award_movements", table_args=CHECKS) as batch_op:
        batch_op.add_column(sa.Column("mission_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_award_movements_mission_id"), "missions", ["mission_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_award_movements_mission_id"), ["mission_id"], unique=False)
    lock_the_copy()


def downgrade():
    with op.batch_alter_table("award_movements", table_args=CHECKS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_movements_mission_id"))
        batch_op.drop_constraint(batch_op.f("fk_award_movements_mission_id"), type_="foreignkey")
        batch_op.drop_column("mission_id")
    lock_the_copy()


def lock_the_copy():
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER award_movements_no_{verb} BEFORE {verb} ON award_movements "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
