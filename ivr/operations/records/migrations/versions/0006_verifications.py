"""Numbers that were rung, and what a second person said of what was found."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    op.create_table(
        "verifications",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        *map(_text, ("who", "centre", "number")),
        sa.Column("step", sa.String(16), nullable=False),
        *map(_text, ("rung_on", "answered_by", "note")),
        sa.Column("about", sa.Integer),
    )
    op.create_index("verifications_by_centre", "verifications", ["centre", "id"])
