"""Column types that mean the same on SQLite and on PostgreSQL with PostGIS."""

from datetime import UTC, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, DateTime, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

WGS84 = 4326
"""EPSG code of longitude and latitude in degrees."""

Json = JSON().with_variant(JSONB(), "postgresql")
"""A JSON document; PostgreSQL keeps it parsed, so the order of keys is not kept."""


class UtcTime(TypeDecorator[datetime]):
    """An instant: aware on both sides, UTC inside; SQLite itself would lose the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into UTC; a naive instant is a defect of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without time zone: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out of the database with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PostgisGeometry(UserDefinedType[Any]):
    """``geometry(Geometry, 4326)`` of PostGIS, written and read as hexadecimal EWKB."""

    cache_ok = True

    def __init__(self, *_of: object) -> None:
        """As PostgreSQL describes the column, or as we do: always the same."""

    def get_col_spec(self, **_: Any) -> str:
        """The type as a statement writes it."""
        return f"geometry(Geometry,{WGS84})"


ischema_names["geometry"] = PostgisGeometry


class Shape(TypeDecorator[BaseGeometry]):
    """A geometry in WGS84: well-known binary on SQLite, a PostGIS column on PostgreSQL; no SQL functions."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column as this database knows it."""
        kind: TypeEngine[Any] = PostgisGeometry() if dialect.name == "postgresql" else LargeBinary()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> str | bytes | None:
        """Into the database."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return str(shapely.to_wkb(shapely.set_srid(value, WGS84), hex=True, include_srid=True))
        return bytes(shapely.to_wkb(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:
        """Out of the database."""
        if value is None:
            return None
        shape: BaseGeometry = shapely.from_wkb(value)
        return shapely.set_srid(shape, 0) if dialect.name == "postgresql" else shape
