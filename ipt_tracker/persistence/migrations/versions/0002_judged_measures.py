"""Measures say by what they were judged; safety prompts, second keyings, settings, schedules."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW_CHECK = "ck_measure_withdrawn_has_who_and_when"
BOTH_OR_NEITHER = "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"
REFERENCES = ("rule", "cut", "band_set", "threshold_set")
JUDGED_BY = {
    "caps5_month": ("caps5_dsm5@1", None, None, "marx2022_s1_caps5@1"),
    "caps5_week": (None, None, None, "marx2022_s1_caps5@1"),
    "caps4": ("f1i2@1", None, None, "weathers2001_caps4@1"),
    "pcl5_month": ("pcl5_provisional@1", "cut_33@1", None, "marx2022_s1_pcl5@1"),
    "pcl5_week": ("pcl5_provisional@1", "cut_33@1", None, "marx2022_s1_pcl5@1"),
    "pcl4": ("pcl4_provisional@1", "cut_44@1", None, "computed_pcl4@1"),
    "phq9": ("phq9_algorithm@1", "cut_10@1", "kroenke2001@1", "nhs_phq9@1"),
    "hamd17": (None, None, "common@1", "computed_hamd17@1"),
}
"""There was one choice of each for an instrument so far: what judged the rows that are there."""


def upgrade() -> None:
    _measures_say_by_what()
    op.add_column("course", sa.Column("criterion_a", sa.Boolean(), nullable=True))
    op.add_column("course", sa.Column("schedule", sa.JSON(), nullable=True))
    _safety_prompt()
    _second_keying()
    _clinic_setting()


def downgrade() -> None:
    for name in ("clinic_setting", "second_keying", "safety_prompt"):
        op.drop_table(name)
    op.drop_column("course", "schedule")
    op.drop_column("course", "criterion_a")
    op.drop_index("ix_measure_status_due_on", "measure")
    with op.batch_alter_table("measure") as table:
        table.drop_constraint(op.f(NEW_CHECK), type_="check")
        for name in ("version", "withdrawn_by", "withdrawn_at", "findings", "beside", *REFERENCES):
            table.drop_column(name)


def _measures_say_by_what() -> None:
    with op.batch_alter_table("measure") as table:
        for name in REFERENCES:
            table.add_column(sa.Column(name, sa.String(length=60), nullable=True))
        table.add_column(sa.Column("beside", sa.JSON(), nullable=True))
        table.add_column(sa.Column("findings", sa.JSON(), nullable=True))
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        withdrawer = op.f("fk_measure_withdrawn_by")
        table.create_foreign_key(withdrawer, "account", ["withdrawn_by"], ["id"])
        table.create_check_constraint(op.f(NEW_CHECK), BOTH_OR_NEITHER)
    op.create_index("ix_measure_status_due_on", "measure", ["status", "due_on"])
    measure = sa.table("measure", *(sa.column(name) for name in ("instrument", *REFERENCES)))
    for instrument, refs in JUDGED_BY.items():
        named = dict(zip(REFERENCES, refs, strict=True))
        op.execute(measure.update().where(measure.c.instrument == instrument).values(named))


def _safety_prompt() -> None:
    op.create_table(
        "safety_prompt",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("done", sa.String(length=60), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
            name=op.f("ck_safety_prompt_acknowledged_has_who_and_when"),
        ),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (action IS NULL)",
            name=op.f("ck_safety_prompt_acknowledged_says_what_was_done"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_safety_prompt_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_safety_prompt_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["account.id"], name=op.f("fk_safety_prompt_acknowledged_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_prompt")),
    )
    op.create_index(
        "ix_safety_prompt_course_id_acknowledged_at",
        "safety_prompt",
        ["course_id", "acknowledged_at"],
    )
    op.create_index(op.f("ix_safety_prompt_measure_id"), "safety_prompt", ["measure_id"])


def _second_keying() -> None:
    op.create_table(
        "second_keying",
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("beside", sa.JSON(), nullable=False),
        sa.Column("differing", sa.JSON(), nullable=False),
        sa.Column("keyed_by", sa.Uuid(), nullable=False),
        sa.Column("keyed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_second_keying_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["keyed_by"], ["account.id"], name=op.f("fk_second_keying_keyed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_keying")),
    )
    op.create_index(op.f("ix_second_keying_measure_id"), "second_keying", ["measure_id"])


def _clinic_setting() -> None:
    op.create_table(
        "clinic_setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_clinic_setting_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_setting")),
    )
    op.create_index("ix_clinic_setting_name_set_at", "clinic_setting", ["name", "set_at"])
