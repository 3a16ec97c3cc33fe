"""Security: second factors and codes, the sealed audit, emergency access, assessors, legal hold."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    "throttle",
    "access_code",
    "emergency_access",
    "legal_hold",
    "recovery_code",
    "second_factor",
    "emergency_notice_seen",
    "assessment_request",
)
"""In the order in which they are made."""
ACCOUNT_CHECKS = {
    "role_is_known": (
        "role IN ('therapist', 'supervisor', 'administrator', 'auditor', 'assessor')"
    ),
    "enabled_can_sign_in": "NOT enabled OR email IS NOT NULL",
    "password_has_its_day": "(password_hash IS NULL) = (password_set_at IS NULL)",
}
EARLIER_ACCOUNT_CHECKS = {
    "role_is_known": "role IN ('therapist', 'supervisor', 'administrator')",
    "enabled_can_sign_in": "NOT enabled OR (email IS NOT NULL AND password_hash IS NOT NULL)",
}

NO_UPDATE = {
    "sqlite": "DROP TRIGGER IF EXISTS audit_entry_no_update",
    "postgresql": "DROP TRIGGER IF EXISTS audit_entry_no_update ON audit_entry",
}


def upgrade() -> None:
    _throttle()
    _access_code()
    _emergency_access()
    _legal_hold()
    _recovery_code()
    _second_factor()
    _emergency_notice_seen()
    _assessment_request()
    _account()
    _sign_in()
    # Plain columns: the audit table is never rebuilt. Its earlier rows are sealed after this, so
    # the trigger that refuses changes goes until then; all triggers are installed at the end.
    op.execute(NO_UPDATE[op.get_bind().dialect.name])
    op.add_column("audit_entry", sa.Column("emergency_id", sa.Uuid(), nullable=True))
    op.add_column("audit_entry", sa.Column("seal", sa.String(64), nullable=True))


def _throttle() -> None:
    op.create_table(
        "throttle",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        _moment("last_at", nullable=False),
        _moment("blocked_until", nullable=True),
        sa.CheckConstraint(
            "kind IN ('account', 'address', 'global', 'code')",
            name=op.f("ck_throttle_kind_is_known"),
        ),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_throttle_failures_are_counted")),
        sa.PrimaryKeyConstraint("kind", "key_digest", name=op.f("pk_throttle")),
    )


def _access_code() -> None:
    op.create_table(
        "access_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        _moment("made_at", nullable=False),
        _moment("expires_at", nullable=False),
        _moment("used_at", nullable=True),
        _moment("withdrawn_at", nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('password', 'second_factor')", name=op.f("ck_access_code_kind_is_known")
        ),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_access_code_expires_later")),
        sa.CheckConstraint(
            "used_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_access_code_used_or_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_access_code_account_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_access_code_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_code")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_access_code_code_digest")),
    )
    op.create_index(op.f("ix_access_code_account_id"), "access_code", ["account_id"])


def _emergency_access() -> None:
    op.create_table(
        "emergency_access",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("started_at", nullable=False),
        _moment("ends_at", nullable=False),
        _moment("ended_at", nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= started_at",
            name=op.f("ck_emergency_access_ended_after_start"),
        ),
        sa.CheckConstraint("ends_at > started_at", name=op.f("ck_emergency_access_ends_later")),
        sa.CheckConstraint(
            "length(reason) >= 20", name=op.f("ck_emergency_access_reason_is_stated")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_emergency_access_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_emergency_access_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
    )
    op.create_index(
        op.f("ix_emergency_access_account_id_ends_at"),
        "emergency_access",
        ["account_id", "ends_at"],
    )
    op.create_index(op.f("ix_emergency_access_patient_id"), "emergency_access", ["patient_id"])


def _legal_hold() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        _moment("set_at", nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        _moment("lifted_at", nullable=True),
        sa.Column("lifted_why", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)",
            name=op.f("ck_legal_hold_lifted_has_who_and_when"),
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_why IS NULL)",
            name=op.f("ck_legal_hold_lifted_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["account.id"], name=op.f("fk_legal_hold_lifted_by")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_legal_hold_patient_id")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_legal_hold_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_patient_id"), "legal_hold", ["patient_id"])


def _recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        _moment("made_at", nullable=False),
        _moment("used_at", nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "account_id", "code_digest", name=op.f("uq_recovery_code_account_id_code_digest")
        ),
    )


def _second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), nullable=False),
        _moment("made_at", nullable=False),
        _moment("confirmed_at", nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "confirmed_at IS NOT NULL OR last_step IS NULL",
            name=op.f("ck_second_factor_used_is_confirmed"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )


def _emergency_notice_seen() -> None:
    op.create_table(
        "emergency_notice_seen",
        sa.Column("emergency_id", sa.Uuid(), nullable=False),
        sa.Column("seen_by", sa.Uuid(), nullable=False),
        _moment("seen_at", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["emergency_id"],
            ["emergency_access.id"],
            name=op.f("fk_emergency_notice_seen_emergency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["account.id"], name=op.f("fk_emergency_notice_seen_seen_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_notice_seen")),
        sa.UniqueConstraint(
            "emergency_id", "seen_by", name=op.f("uq_emergency_notice_seen_emergency_id_seen_by")
        ),
    )


def _assessment_request() -> None:
    op.create_table(
        "assessment_request",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("instrument", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        _moment("asked_at", nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=True),
        _moment("done_at", nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        _moment("withdrawn_at", nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL) = (measure_id IS NULL)",
            name=op.f("ck_assessment_request_done_has_its_measure"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name=op.f("ck_assessment_request_withdrawn_has_who_and_when"),
        ),
        sa.CheckConstraint(
            "done_at IS NULL OR withdrawn_at IS NULL",
            name=op.f("ck_assessment_request_done_or_withdrawn"),
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_why IS NOT NULL",
            name=op.f("ck_assessment_request_withdrawn_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_assessment_request_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["account.id"], name=op.f("fk_assessment_request_assessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_assessment_request_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_assessment_request_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_assessment_request_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_request")),
        sa.UniqueConstraint("measure_id", name=op.f("uq_assessment_request_measure_id")),
    )
    op.create_index(
        op.f("ix_assessment_request_assessor_id_done_at"),
        "assessment_request",
        ["assessor_id", "done_at"],
    )
    op.create_index(op.f("ix_assessment_request_course_id"), "assessment_request", ["course_id"])


def _moment(name: str, *, nullable: bool) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _account() -> None:
    with op.batch_alter_table("account") as table:
        table.add_column(_moment("password_set_at", nullable=True))
    op.execute("UPDATE account SET password_set_at = created_at WHERE password_hash IS NOT NULL")
    with op.batch_alter_table("account") as table:
        for name in ("role_is_known", "enabled_can_sign_in"):
            table.drop_constraint(op.f(f"ck_account_{name}"), type_="check")
        for name, rule in ACCOUNT_CHECKS.items():
            table.create_check_constraint(op.f(f"ck_account_{name}"), rule)


def _sign_in() -> None:
    for column in (
        _moment("passed_at", nullable=True),
        _moment("stepped_up_at", nullable=True),
        sa.Column("address", sa.String(64), nullable=True),
        sa.Column("device", sa.String(80), nullable=True),
    ):
        op.add_column("sign_in", column)
    op.execute("UPDATE sign_in SET passed_at = created_at")


def downgrade() -> None:
    for name in ("seal", "emergency_id"):
        op.drop_column("audit_entry", name)
    for name in ("device", "address", "stepped_up_at", "passed_at"):
        op.drop_column("sign_in", name)
    _forget_new_roles()
    for name in reversed(TABLES):
        op.drop_table(name)


def _forget_new_roles() -> None:
    """Nobody keeps a role that the older schema does not know: they become ones who see nothing."""
    op.execute(
        "UPDATE account SET enabled = false, role = 'administrator'"
        " WHERE role IN ('auditor', 'assessor')"
    )
    op.execute("UPDATE account SET enabled = false WHERE password_hash IS NULL")
    with op.batch_alter_table("account") as table:
        for name in ACCOUNT_CHECKS:
            table.drop_constraint(op.f(f"ck_account_{name}"), type_="check")
        table.drop_column("password_set_at")
        for name, rule in EARLIER_ACCOUNT_CHECKS.items():
            table.create_check_constraint(op.f(f"ck_account_{name}"), rule)
