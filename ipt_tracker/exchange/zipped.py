"""A zip file that is sent while it is made: no member is ever whole in memory or on the disk."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PIECE = 1 << 15
"""Bytes that are gathered before they are handed on."""
EARLIEST = 1980
"""Zip files know no earlier year."""

Member = tuple[str, Iterable[bytes]]


class _Gathered:
    """What the zip writer takes for a file that cannot be read or gone back in."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def write(self, piece: bytes) -> int:
        self._bytes += piece
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self, at_least: int = 1) -> Iterator[bytes]:
        """Hand on what has been gathered, once it is enough."""
        if len(self._bytes) >= at_least:
            yield bytes(self._bytes)
            self._bytes.clear()


def zipped(members: Iterable[Member], at: datetime) -> Iterator[bytes]:
    """Give a zip file bit by bit. Members are read one after the other, each when its turn comes.

    Equal members and an equal moment give equal bytes.
    """
    gathered = _Gathered()
    with ZipFile(gathered, "w") as archive:  # type: ignore[call-overload]  # -- it asks for no more than that
        for name, pieces in members:
            with archive.open(_entry(name, at), "w") as member:
                for piece in pieces:
                    member.write(piece)
                    yield from gathered.taken(PIECE)
            yield from gathered.taken()
    yield from gathered.taken()


def _entry(name: str, at: datetime) -> ZipInfo:
    moment = max(at.year, EARLIEST), at.month, at.day, at.hour, at.minute, at.second
    entry = ZipInfo(name, moment)
    entry.compress_type = ZIP_DEFLATED
    return entry
