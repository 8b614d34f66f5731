"""Outages and the changes made in the console."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    op.create_table(
        "outages",
        sa.Column("centre", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("until_at", sa.BigInteger, nullable=False),
        _text("note"),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        *map(_text, ("who", "centre", "before", "after")),
        sa.Column("undoes", sa.Integer),
    )
    op.create_index("changes_by_centre", "changes", ["centre", "id"])
    op.create_index("calls_by_version", "calls", ["flow", "directory", "started_at"])
