"""What a search of the ledger looks into has an index."""

import sqlalchemy as sa
from alembic import op

revision = "c5d81f6ba3e7"
down_revision = "29279316db47"
branch_labels = None
depends_on = None

NAME, TABLE, WORDS = "ix_expenditures_words", "expenditures", ["voucher", "payee", "description"]
MAY_BE_MADE = """SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') OR (
EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm')
AND has_database_privilege(current_database(), 'CREATE'))"""


def upgrade():
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.create_index(NAME, TABLE, WORDS)
    elif connection.scalar(sa.text(MAY_BE_MADE)):
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.create_index(
            NAME, TABLE, WORDS, postgresql_using="gin", postgresql_ops=dict.fromkeys(WORDS, "gin_trgm_ops")
        )
    else:
        print("pg_trgm cannot be had here: searches of the ledger read every line (docs/production.md).")


def downgrade():
    op.execute(f"DROP INDEX IF EXISTS {NAME}")
