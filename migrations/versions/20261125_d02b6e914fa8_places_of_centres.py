"""A map reads the centres of what it shows from an index."""

from alembic import op

revision = "d02b6e914fa8"
down_revision = "c5d81f6ba3e7"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_voting_centres_place", "voting_centres"


def upgrade():
    op.create_index(NAME, TABLE, ["mission_id", "latitude", "longitude", "is_missing", "first_area_id"])


def downgrade():
    op.drop_index(NAME, TABLE)
