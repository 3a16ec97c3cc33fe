"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('therapist', 'supervisor', 'administrator')",
            name=op.f("ck_account_role_is_known"),
        ),
        sa.CheckConstraint(
            "NOT enabled OR (email IS NOT NULL AND password_hash IS NOT NULL)",
            name=op.f("ck_account_enabled_can_sign_in"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_is_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "audit_entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.String(length=60), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_actor_id_at", "audit_entry", ["actor_id", "at"], unique=False)
    op.create_index(
        "ix_audit_entry_patient_id_at", "audit_entry", ["patient_id", "at"], unique=False
    )
    op.create_table(
        "imported_case",
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("shifted_days", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_imported_case")),
    )
    op.create_table(
        "patient",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=True),
        sa.Column("emergency_contact", sa.String(length=300), nullable=True),
        sa.Column("prescriber", sa.String(length=200), nullable=True),
        sa.Column("primary_diagnosis", sa.String(length=60), nullable=False),
        sa.Column("primary_diagnosis_text", sa.Text(), nullable=True),
        sa.Column("precipitating_event", sa.String(length=60), nullable=False),
        sa.Column("precipitating_event_text", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("demographics", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(code) > 0", name=op.f("ck_patient_code_is_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("code", name=op.f("uq_patient_code")),
    )
    op.create_index("ix_patient_names", "patient", ["id", "name", "code"], unique=False)
    op.create_table(
        "course",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=True),
        sa.Column("protocol", sa.String(length=60), nullable=False),
        sa.Column("format", sa.String(length=60), nullable=False),
        sa.Column("phase_map", sa.JSON(), nullable=False),
        sa.Column("planned_sessions", sa.Integer(), nullable=False),
        sa.Column("engagement_sessions", sa.Integer(), nullable=False),
        sa.Column("maintenance_sessions", sa.Integer(), nullable=False),
        sa.Column("session_minutes", sa.Integer(), nullable=True),
        sa.Column("spacing", sa.String(length=120), nullable=True),
        sa.Column("contract_agreed", sa.Boolean(), nullable=True),
        sa.Column("manual", sa.String(length=300), nullable=True),
        sa.Column("adaptations", sa.Text(), nullable=True),
        sa.Column("recording_consent", sa.Boolean(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("disposition", sa.String(length=60), nullable=True),
        sa.Column("outcome_reason", sa.Text(), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=True),
        sa.Column("therapist_role", sa.String(length=60), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'active') = (ended_on IS NULL)", name=op.f("ck_course_active_has_no_end")
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on", name=op.f("ck_course_ends_after_start")
        ),
        sa.CheckConstraint("planned_sessions > 0", name=op.f("ck_course_sessions_are_planned")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_course_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("case_id", name=op.f("uq_course_case_id")),
    )
    op.create_index(op.f("ix_course_patient_id"), "course", ["patient_id"], unique=False)
    op.create_index(
        "ix_course_standing", "course", ["id", "ended_on", "patient_id", "started_on"], unique=False
    )
    op.create_table(
        "sign_in",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_token_digest")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)
    op.create_table(
        "staff_code",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_staff_code_account_id")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_staff_code")),
    )
    op.create_index(op.f("ix_staff_code_account_id"), "staff_code", ["account_id"], unique=False)
    op.create_table(
        "supervision",
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("supervisee_id", sa.Uuid(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on",
            name=op.f("ck_supervision_ends_after_start"),
        ),
        sa.CheckConstraint(
            "supervisor_id <> supervisee_id", name=op.f("ck_supervision_not_of_oneself")
        ),
        sa.ForeignKeyConstraint(
            ["supervisee_id"], ["account.id"], name=op.f("fk_supervision_supervisee_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["account.id"], name=op.f("fk_supervision_supervisor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
    )
    op.create_index(
        "ix_supervision_supervisor_id_ended_on",
        "supervision",
        ["supervisor_id", "ended_on"],
        unique=False,
    )
    op.create_table(
        "amendment",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("author", sa.String(length=120), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("amended_on", sa.Date(), nullable=False),
        sa.Column("note_state", sa.String(length=60), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_amendment_author_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_amendment_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
    )
    op.create_index(op.f("ix_amendment_course_id"), "amendment", ["course_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("therapist_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on",
            name=op.f("ck_assignment_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_assignment_course_id")),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["account.id"], name=op.f("fk_assignment_supervisor_id")
        ),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["account.id"], name=op.f("fk_assignment_therapist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_course_id"), "assignment", ["course_id"], unique=False)
    op.create_index(
        "ix_assignment_therapist_id_ended_on",
        "assignment",
        ["therapist_id", "ended_on"],
        unique=False,
    )
    op.create_table(
        "contract_change",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("at_session", sa.Integer(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reformulated", sa.Boolean(), nullable=True),
        sa.Column("patient_agreed", sa.Boolean(), nullable=True),
        sa.Column("supervisor_informed", sa.Boolean(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_contract_change_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_change")),
    )
    op.create_index(
        op.f("ix_contract_change_course_id"), "contract_change", ["course_id"], unique=False
    )
    op.create_table(
        "focal_area_spell",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=True),
        sa.Column("from_session", sa.Integer(), nullable=True),
        sa.Column("to_session", sa.Integer(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("open_place", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (open_place IS NOT NULL)",
            name=op.f("ck_focal_area_spell_open_has_a_place"),
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on",
            name=op.f("ck_focal_area_spell_ends_after_start"),
        ),
        sa.CheckConstraint("open_place IN (1, 2)", name=op.f("ck_focal_area_spell_two_at_most")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_focal_area_spell_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focal_area_spell")),
        sa.UniqueConstraint(
            "course_id", "open_place", name=op.f("uq_focal_area_spell_course_id_open_place")
        ),
    )
    op.create_index(
        op.f("ix_focal_area_spell_course_id"), "focal_area_spell", ["course_id"], unique=False
    )
    op.create_table(
        "session_record",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("phase", sa.String(length=60), nullable=False),
        sa.Column("phase_reason", sa.Text(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("minutes_late", sa.Integer(), nullable=False),
        sa.Column("modality", sa.String(length=60), nullable=True),
        sa.Column("attendance", sa.String(length=60), nullable=False),
        sa.Column("focal_area", sa.String(length=60), nullable=True),
        sa.Column("dispute_stage", sa.String(length=60), nullable=True),
        sa.Column("mood", sa.Integer(), nullable=True),
        sa.Column("linked_event", sa.Text(), nullable=True),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("techniques", sa.JSON(), nullable=False),
        sa.Column("homework", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("note_state", sa.String(length=60), nullable=True),
        sa.Column("note_signed_on", sa.Date(), nullable=True),
        sa.Column("note_service_on", sa.Date(), nullable=True),
        sa.Column("note_cosigned_by", sa.String(length=60), nullable=True),
        sa.Column("note_cosigned_on", sa.Date(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "duration_minutes BETWEEN 1 AND 600",
            name=op.f("ck_session_record_duration_is_possible"),
        ),
        sa.CheckConstraint(
            "minutes_late >= 0", name=op.f("ck_session_record_late_is_not_negative")
        ),
        sa.CheckConstraint("mood BETWEEN 0 AND 10", name=op.f("ck_session_record_mood_is_0_to_10")),
        sa.CheckConstraint("slot >= 0", name=op.f("ck_session_record_slot_is_counted")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_session_record_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_record")),
        sa.UniqueConstraint(
            "course_id", "kind", "number", name=op.f("uq_session_record_course_id_kind_number")
        ),
        sa.UniqueConstraint("course_id", "slot", name=op.f("uq_session_record_course_id_slot")),
    )
    op.create_index(
        "ix_session_record_standing",
        "session_record",
        ["course_id", "slot", "attendance", "phase", "held_on"],
        unique=False,
    )
    op.create_table(
        "fidelity_rating",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("rater", sa.String(length=60), nullable=False),
        sa.Column("rater_id", sa.Uuid(), nullable=True),
        sa.Column("basis", sa.String(length=60), nullable=True),
        sa.Column("scope", sa.String(length=60), nullable=True),
        sa.Column("rated_on", sa.Date(), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("proscribed", sa.JSON(), nullable=False),
        sa.Column("global_competence", sa.Integer(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["account.id"], name=op.f("fk_fidelity_rating_rater_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_fidelity_rating_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fidelity_rating")),
    )
    op.create_index(
        op.f("ix_fidelity_rating_session_id"), "fidelity_rating", ["session_id"], unique=False
    )
    op.create_table(
        "measure",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("instrument", sa.String(length=60), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=60), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("lowest", sa.Integer(), nullable=True),
        sa.Column("highest", sa.Integer(), nullable=True),
        sa.Column("point", sa.String(length=60), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assessor", sa.String(length=120), nullable=True),
        sa.Column("blind", sa.Boolean(), nullable=True),
        sa.Column("unblinding", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'complete') = (total IS NOT NULL)",
            name=op.f("ck_measure_total_when_complete"),
        ),
        sa.CheckConstraint("lowest <= highest", name=op.f("ck_measure_range_is_ordered")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_measure_total_is_not_negative")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_measure_course_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_measure_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_measure_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    op.create_index(
        "ix_measure_course_id_instrument_taken_on",
        "measure",
        ["course_id", "instrument", "taken_on"],
        unique=False,
    )
    op.create_index(op.f("ix_measure_session_id"), "measure", ["session_id"], unique=False)
    op.create_table(
        "medication_change",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("drug", sa.String(length=200), nullable=True),
        sa.Column("change", sa.String(length=120), nullable=True),
        sa.Column("dose", sa.String(length=120), nullable=True),
        sa.Column("changed_by", sa.String(length=200), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_medication_change_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medication_change")),
        sa.UniqueConstraint("session_id", name=op.f("uq_medication_change_session_id")),
    )
    op.create_table(
        "risk_check",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("trigger", sa.String(length=200), nullable=True),
        sa.Column("instrument", sa.String(length=120), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("band", sa.String(length=60), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("supervisor_told_on", sa.Date(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "asked OR result IS NULL", name=op.f("ck_risk_check_no_result_without_asking")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session_record.id"], name=op.f("fk_risk_check_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_check")),
        sa.UniqueConstraint("session_id", name=op.f("uq_risk_check_session_id")),
    )


def downgrade() -> None:
    op.drop_table("risk_check")
    op.drop_table("medication_change")
    op.drop_index(op.f("ix_measure_session_id"), table_name="measure")
    op.drop_index("ix_measure_course_id_instrument_taken_on", table_name="measure")
    op.drop_table("measure")
    op.drop_index(op.f("ix_fidelity_rating_session_id"), table_name="fidelity_rating")
    op.drop_table("fidelity_rating")
    op.drop_index("ix_session_record_standing", table_name="session_record")
    op.drop_table("session_record")
    op.drop_index(op.f("ix_focal_area_spell_course_id"), table_name="focal_area_spell")
    op.drop_table("focal_area_spell")
    op.drop_index(op.f("ix_contract_change_course_id"), table_name="contract_change")
    op.drop_table("contract_change")
    op.drop_index("ix_assignment_therapist_id_ended_on", table_name="assignment")
    op.drop_index(op.f("ix_assignment_course_id"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_index(op.f("ix_amendment_course_id"), table_name="amendment")
    op.drop_table("amendment")
    op.drop_index("ix_supervision_supervisor_id_ended_on", table_name="supervision")
    op.drop_table("supervision")
    op.drop_index(op.f("ix_staff_code_account_id"), table_name="staff_code")
    op.drop_table("staff_code")
    op.drop_index(op.f("ix_sign_in_account_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index("ix_course_standing", table_name="course")
    op.drop_index(op.f("ix_course_patient_id"), table_name="course")
    op.drop_table("course")
    op.drop_index("ix_patient_names", table_name="patient")
    op.drop_table("patient")
    op.drop_table("imported_case")
    op.drop_index("ix_audit_entry_patient_id_at", table_name="audit_entry")
    op.drop_index("ix_audit_entry_actor_id_at", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("account")
