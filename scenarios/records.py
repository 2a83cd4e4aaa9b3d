"""Records of a table that meet a condition."""

from typing import TypeVar

import numpy as np
import pandas as pd

from scenarios.where import read_condition

Frame = TypeVar("Frame", bound=pd.DataFrame)


def meeting(table: Frame, where: str | None) -> Frame:
    """The records that meet a condition, all without one, in their order."""
    if where is None or not len(table):
        return table
    meets = read_condition(where).test
    held = [meets({str(k): v for k, v in record.items()}) for record in table.to_dict("records")]
    return table[np.array(held, np.bool_)]
