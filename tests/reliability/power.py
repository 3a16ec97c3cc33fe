"""A disk that forgets what it was not told to keep: power cuts at many moments of one run.

Beside each file stands what would be left of it. A write reaches that copy with the next sync of
the file; a new file is there from its first sync on; a deletion counts once the folder was synced.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import apsw

NAME = "forgetful"


@dataclass(frozen=True)
class Cut:
    """What a power cut leaves: the files, and how much was acknowledged before it."""

    files: dict[str, bytes]
    acknowledged: int

    def lay_down(self, folder: Path) -> None:
        """Write the files into a folder, as the machine finds them when it starts again."""
        folder.mkdir()
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


@dataclass
class Disk:
    """All that reached the disk, and the moments at which the power fails."""

    cut_at: frozenset[int]
    kept: dict[str, bytearray] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    cuts: list[Cut] = field(default_factory=list)
    acknowledged: int = 0
    moments: int = 0

    def passes(self) -> None:
        """Let one moment pass; the power may fail now."""
        self.moments += 1
        if self.moments in self.cut_at:
            files = {name: bytes(content) for name, content in self.kept.items()}
            self.cuts.append(Cut(files, self.acknowledged))

    def sync(self, name: str, waiting: list["Change"]) -> None:
        """Keep what a file was given; the first sync of a new file also syncs the folder."""
        if name not in self.kept or name in self.deleted:
            self.sync_folder()
        kept = self.kept.setdefault(name, bytearray())
        for change in waiting:
            change(kept)

    def sync_folder(self) -> None:
        """Let every deletion count."""
        for name in self.deleted:
            self.kept.pop(name, None)
        self.deleted.clear()


Change = Callable[[bytearray], None]


def writing(data: bytes, offset: int) -> Change:
    """Give the change that a write makes to what is kept."""

    def change(kept: bytearray) -> None:
        kept.extend(bytes(max(0, offset - len(kept))))
        kept[offset : offset + len(data)] = data

    return change


def cutting(size: int) -> Change:
    """Give the change that shortens a file."""

    def change(kept: bytearray) -> None:
        del kept[size:]

    return change


class ForgetfulFile(apsw.VFSFile):
    """A file whose writes are lost until it is synced."""

    def __init__(self, disk: Disk, filename, flags) -> None:
        super().__init__("", filename, flags)
        path = filename.filename() if isinstance(filename, apsw.URIFilename) else filename
        self.disk, self.name = disk, Path(path).name
        self.waiting: list[Change] = []

    def xWrite(self, data, offset):  # noqa: N802 -- the engine's name
        self.disk.passes()
        super().xWrite(data, offset)
        self.waiting.append(writing(bytes(data), offset))

    def xTruncate(self, size):  # noqa: N802 -- the engine's name
        self.disk.passes()
        super().xTruncate(size)
        self.waiting.append(cutting(size))

    def xSync(self, flags):  # noqa: N802, ARG002 -- the engine's name and arguments
        self.disk.passes()
        self.disk.sync(self.name, self.waiting)
        self.waiting.clear()
        self.disk.passes()


class ForgetfulDisk(apsw.VFS):
    """The disk as the engine sees it."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(NAME, "")
        self.disk = disk

    def xOpen(self, name, flags):  # noqa: N802 -- the engine's name
        return ForgetfulFile(self.disk, name, flags)

    def xDelete(self, filename, syncdir):  # noqa: N802 -- the engine's name
        self.disk.passes()
        super().xDelete(filename, syncdir)
        self.disk.deleted.add(Path(filename).name)
        if syncdir:
            self.disk.sync_folder()
        self.disk.passes()
