"""Live drills and their worlds.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

from api.store.column_kinds import Json, UtcTime

revision = "0005"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "drills",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("script", Json, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("starts_at", UtcTime(), nullable=True),
        sa.Column("elapsed_s", sa.Double(), nullable=False),
        sa.Column("ran_from", UtcTime(), nullable=True),
        sa.Column("speed", sa.Double(), nullable=False),
        sa.Column("next_due_s", sa.Double(), nullable=True),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("began_at", UtcTime(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drills")),
    )
    op.create_index(op.f("ix_drills_status"), "drills", ["status"], unique=False)
    op.create_table(
        "drill_worlds",
        sa.Column("drill_id", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.String(length=20), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["drill_id"], ["drills.id"], name=op.f("fk_drill_worlds_drill_id_drills")),
        sa.PrimaryKeyConstraint("drill_id", name=op.f("pk_drill_worlds")),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("drill_worlds")
    op.drop_index(op.f("ix_drills_status"), table_name="drills")
    op.drop_table("drills")
