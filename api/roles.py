"""Who may do what."""

from typing import Literal, get_args

Role = Literal["viewer", "dispatcher", "planner", "approver", "admin"]
Right = Literal["read", "call", "plan", "operate", "commit", "approve", "supply", "administer"]
ROLES: tuple[Role, ...] = get_args(Role)

RIGHTS: dict[Right, frozenset[Role]] = {
    "read": frozenset(ROLES),
    "call": frozenset(ROLES) - {"viewer"},
    "plan": frozenset(ROLES) - {"viewer"},
    "operate": frozenset({"dispatcher", "approver", "admin"}),
    "commit": frozenset({"dispatcher", "approver", "admin"}),
    "approve": frozenset({"approver", "admin"}),
    "supply": frozenset(ROLES) - {"viewer"},
    "administer": frozenset({"admin"}),
}
"""Roles by right: ``read`` the situation, ``call`` (phones), compute plans, ``operate`` (incidents,
closures, teams, orders), ``commit`` plans, ``approve`` them, move stock (``supply``), keys and audit
(``administer``)."""


def may(role: Role, right: Right) -> bool:
    """Whether a role has a right."""
    return role in RIGHTS[right]
