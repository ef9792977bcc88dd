"""Lists of submissions are counted from their index."""

from alembic import op

revision = "7c1e5a90d3f4"
down_revision = "5be2d81c07fa"
branch_labels = None
depends_on = None

WIDE = ["mission_id", "is_current", "received_at", "state", "submitted_by_id", "polling_station_id"]


def upgrade():
    op.drop_index("ix_submissions_state", "submissions")
    op.drop_index("ix_submissions_received", "submissions")
    op.create_index("ix_submissions_received", "submissions", WIDE)


def downgrade():
    op.drop_index("ix_submissions_received", "submissions")
    op.create_index("ix_submissions_received", "submissions", WIDE[:3])
    op.create_index("ix_submissions_state", "submissions", ["state"])
