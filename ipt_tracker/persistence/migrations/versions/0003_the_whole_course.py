"""The whole course: sheets, people, events, goals, groups, notes, drafts, appointments, contact."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BOTH_SIGNED = "(signed_at IS NULL) = (signed_by IS NULL)"
BOTH_OVERRIDDEN = "(override_band IS NULL) = (override_reason IS NULL)"
SIGNED_CHECK = "ck_session_record_signed_has_who_and_when"
OVERRIDE_CHECK = "ck_risk_check_override_has_a_reason"
ONE_RECORD = "uq_session_record_group_session_id_course_id"
TABLES = (
    "therapy_group",
    "group_leader",
    "group_session",
    "draft",
    "group_member",
    "inventory_person",
    "worksheet",
    "addendum",
    "appointment",
    "contact_task",
    "goal",
    "life_event",
    "note_step",
    "process_note",
    "contact_attempt",
)
"""In the order in which they are made."""


def upgrade() -> None:
    _therapy_group()
    _group_leader()
    _group_session()
    _draft()
    _group_member()
    _inventory_person()
    _worksheet()
    _addendum()
    _appointment()
    _contact_task()
    _goal()
    _life_event()
    _note_step()
    _process_note()
    _contact_attempt()
    _accounts_and_courses()
    _sessions()


def downgrade() -> None:
    with op.batch_alter_table("risk_check") as table:
        table.drop_constraint(op.f(OVERRIDE_CHECK), type_="check")
        for name in ("told_on", "told_who", "override_reason", "override_band"):
            table.drop_column(name)
    op.drop_index("ix_session_record_note_state", "session_record")
    with op.batch_alter_table("session_record") as table:
        table.drop_constraint(op.f(SIGNED_CHECK), type_="check")
        table.drop_constraint(op.f(ONE_RECORD), type_="unique")
        table.drop_constraint(op.f("fk_session_record_signed_by"), type_="foreignkey")
        table.drop_constraint(op.f("fk_session_record_group_session_id"), type_="foreignkey")
        for name in ("late_entry", "signed_at", "signed_by", "patient_location"):
            table.drop_column(name)
        table.drop_column("group_session_id")
    op.drop_column("focal_area_spell", "extra")
    op.drop_column("focal_area_spell", "end_reason")
    op.drop_column("course", "outcome_destination")
    op.drop_column("course", "contract_ends_on")
    op.drop_column("course", "contract_agreed_on")
    with op.batch_alter_table("contract_change") as table:
        table.drop_constraint(op.f("fk_contract_change_recorded_by"), type_="foreignkey")
        table.drop_column("recorded_by")
    op.drop_column("account", "needs_cosign")
    for name in reversed(TABLES):
        op.drop_table(name)


def _accounts_and_courses() -> None:
    needs: sa.Column[bool] = sa.Column(
        "needs_cosign", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("account", needs)
    op.add_column("course", sa.Column("contract_agreed_on", sa.Date(), nullable=True))
    op.add_column("course", sa.Column("contract_ends_on", sa.Date(), nullable=True))
    destination: sa.Column[str] = sa.Column("outcome_destination", sa.String(300), nullable=True)
    op.add_column("course", destination)
    op.add_column("focal_area_spell", sa.Column("end_reason", sa.Text(), nullable=True))
    op.add_column("focal_area_spell", sa.Column("extra", sa.JSON(), nullable=True))
    with op.batch_alter_table("contract_change") as table:
        table.add_column(sa.Column("recorded_by", sa.Uuid(), nullable=True))
        recorder = op.f("fk_contract_change_recorded_by")
        table.create_foreign_key(recorder, "account", ["recorded_by"], ["id"])


def _sessions() -> None:
    late: sa.Column[bool] = sa.Column(
        "late_entry", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    with op.batch_alter_table("session_record") as table:
        table.add_column(sa.Column("group_session_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("patient_location", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("signed_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(late)
        meeting = op.f("fk_session_record_group_session_id")
        table.create_foreign_key(meeting, "group_session", ["group_session_id"], ["id"])
        signer = op.f("fk_session_record_signed_by")
        table.create_foreign_key(signer, "account", ["signed_by"], ["id"])
        table.create_unique_constraint(op.f(ONE_RECORD), ["group_session_id", "course_id"])
        table.create_check_constraint(op.f(SIGNED_CHECK), BOTH_SIGNED)
    op.create_index("ix_session_record_note_state", "session_record", ["note_state", "course_id"])
    with op.batch_alter_table("risk_check") as table:
        table.add_column(sa.Column("override_band", sa.String(length=60), nullable=True))
        table.add_column(sa.Column("override_reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("told_who", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("told_on", sa.Date(), nullable=True))
        table.create_check_constraint(op.f(OVERRIDE_CHECK), BOTH_OVERRIDDEN)


def _therapy_group() -> None:
    op.create_table(
        "therapy_group",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("protocol", sa.String(length=60), nullable=False),
        sa.Column("phase_map", sa.JSON(), nullable=False),
        sa.Column("planned_sessions", sa.Integer(), nullable=False),
        sa.Column("session_minutes", sa.Integer(), nullable=True),
        sa.Column("spacing", sa.String(length=120), nullable=True),
        sa.Column("norms", sa.Text(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on",
            name=op.f("ck_therapy_group_ends_after_start"),
        ),
        sa.CheckConstraint(
            "planned_sessions > 0", name=op.f("ck_therapy_group_sessions_are_planned")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_therapy_group")),
        sa.UniqueConstraint("code", name=op.f("uq_therapy_group_code")),
    )


def _group_leader() -> None:
    op.create_table(
        "group_leader",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('leader', 'co_leader')", name=op.f("ck_group_leader_role_is_known")
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on",
            name=op.f("ck_group_leader_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_group_leader_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["therapy_group.id"], name=op.f("fk_group_leader_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_leader")),
    )
    op.create_index(
        "ix_group_leader_account_id_ended_on",
        "group_leader",
        ["account_id", "ended_on"],
        unique=False,
    )
    op.create_index(op.f("ix_group_leader_group_id"), "group_leader", ["group_id"], unique=False)


def _group_session() -> None:
    op.create_table(
        "group_session",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("phase", sa.String(length=60), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("modality", sa.String(length=60), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("theme", sa.String(length=300), nullable=True),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("techniques", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signed_by IS NULL)",
            name=op.f("ck_group_session_signed_has_who_and_when"),
        ),
        sa.CheckConstraint(
            "cancelled = (cancel_reason IS NOT NULL)",
            name=op.f("ck_group_session_cancelled_has_a_reason"),
        ),
        sa.CheckConstraint(
            "cancelled = (number IS NULL)", name=op.f("ck_group_session_held_has_a_number")
        ),
        sa.CheckConstraint(
            "duration_minutes BETWEEN 1 AND 600", name=op.f("ck_group_session_duration_is_possible")
        ),
        sa.CheckConstraint("slot > 0", name=op.f("ck_group_session_slot_is_counted")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["therapy_group.id"], name=op.f("fk_group_session_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_group_session_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["account.id"], name=op.f("fk_group_session_signed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_session")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_group_session_group_id_number")),
        sa.UniqueConstraint("group_id", "slot", name=op.f("uq_group_session_group_id_slot")),
    )


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_draft_course_id")),
        sa.ForeignKeyConstraint(["group_id"], ["therapy_group.id"], name=op.f("fk_draft_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("account_id", "address", name=op.f("uq_draft_account_id_address")),
    )
    op.create_index(op.f("ix_draft_course_id"), "draft", ["course_id"], unique=False)
    op.create_index(op.f("ix_draft_group_id"), "draft", ["group_id"], unique=False)


def _group_member() -> None:
    op.create_table(
        "group_member",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "left_on IS NULL OR left_on >= joined_on",
            name=op.f("ck_group_member_leaves_after_joining"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_group_member_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["therapy_group.id"], name=op.f("fk_group_member_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_member")),
        sa.UniqueConstraint(
            "group_id", "course_id", name=op.f("uq_group_member_group_id_course_id")
        ),
    )
    op.create_index(op.f("ix_group_member_course_id"), "group_member", ["course_id"], unique=False)


def _inventory_person() -> None:
    op.create_table(
        "inventory_person",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("relation", sa.String(length=120), nullable=True),
        sa.Column("ring", sa.SmallInteger(), nullable=False),
        sa.Column("given", sa.Text(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("to_change", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by IS NULL)",
            name=op.f("ck_inventory_person_removed_has_who_and_when"),
        ),
        sa.CheckConstraint("ring BETWEEN 1 AND 4", name=op.f("ck_inventory_person_ring_is_1_to_4")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_inventory_person_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_inventory_person_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by"], ["account.id"], name=op.f("fk_inventory_person_removed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_person")),
    )
    op.create_index(
        op.f("ix_inventory_person_course_id"), "inventory_person", ["course_id"], unique=False
    )


def _worksheet() -> None:
    op.create_table(
        "worksheet",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("edition > 0", name=op.f("ck_worksheet_editions_are_counted")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_worksheet_course_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_worksheet_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worksheet")),
        sa.UniqueConstraint(
            "course_id", "kind", "edition", name=op.f("uq_worksheet_course_id_kind_edition")
        ),
    )


def _addendum() -> None:
    op.create_table(
        "addendum",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_addendum_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_addendum_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addendum")),
    )
    op.create_index(op.f("ix_addendum_session_id"), "addendum", ["session_id"], unique=False)


def _appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("modality", sa.String(length=60), nullable=True),
        sa.Column("remark", sa.String(length=300), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("group_session_id", sa.Uuid(), nullable=True),
        sa.Column("booked_by", sa.Uuid(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(course_id IS NULL) <> (group_id IS NULL)",
            name=op.f("ck_appointment_of_one_or_the_other"),
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name=op.f("ck_appointment_taken_back_has_who_and_when"),
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 1 AND 600", name=op.f("ck_appointment_length_is_possible")
        ),
        sa.ForeignKeyConstraint(
            ["booked_by"], ["account.id"], name=op.f("fk_appointment_booked_by")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_appointment_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["therapy_group.id"], name=op.f("fk_appointment_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_appointment_group_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_appointment_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["account.id"], name=op.f("fk_appointment_taken_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("group_session_id", name=op.f("uq_appointment_group_session_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_appointment_session_id")),
    )
    op.create_index(
        "ix_appointment_course_id_planned_on",
        "appointment",
        ["course_id", "planned_on"],
        unique=False,
    )
    op.create_index(
        "ix_appointment_group_id_planned_on",
        "appointment",
        ["group_id", "planned_on"],
        unique=False,
    )


def _contact_task() -> None:
    op.create_table(
        "contact_task",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_contact_task_closed_has_who_and_when"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)",
            name=op.f("ck_contact_task_closed_says_how_it_ended"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name=op.f("fk_contact_task_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_contact_task_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_contact_task_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_task")),
        sa.UniqueConstraint("session_id", name=op.f("uq_contact_task_session_id")),
    )
    op.create_index(
        "ix_contact_task_course_id_closed_at",
        "contact_task",
        ["course_id", "closed_at"],
        unique=False,
    )


def _goal() -> None:
    op.create_table(
        "goal",
        sa.Column("spell_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'open') = (reviewed_on IS NULL)", name=op.f("ck_goal_open_is_not_reviewed")
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by IS NULL)",
            name=op.f("ck_goal_removed_has_who_and_when"),
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_goal_course_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_goal_recorded_by")),
        sa.ForeignKeyConstraint(["removed_by"], ["account.id"], name=op.f("fk_goal_removed_by")),
        sa.ForeignKeyConstraint(
            ["spell_id"], ["focal_area_spell.id"], name=op.f("fk_goal_spell_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index(op.f("ix_goal_course_id"), "goal", ["course_id"], unique=False)


def _life_event() -> None:
    op.create_table(
        "life_event",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("exactness", sa.String(length=10), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("effect", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "exactness IN ('day', 'month', 'year')", name=op.f("ck_life_event_exactness_is_known")
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by IS NULL)",
            name=op.f("ck_life_event_removed_has_who_and_when"),
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= happened_on",
            name=op.f("ck_life_event_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_life_event_course_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["inventory_person.id"], name=op.f("fk_life_event_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_life_event_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by"], ["account.id"], name=op.f("fk_life_event_removed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_life_event")),
    )
    op.create_index(op.f("ix_life_event_course_id"), "life_event", ["course_id"], unique=False)


def _note_step() -> None:
    op.create_table(
        "note_step",
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("group_session_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(session_id IS NULL) <> (group_session_id IS NULL)",
            name=op.f("ck_note_step_of_one_note"),
        ),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_note_step_group_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_note_step_session_id")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["account.id"], name=op.f("fk_note_step_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_step")),
    )
    op.create_index(
        op.f("ix_note_step_group_session_id"), "note_step", ["group_session_id"], unique=False
    )
    op.create_index(op.f("ix_note_step_session_id"), "note_step", ["session_id"], unique=False)


def _process_note() -> None:
    op.create_table(
        "process_note",
        sa.Column("thread", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("edition > 0", name=op.f("ck_process_note_editions_are_counted")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_process_note_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_process_note_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_process_note_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_note")),
        sa.UniqueConstraint("thread", "edition", name=op.f("uq_process_note_thread_edition")),
    )
    op.create_index(op.f("ix_process_note_course_id"), "process_note", ["course_id"], unique=False)
    op.create_index(
        op.f("ix_process_note_written_by"), "process_note", ["written_by"], unique=False
    )


def _contact_attempt() -> None:
    op.create_table(
        "contact_attempt",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=60), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("tried_by", sa.Uuid(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["contact_task.id"], name=op.f("fk_contact_attempt_task_id")
        ),
        sa.ForeignKeyConstraint(
            ["tried_by"], ["account.id"], name=op.f("fk_contact_attempt_tried_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    op.create_index(
        op.f("ix_contact_attempt_task_id"), "contact_attempt", ["task_id"], unique=False
    )
