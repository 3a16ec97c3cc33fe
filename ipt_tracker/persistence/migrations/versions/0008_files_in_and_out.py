"""Files in and out: reports of a caseload, scores from spreadsheets, who may take ratings out."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("report_batch", "score_import", "report_batch_part", "imported_score")
"""In the order in which they are made."""


def upgrade() -> None:
    _report_batch()
    _score_import()
    _report_batch_part()
    _imported_score()
    op.add_column(
        "account",
        sa.Column("exports_fidelity", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def _report_batch() -> None:
    op.create_table(
        "report_batch",
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        _moment("asked_at", nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("disguised", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("finished_at", nullable=True),
        _moment("cancelled_at", nullable=True),
        _moment("taken_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('progress', 'letter')", name=op.f("ck_report_batch_kind_is_known")
        ),
        sa.CheckConstraint(
            "finished_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_report_batch_one_end")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_report_batch_reason_is_stated")),
        sa.CheckConstraint(
            "taken_at IS NULL OR finished_at IS NOT NULL",
            name=op.f("ck_report_batch_taken_when_finished"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_report_batch_asked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_batch")),
    )
    op.create_index(op.f("ix_report_batch_asked_by"), "report_batch", ["asked_by"])


def _score_import() -> None:
    op.create_table(
        "score_import",
        sa.Column("made_by", sa.Uuid(), nullable=False),
        _moment("begun_at", nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("matching", sa.JSON(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        _moment("done_at", nullable=True),
        _moment("undone_at", nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_why", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'staged') = (content IS NOT NULL)",
            name=op.f("ck_score_import_rows_while_staged"),
        ),
        sa.CheckConstraint(
            "(status = 'undone') = (undone_at IS NOT NULL)",
            name=op.f("ck_score_import_undone_has_its_moment"),
        ),
        sa.CheckConstraint(
            "(status IN ('done', 'undone')) = (done_at IS NOT NULL)",
            name=op.f("ck_score_import_done_has_its_moment"),
        ),
        sa.CheckConstraint(
            "status IN ('staged', 'done', 'dropped', 'undone')",
            name=op.f("ck_score_import_status_is_known"),
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL) AND "
            "(undone_at IS NULL) = (undone_why IS NULL)",
            name=op.f("ck_score_import_undone_has_who_and_why"),
        ),
        sa.CheckConstraint("rows >= 0", name=op.f("ck_score_import_rows_are_counted")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_score_import_made_by")),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["account.id"], name=op.f("fk_score_import_undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_import")),
    )
    op.create_index(op.f("ix_score_import_made_by"), "score_import", ["made_by"])


def _report_batch_part() -> None:
    op.create_table(
        "report_batch_part",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        _moment("made_at", nullable=True),
        sa.Column("left_out", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "content IS NULL OR left_out IS NULL",
            name=op.f("ck_report_batch_part_made_or_left_out"),
        ),
        sa.CheckConstraint(
            "content IS NULL OR made_at IS NOT NULL",
            name=op.f("ck_report_batch_part_made_has_its_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["report_batch.id"], name=op.f("fk_report_batch_part_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_report_batch_part_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_batch_part")),
        sa.UniqueConstraint("batch_id", "place", name=op.f("uq_report_batch_part_batch_id_place")),
    )
    op.create_index(op.f("ix_report_batch_part_course_id"), "report_batch_part", ["course_id"])


def _imported_score() -> None:
    op.create_table(
        "imported_score",
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["score_import.id"], name=op.f("fk_imported_score_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_imported_score_measure_id")
        ),
        sa.PrimaryKeyConstraint("measure_id", name=op.f("pk_imported_score")),
    )
    op.create_index(op.f("ix_imported_score_import_id"), "imported_score", ["import_id"])


def _moment(name: str, *, nullable: bool) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def downgrade() -> None:
    op.drop_column("account", "exports_fidelity")
    for table in reversed(TABLES):
        op.drop_table(table)
