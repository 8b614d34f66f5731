"""Calls that no person made are marked, with their legs and facts; the index of facts begins with the mark."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("calls", "legs", "facts"):
        op.add_column(table, sa.Column("origin", sa.Text, nullable=False, server_default=""))
    op.drop_index("facts_by_hour", "facts")
    op.create_index("facts_by_hour", "facts", ["origin", "hour", "kind", "node", "value"])
