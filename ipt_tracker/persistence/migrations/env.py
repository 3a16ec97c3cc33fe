"""Alembic's way in: it runs on the one connection it is handed, inside that one transaction.

Never in batch mode by itself: a batch alter on SQLite drops the table's triggers silently.
"""

from typing import Any, Literal

from alembic import context

import ipt_tracker.persistence.models  # noqa: F401 -- fills the metadata
from ipt_tracker.persistence.base import Base, UtcDateTime


def _render(kind: str, item: object, _: Any) -> str | Literal[False]:  # noqa: ANN401 -- Alembic's hook
    """Write our moment column as the plain type under it: a migration must not need the app."""
    moment = kind == "type" and isinstance(item, UtcDateTime)
    return "sa.DateTime(timezone=True)" if moment else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    transactional_ddl=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
