"""The totals that count, as an index: first and last score of every course of a clinic."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = ("instrument", "course_id", "taken_on", "recorded_at", "id", "total", "point")
THAT_COUNT = "total IS NOT NULL AND withdrawn_at IS NULL"


def upgrade() -> None:
    op.create_index(
        op.f("ix_measure_totals"),
        "measure",
        list(COLUMNS),
        unique=False,
        sqlite_where=sa.text(THAT_COUNT),
        postgresql_where=sa.text(THAT_COUNT),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_measure_totals"), table_name="measure")
