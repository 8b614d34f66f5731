"""Calls, legs, facts; losses and purges."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _count(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _flag(name: str) -> "sa.Column[bool]":
    return sa.Column(name, sa.Boolean(create_constraint=False), nullable=False, server_default=sa.false())


def _call_id() -> "sa.Column[str]":
    return sa.Column("call_id", sa.String(16), sa.ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("fingerprint", sa.String(12), unique=True),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in ("ended_at", "rang_at", "answered_at", "human_at")),
        *map(_text, ("status", "disposition", "flow", "directory", "language", "node", "route")),
        *map(_text, ("municipality", "centre")),
        sa.Column("first_words_ms", sa.Integer),
        *map(_count, ("silences", "wrong_keys", "faults")),
        *map(_flag, ("arrived", "abroad", "red_flag")),
    )
    op.create_index("calls_by_start", "calls", ["started_at"])
    op.create_table(
        "legs",
        _call_id(),
        sa.Column("step", sa.Integer, primary_key=True),
        sa.Column("dialled_at", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in ("rang_at", "answered_at", "ended_at")),
        *map(_text, ("centre", "municipality", "reason", "outcome")),
        *map(_flag, ("accepted", "red_flag")),
    )
    op.create_index("legs_by_start", "legs", ["dialled_at"])
    op.create_table(
        "facts",
        _call_id(),
        sa.Column("step", sa.Integer, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(24), primary_key=True),
        sa.Column("node", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        *map(_text, ("language", "centre", "municipality")),
        sa.Column("number", sa.Integer),
        _flag("flag"),
        sa.Column("hour", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("facts_by_hour", "facts", ["hour", "kind", "node", "value"])
    op.create_table(
        "losses",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("facts", sa.Integer, nullable=False),
        _text("reason"),
    )
    op.create_table(
        "purges",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("before", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("calls", "legs", "facts")),
    )
