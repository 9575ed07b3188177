"""Alembic's entry: runs the migrations on the connection that the store hands over."""

from alembic import context

from leyden.store.schema import metadata

connection = context.config.attributes["connection"]
# Batch mode: SQLite cannot alter a table in place, so Alembic copies it.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
