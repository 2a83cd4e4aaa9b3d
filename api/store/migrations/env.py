"""Alembic's way into the store: it works on the connection that ``api.store.migrate`` hands over."""

from alembic import context

from api.store.migrate import ours
from api.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    include_object=ours,
)
with context.begin_transaction():
    context.run_migrations()
