"""A leg has the language of its call: a report by language need not look up the call of each leg."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("legs", sa.Column("language", sa.Text))
    op.execute("UPDATE legs SET language = (SELECT language FROM calls WHERE calls.id = legs.call_id)")
