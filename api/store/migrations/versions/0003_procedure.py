"""The procedure: response levels, log, reports, alerts, records of people and documents, places.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from api.store.column_kinds import Json, Shape, UtcTime

revision = "0003"
down_revision = "0002"

APPROVAL = ("approved_by", "approved_verbally_by", "confirmed_at", "confirmed_by")


def upgrade() -> None:
    """Make the tables."""
    op.add_column("incidents", sa.Column("ended_as", sa.String(length=20), nullable=True))
    op.execute("UPDATE incidents SET ended_as = 'closed' WHERE closed_at IS NOT NULL")
    for column in _approval():
        op.add_column("orders", column)
    op.create_table(
        "responses",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("incident_id", sa.String(length=200), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        *_approval(),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_responses_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
    )
    op.create_index(op.f("ix_responses_incident_id"), "responses", ["incident_id"], unique=False)
    op.create_table(
        "log_entries",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("incident_id", sa.String(length=200), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("written_at", UtcTime(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_log_entries_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entries")),
    )
    op.create_index(op.f("ix_log_entries_incident_id"), "log_entries", ["incident_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("incident_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_at", UtcTime(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_reports_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index("uq_reports_incident_number", "reports", ["incident_id", "number"], unique=True)
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("identifier", sa.String(length=200), nullable=False),
        sa.Column("sent", UtcTime(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("msg_type", sa.String(length=20), nullable=False),
        sa.Column("incident_id", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("xml", sa.Text(), nullable=False),
        sa.Column("taken_at", UtcTime(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_alerts_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_incident_id"), "alerts", ["incident_id"], unique=False)
    op.create_index("uq_alerts_sender_identifier", "alerts", ["sender", "identifier"], unique=True)
    op.create_table(
        "records",
        sa.Column("layer", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("layer", "id", name=op.f("pk_records")),
    )
    op.create_table(
        "placements",
        sa.Column("layer", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("place", Shape(), nullable=False),
        sa.Column("placed_at", UtcTime(), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("layer", "id", name=op.f("pk_placements")),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("placements")
    op.drop_table("records")
    op.drop_table("alerts")
    op.drop_table("reports")
    op.drop_table("log_entries")
    op.drop_table("responses")
    for name in reversed(APPROVAL):
        op.drop_column("orders", name)
    op.drop_column("incidents", "ended_as")


def _approval() -> list["sa.Column[object]"]:
    return [
        sa.Column(name, UtcTime() if name == "confirmed_at" else sa.Text(), nullable=True)
        for name in APPROVAL
    ]
