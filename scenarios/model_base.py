"""What all models of files share: strictness, faults with codes, names, conditions on records."""

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from geo.region.layers import LAYERS
from scenarios.forces import forces
from scenarios.where import WhereError, read_condition


def wrong(code: str, wanted: str, fix: str) -> PydanticCustomError:
    """A fault with a code of its own, to be raised inside a model."""
    return PydanticCustomError(code, "{wanted}", {"wanted": wanted, "fix": fix})


class Strict(BaseModel):
    """Base of all models of a file: unknown keys are faults, numbers are finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _force(value: Any) -> Any:
    if isinstance(value, str) and value not in forces():
        raise wrong("S124", f"one of {', '.join(forces())}", "Use the name of a known force.")
    return value


def _where(value: Any) -> Any:
    try:
        if isinstance(value, str):
            read_condition(value)
    except WhereError as error:
        raise wrong(
            "S114", f"a condition such as \"status == 'planned'\" ({error})", "Correct the condition."
        ) from error
    return value


def _known_layer(value: str) -> str:
    if value not in LAYERS:
        raise wrong("S128", f"one of the layers {', '.join(LAYERS)}", "Correct the name of the layer.")
    return value


def _printable(value: str) -> str:
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in value) or "\ufffd" in value:
        raise wrong("S107", "text on one line, without control characters", "Write the name again.")
    return value


Id = Annotated[str, Field(min_length=1)]
Name = Annotated[str, AfterValidator(_printable)]
Whole = Annotated[int, Field(strict=True)]
ForceName = Annotated[str, BeforeValidator(_force)]


class Records(Strict):
    """The records of a layer that meet a condition."""

    layer: Annotated[Id, AfterValidator(_known_layer)]
    where: Annotated[str | None, BeforeValidator(_where), Field(description="condition on columns")] = None

    @model_validator(mode="after")
    def _columns_exist(self) -> "Records":
        if self.where is None:
            return self
        columns = {column.name: column for column in LAYERS[self.layer].columns}
        for name, values in read_condition(self.where).uses:
            if name not in columns:
                raise wrong(
                    "S115", f"a column of {self.layer}: {', '.join(columns)}", f"Correct the column {name!r}."
                )
            numeric = columns[name].kind in ("count", "number")
            if any(isinstance(value, str) == numeric for value in values):
                kind = "numbers" if numeric else "quoted text"
                raise wrong("S115", f"{kind} to compare {name} with", f"Compare {name} with {kind}.")
            choices = columns[name].choices
            if choices and (odd := [value for value in values if value not in choices]):
                raise wrong(
                    "S115", f"values of {name}: {', '.join(choices)}", f"Correct the value {odd[0]!r}."
                )
        return self


def _placed(of: Records) -> Records:
    if LAYERS[of.layer].geometry is None:
        placed = ", ".join(name for name, layer in LAYERS.items() if layer.geometry is not None)
        raise wrong("S128", f"a layer with places: {placed}", "Name a layer whose records have a place.")
    return of


PlacedRecords = Annotated[Records, AfterValidator(_placed)]
"""Records of a layer whose records stand somewhere."""
