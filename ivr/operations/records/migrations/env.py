"""Alembic's way in. Only `database.upgrade` runs it, with a connection in a transaction of its own."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
context.run_migrations()
