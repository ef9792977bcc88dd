"""Entries of the audit trail stand in chains, say where they came from, and are final."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "4f6b2ce81d35"
down_revision = "2c9d81f0a3b7"
branch_labels = None
depends_on = None

MESSAGE = "entries of the audit trail are never changed or deleted"
CHAINS = 64


def upgrade():
    op.create_table(
        "audit_chains",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chains")),
    )
    rows = ", ".join(f"({number}, 0, '')" for number in range(CHAINS + 1))
    op.execute(f"INSERT INTO audit_chains (id, length, last_hash) VALUES {rows}")
    # What was written before stays outside the chains: chain 0 says up to where.
    op.execute("UPDATE audit_chains SET length = (SELECT COALESCE(MAX(id), 0) FROM audit_entries) WHERE id = 0")
    with op.batch_alter_table("audit_entries") as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=45), nullable=True))
        batch_op.add_column(sa.Column("chain", sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column("position", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_audit_entries_chain_position"), ["chain", "position"]
        )
    if op.get_bind().dialect.name == "postgresql":
        # As text, byte for byte what was hashed.
        op.alter_column("audit_entries", "changes", type_=sa.JSON(), postgresql_using="changes::json")
    for text in locks(op.get_bind().dialect.name):
        op.execute(text)


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_entries_final ON audit_entries")
        op.execute("DROP TRIGGER audit_entries_no_truncate ON audit_entries")
        op.execute("DROP FUNCTION refuse_audit_entries()")
    else:
        op.execute("DROP TRIGGER audit_entries_no_update")
        op.execute("DROP TRIGGER audit_entries_no_delete")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "audit_entries", "changes", type_=postgresql.JSONB(), postgresql_using="changes::jsonb"
        )
    with op.batch_alter_table("audit_entries") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_audit_entries_chain_position"), type_="unique")
        for name in ("hash", "position", "chain", "address"):
            batch_op.drop_column(name)
    op.drop_table("audit_chains")


def locks(dialect):
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER audit_entries_no_{verb} BEFORE {verb} ON audit_entries "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            for verb in ("update", "delete")
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_audit_entries() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
        "CREATE TRIGGER audit_entries_final BEFORE UPDATE OR DELETE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_entries()",
        "CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_entries()",
    ]
