"""Addresses that came from outside: only those of this application are followed."""

import re

# Browsers drop tabs and line ends from an address, so that "/\t/elsewhere" is another host to them.
OURS = re.compile(r"/(?![/\\])[!-~]*")


def is_ours(address: str) -> bool:
    """Say whether this is a plain address of this application: a path, and no other host."""
    return OURS.fullmatch(address) is not None
