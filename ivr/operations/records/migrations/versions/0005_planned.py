"""Outages that begin later, and the announcement for the whole line, with the trail of both."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    op.create_table(
        "planned_outages",
        sa.Column("centre", sa.Text, primary_key=True),
        sa.Column("from_at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("until_at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        _text("note"),
    )
    op.create_table(
        "announcements",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("until_at", sa.BigInteger, nullable=False),
        _text("note"),
    )
    for name in ("planned_before", "planned_after", "announcement_before", "announcement_after"):
        op.add_column("changes", _text(name))
