"""Numbers and times as a person reads them."""

from datetime import UTC, datetime


def amount(units: int, decimals: int = 6) -> str:
    """An integer with its decimal point, and thousands apart."""
    whole, part = divmod(units, 10**decimals)
    return f"{whole:,}.{part:0{decimals}d}"


def moment(seconds: int) -> str:
    """Unix seconds as date and time."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
