"""How values of a table look on the page that shows them before they are taken."""

from datetime import UTC, date, datetime

from ipt_tracker.exchange.tables import Value


def shown(value: Value) -> str:
    """Write a value as a spreadsheet shows it; nothing where nothing is recorded."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
