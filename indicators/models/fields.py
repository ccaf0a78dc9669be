"""Model fields for what the engine computes with: quarters and exact figures."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.engine.period import Quarter


class QuarterField(models.Field):
    """A quarter, stored as its ordinal in a smallint, handed out as `Quarter`."""

    description = _("Quarter")

    def get_internal_type(self) -> str:
        return "SmallIntegerField"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Quarter | None:
        return None if value is None else Quarter(value)

    def to_python(self, value: Any) -> Quarter | None:
        if value is None or isinstance(value, Quarter):
            return value
        try:
            return Quarter(value) if isinstance(value, int) else Quarter.parse(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> int | None:
        value = super().get_prep_value(value)
        return value.ordinal if isinstance(value, Quarter) else value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


class NarrowKey(models.ForeignKey):
    """A key in four bytes, for derived rows that are written by the million; the row it names may have eight.

    Such rows carry no foreign key in the database, which would want equal types.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_constraint", False)
        kwargs.setdefault("db_index", False)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        return "integer"


class FigureField(models.DecimalField):
    """An exact figure: numeric(20,6), finite. Source: trust rule 18."""

    LIMIT = Decimal("99999999999999.999999")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 20)
        kwargs.setdefault("decimal_places", 6)
        super().__init__(*args, **kwargs)
