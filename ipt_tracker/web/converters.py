"""Addresses that name an instrument, a sheet or what is rated: an unknown one is a 404 at once."""

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from ipt_tracker.clinical.course.worksheets.catalogue import SHEETS
from ipt_tracker.clinical.course.worksheets.sheet import Sheet
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.services.fidelity.doors import RatedKind


class InstrumentConverter(BaseConverter):
    """`pcl5_week` in an address, an Instrument in the view."""

    def to_python(self, value: str) -> Instrument:
        try:
            return INSTRUMENTS[value]
        except KeyError as error:
            raise ValidationError from error

    def to_url(self, value: Instrument | str) -> str:
        return value if isinstance(value, str) else value.key


class SheetConverter(BaseConverter):
    """`formulation` in an address, a Sheet in the view."""

    def to_python(self, value: str) -> Sheet:
        try:
            return SHEETS[value]
        except KeyError as error:
            raise ValidationError from error

    def to_url(self, value: Sheet | str) -> str:
        return value if isinstance(value, str) else value.key


class RatedConverter(BaseConverter):
    """`session` or `group` in an address, a RatedKind in the view."""

    def to_python(self, value: str) -> RatedKind:
        try:
            return RatedKind(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: str) -> str:
        return str(value)


def install(app: Flask) -> None:
    """Make `<instrument:...>`, `<sheet:...>` and `<rated:...>` usable in routes."""
    app.url_map.converters["instrument"] = InstrumentConverter
    app.url_map.converters["sheet"] = SheetConverter
    app.url_map.converters["rated"] = RatedConverter
