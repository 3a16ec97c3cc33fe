"""Compiled templates, kept for a run: each test makes its own application from the same files."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_COMPILED: dict[str, bytes] = {}


class KeptInMemory(BytecodeCache):
    """Keeps what Jinja compiled under the checksum of its source; a changed file is compiled."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand over what was compiled before, if anything was."""
        if bucket.key in _COMPILED:
            bucket.bytecode_from_string(_COMPILED[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        _COMPILED[bucket.key] = bucket.bytecode_to_string()


def keep_compiled(app: Flask) -> Flask:
    """Let an application share compiled templates with those made before it."""
    app.jinja_env.bytecode_cache = KeptInMemory()
    return app
