"""What gets indoors while a cloud passes."""

from math import exp


def indoor_ratio(air_changes_per_h: float, *, hours: float) -> float:
    """Concentration indoors over outdoors after ``hours`` of a steady cloud: ``1 - exp(-ACH t)``, 0 to 1.

    Single well-mixed box without deposition. Afterwards the indoor air is the worse one: rooms must be aired
    and left soon after the cloud has passed.
    """
    if not (air_changes_per_h >= 0 and hours >= 0):
        raise ValueError(f"want air changes and hours >= 0, got {air_changes_per_h}, {hours}")
    return 1 - exp(-air_changes_per_h * hours)
