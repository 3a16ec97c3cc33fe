"""Fidelity and supervision: item sets, blind ratings, sampling, feedback, meetings, portfolios."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "fidelity_item_set",
    "portfolio_text",
    "sampling_plan",
    "supervision_meeting",
    "meeting_action",
    "meeting_attendee",
    "meeting_case",
    "sample_draw",
    "rating_request",
    "rating_waiver",
    "rating_amendment",
    "rating_feedback",
)
"""In the order in which they are made."""
OWN_SET = "ipt-tracker-14@1"
"""What every rating so far was made with."""
CHECKS = {
    "of_one_session": "(session_id IS NULL) <> (group_session_id IS NULL)",
    "role_is_known": "role IN ('self', 'supervisor', 'independent', 'consensus')",
    "competence_is_possible": "global_competence BETWEEN 1 AND 5",
    "alliance_is_possible": "alliance BETWEEN 1 AND 5",
    "portion_is_possible": "minutes_heard BETWEEN 1 AND 600",
    "selection_is_known": "selection IN ('random', 'chosen')",
}
ROLES = """
UPDATE fidelity_rating SET role = CASE
  WHEN rater = 'self' THEN 'self'
  WHEN EXISTS (
    SELECT 1 FROM assignment JOIN session_record ON session_record.course_id = assignment.course_id
    WHERE session_record.id = fidelity_rating.session_id
    AND assignment.supervisor_id = fidelity_rating.rater_id
  ) THEN 'supervisor'
  ELSE 'independent' END
"""
"""A rater who is not the therapist was a supervisor of the course or came from outside it."""
MOVE = """
INSERT INTO rating_amendment
(id, rating_id, place, field, old, new, reason, author, author_id, amended_on, recorded_at, extra)
SELECT id, subject_id,
ROW_NUMBER() OVER (PARTITION BY subject_id ORDER BY recorded_at, amended_on, id),
field, old, new, reason, author, author_id, amended_on, recorded_at, extra
FROM amendment WHERE subject_kind = 'fidelity_rating'
"""
"""A rating is a record about the therapist: its amendments leave the patient's course."""
BACK = """
INSERT INTO amendment
(id, course_id, subject_kind, subject_id, field, old, new, reason, author, author_id, amended_on,
recorded_at, extra)
SELECT rating_amendment.id, course_id, 'fidelity_rating', rating_id, field, old, new,
rating_amendment.reason, author, author_id, amended_on, recorded_at, rating_amendment.extra
FROM rating_amendment
JOIN fidelity_rating ON fidelity_rating.id = rating_amendment.rating_id
JOIN session_record ON session_record.id = fidelity_rating.session_id
"""
MADE_HERE = sa.text("submitted_at IS NOT NULL")
BY_RATER = {
    "uq_fidelity_rating_session_id_rater_id_role": "session_id",
    "uq_fidelity_rating_group_session_id_rater_id_role": "group_session_id",
}
INDEXED = ("group_session_id", "rater_id", "request_id")


def upgrade() -> None:
    _fidelity_item_set()
    _portfolio_text()
    _sampling_plan()
    _supervision_meeting()
    _meeting_action()
    _meeting_attendee()
    _meeting_case()
    _sample_draw()
    _rating_request()
    _rating_waiver()
    _rating_amendment()
    _rating_feedback()
    _fidelity_rating()
    op.execute(ROLES)
    op.execute(MOVE)
    op.execute("DELETE FROM amendment WHERE subject_kind = 'fidelity_rating'")


def downgrade() -> None:
    op.execute(BACK)
    # A group's rating has no place in the older schema, nor has what was only asked for.
    op.drop_table("rating_amendment")
    op.drop_table("rating_feedback")
    op.execute("DELETE FROM fidelity_rating WHERE session_id IS NULL")
    for name in BY_RATER:
        op.drop_index(name, "fidelity_rating")
    for name in INDEXED:
        op.drop_index(op.f(f"ix_fidelity_rating_{name}"), "fidelity_rating")
    with op.batch_alter_table("fidelity_rating") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_fidelity_rating_{name}"), type_="check")
        for name in ("request_id", "group_session_id"):
            table.drop_constraint(op.f(f"fk_fidelity_rating_{name}"), type_="foreignkey")
        table.alter_column("session_id", existing_type=sa.Uuid(), nullable=False)
        for name in (*NEW_COLUMNS, "role", "item_set", "version"):
            table.drop_column(name)
    for name in reversed(TABLES[:-2]):
        op.drop_table(name)


NEW_COLUMNS: dict[str, Any] = {
    "group_session_id": sa.Uuid(),
    "portion": sa.String(length=120),
    "minutes_heard": sa.Integer(),
    "selection": sa.String(length=60),
    "request_id": sa.Uuid(),
    "alliance": sa.SmallInteger(),
    "remark": sa.Text(),
    "agreed_from": sa.JSON(),
    "submitted_at": sa.DateTime(timezone=True),
}


def _fidelity_rating() -> None:
    needed: tuple[tuple[str, int, str], ...] = (
        ("role", 60, "independent"),
        ("item_set", 60, OWN_SET),
    )
    with op.batch_alter_table("fidelity_rating") as table:
        for name, kind in NEW_COLUMNS.items():
            table.add_column(sa.Column(name, kind, nullable=True))
        for name, length, default in needed:
            table.add_column(
                sa.Column(name, sa.String(length), nullable=False, server_default=default)
            )
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.alter_column("session_id", existing_type=sa.Uuid(), nullable=True)
        table.create_foreign_key(
            op.f("fk_fidelity_rating_request_id"), "rating_request", ["request_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_fidelity_rating_group_session_id"),
            "group_session",
            ["group_session_id"],
            ["id"],
        )
        for name, condition in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_fidelity_rating_{name}"), condition)
    for name in INDEXED:
        op.create_index(op.f(f"ix_fidelity_rating_{name}"), "fidelity_rating", [name])
    for name, session in BY_RATER.items():
        op.create_index(
            name,
            "fidelity_rating",
            [session, "rater_id", "role"],
            unique=True,
            sqlite_where=MADE_HERE,
            postgresql_where=MADE_HERE,
        )


def _fidelity_item_set() -> None:
    op.create_table(
        "fidelity_item_set",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("loaded_by", sa.Uuid(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["loaded_by"], ["account.id"], name=op.f("fk_fidelity_item_set_loaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fidelity_item_set")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_fidelity_item_set_key_version")),
    )


def _portfolio_text() -> None:
    op.create_table(
        "portfolio_text",
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("edition > 0", name=op.f("ck_portfolio_text_editions_are_counted")),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["account.id"], name=op.f("fk_portfolio_text_therapist_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_portfolio_text_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_text")),
        sa.UniqueConstraint(
            "therapist_id", "edition", name=op.f("uq_portfolio_text_therapist_id_edition")
        ),
    )


def _sampling_plan() -> None:
    op.create_table(
        "sampling_plan",
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("edition > 0", name=op.f("ck_sampling_plan_editions_are_counted")),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_sampling_plan_set_by")),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["account.id"], name=op.f("fk_sampling_plan_therapist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampling_plan")),
        sa.UniqueConstraint(
            "therapist_id", "edition", name=op.f("uq_sampling_plan_therapist_id_edition")
        ),
    )


def _supervision_meeting() -> None:
    op.create_table(
        "supervision_meeting",
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("modality", sa.String(length=60), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "form IN ('individual', 'group')", name=op.f("ck_supervision_meeting_form_is_known")
        ),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_reason IS NULL)",
            name=op.f("ck_supervision_meeting_struck_has_a_reason"),
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 1 AND 600", name=op.f("ck_supervision_meeting_length_is_possible")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["account.id"], name=op.f("fk_supervision_meeting_supervisor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_meeting")),
    )
    op.create_index(
        "ix_supervision_meeting_supervisor_id_held_on",
        "supervision_meeting",
        ["supervisor_id", "held_on"],
        unique=False,
    )


def _meeting_action() -> None:
    op.create_table(
        "meeting_action",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_remark", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["supervision_meeting.id"], name=op.f("fk_meeting_action_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["account.id"], name=op.f("fk_meeting_action_therapist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_action")),
    )
    op.create_index(
        op.f("ix_meeting_action_meeting_id"), "meeting_action", ["meeting_id"], unique=False
    )
    op.create_index(
        op.f("ix_meeting_action_therapist_id"), "meeting_action", ["therapist_id"], unique=False
    )


def _meeting_attendee() -> None:
    op.create_table(
        "meeting_attendee",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["supervision_meeting.id"], name=op.f("fk_meeting_attendee_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["account.id"], name=op.f("fk_meeting_attendee_therapist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendee")),
        sa.UniqueConstraint(
            "meeting_id", "therapist_id", name=op.f("uq_meeting_attendee_meeting_id_therapist_id")
        ),
    )
    op.create_index(
        op.f("ix_meeting_attendee_therapist_id"), "meeting_attendee", ["therapist_id"], unique=False
    )


def _meeting_case() -> None:
    op.create_table(
        "meeting_case",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_meeting_case_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["supervision_meeting.id"], name=op.f("fk_meeting_case_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["account.id"], name=op.f("fk_meeting_case_therapist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_case")),
        sa.UniqueConstraint(
            "meeting_id", "course_id", name=op.f("uq_meeting_case_meeting_id_course_id")
        ),
    )
    op.create_index(op.f("ix_meeting_case_course_id"), "meeting_case", ["course_id"], unique=False)


def _sample_draw() -> None:
    op.create_table(
        "sample_draw",
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=False),
        sa.Column("frame", sa.JSON(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("drawn_by", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "window_from <= window_to", name=op.f("ck_sample_draw_window_has_a_length")
        ),
        sa.ForeignKeyConstraint(["drawn_by"], ["account.id"], name=op.f("fk_sample_draw_drawn_by")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["sampling_plan.id"], name=op.f("fk_sample_draw_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["account.id"], name=op.f("fk_sample_draw_therapist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draw")),
    )
    op.create_index(
        "ix_sample_draw_therapist_id_drawn_at",
        "sample_draw",
        ["therapist_id", "drawn_at"],
        unique=False,
    )


def _rating_request() -> None:
    op.create_table(
        "rating_request",
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("group_session_id", sa.Uuid(), nullable=True),
        sa.Column("rater_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("selection", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("draw_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('supervisor', 'independent')", name=op.f("ck_rating_request_role_is_known")
        ),
        sa.CheckConstraint(
            "selection IN ('random', 'chosen')", name=op.f("ck_rating_request_selection_is_known")
        ),
        sa.CheckConstraint(
            "(session_id IS NULL) <> (group_session_id IS NULL)",
            name=op.f("ck_rating_request_of_one_session"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_rating_request_withdrawn_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_rating_request_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["sample_draw.id"], name=op.f("fk_rating_request_draw_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_session_id"],
            ["group_session.id"],
            name=op.f("fk_rating_request_group_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["account.id"], name=op.f("fk_rating_request_rater_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_rating_request_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_request")),
    )
    op.create_index(op.f("ix_rating_request_draw_id"), "rating_request", ["draw_id"], unique=False)
    op.create_index(
        op.f("ix_rating_request_group_session_id"),
        "rating_request",
        ["group_session_id"],
        unique=False,
    )
    op.create_index(
        "ix_rating_request_rater_id_withdrawn_at",
        "rating_request",
        ["rater_id", "withdrawn_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_rating_request_session_id"), "rating_request", ["session_id"], unique=False
    )


def _rating_waiver() -> None:
    op.create_table(
        "rating_waiver",
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("group_session_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(session_id IS NULL) <> (group_session_id IS NULL)",
            name=op.f("ck_rating_waiver_of_one_session"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_rating_waiver_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_session_id"],
            ["group_session.id"],
            name=op.f("fk_rating_waiver_group_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_rating_waiver_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_waiver")),
        sa.UniqueConstraint(
            "group_session_id",
            "account_id",
            name=op.f("uq_rating_waiver_group_session_id_account_id"),
        ),
        sa.UniqueConstraint(
            "session_id", "account_id", name=op.f("uq_rating_waiver_session_id_account_id")
        ),
    )
    op.create_index(
        op.f("ix_rating_waiver_account_id"), "rating_waiver", ["account_id"], unique=False
    )


def _rating_amendment() -> None:
    op.create_table(
        "rating_amendment",
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("author", sa.String(length=120), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("amended_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_rating_amendment_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["fidelity_rating.id"], name=op.f("fk_rating_amendment_rating_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_amendment")),
    )
    op.create_index(
        op.f("ix_rating_amendment_rating_id"), "rating_amendment", ["rating_id"], unique=False
    )


def _rating_feedback() -> None:
    op.create_table(
        "rating_feedback",
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("keep_doing", sa.Text(), nullable=True),
        sa.Column("try_next", sa.Text(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "acknowledged_at IS NULL OR acknowledged_by IS NOT NULL",
            name=op.f("ck_rating_feedback_acknowledged_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["account.id"], name=op.f("fk_rating_feedback_acknowledged_by")
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["fidelity_rating.id"], name=op.f("fk_rating_feedback_rating_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_rating_feedback_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_feedback")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_rating_feedback_rating_id")),
    )
