"""What was keyed and not found is counted apart from silence. In older rows it stays among the silences."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("calls", sa.Column("not_found", sa.Integer, nullable=False, server_default="0"))
