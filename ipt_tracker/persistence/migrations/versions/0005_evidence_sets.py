"""Evidence sets: trials that a clinic collects itself, and what was done to them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("evidence_set", "evidence_trial", "evidence_change")
"""In the order in which they are made."""
EFFECT_OR_ARMS = (
    "(g IS NULL) = (se IS NULL) AND (g IS NULL) <> (mean_ipt IS NULL)"
    " AND (mean_ipt IS NULL) = (sd_ipt IS NULL) AND (mean_ipt IS NULL) = (n_ipt IS NULL)"
    " AND (mean_ipt IS NULL) = (mean_control IS NULL)"
    " AND (mean_ipt IS NULL) = (sd_control IS NULL)"
    " AND (mean_ipt IS NULL) = (n_control IS NULL)"
)
TRIAL_CHECKS = {
    "effect_or_arms": EFFECT_OR_ARMS,
    "se_is_positive": "se > 0",
    "sds_are_positive": "sd_ipt > 0 AND sd_control > 0",
    "arms_have_two_people": "n_ipt >= 2 AND n_control >= 2",
    "fidelity_is_known": "fidelity IN ('yes', 'no', 'unknown')",
    "says_whence_and_who": "source <> '' AND population <> ''",
}
CHANGE_CHECKS = {
    "act_is_known": "act IN ('changed', 'withdrawn', 'restored')",
    "act_has_its_object": "(act = 'changed') = (trial_id IS NULL)",
    "withdrawn_has_a_reason": "act <> 'withdrawn' OR reason IS NOT NULL",
}


def upgrade() -> None:
    _evidence_set()
    _evidence_trial()
    _evidence_change()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _evidence_set() -> None:
    op.create_table(
        "evidence_set",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("measured", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("searched_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("begun_from", sa.String(length=60), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_evidence_set_name_is_not_empty")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_evidence_set_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_set")),
        sa.UniqueConstraint("name", name=op.f("uq_evidence_set_name")),
    )


def _evidence_trial() -> None:
    op.create_table(
        "evidence_trial",
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("study", sa.String(length=200), nullable=False),
        sa.Column("subgroup", sa.String(length=120), nullable=True),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("g", "se")),
        sa.Column("mean_ipt", sa.Double(), nullable=True),
        sa.Column("sd_ipt", sa.Double(), nullable=True),
        sa.Column("n_ipt", sa.Integer(), nullable=True),
        sa.Column("mean_control", sa.Double(), nullable=True),
        sa.Column("sd_control", sa.Double(), nullable=True),
        sa.Column("n_control", sa.Integer(), nullable=True),
        sa.Column("shares", sa.String(length=120), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("fidelity", sa.String(length=60), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_evidence_trial_{name}"))
            for name, rule in TRIAL_CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_evidence_trial_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["set_id"], ["evidence_set.id"], name=op.f("fk_evidence_trial_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_trial")),
        sa.UniqueConstraint("set_id", "place", name=op.f("uq_evidence_trial_set_id_place")),
    )


def _evidence_change() -> None:
    op.create_table(
        "evidence_change",
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("trial_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("old", "new", "reason")),
        sa.Column("done_by", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_evidence_change_{name}"))
            for name, rule in CHANGE_CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["account.id"], name=op.f("fk_evidence_change_done_by")
        ),
        sa.ForeignKeyConstraint(
            ["set_id"], ["evidence_set.id"], name=op.f("fk_evidence_change_set_id")
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"], ["evidence_trial.id"], name=op.f("fk_evidence_change_trial_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_change")),
        sa.UniqueConstraint("set_id", "place", name=op.f("uq_evidence_change_set_id_place")),
    )
    op.create_index(
        op.f("ix_evidence_change_trial_id"), "evidence_change", ["trial_id"], unique=False
    )
