"""One proxy on this machine says for whom it asks: address, scheme and host are taken from it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THIS_MACHINE = {"", "127.0.0.1", "::1"}
"""Where the proxy's connection comes from; a socket file has no address."""


def behind_one(app: "WSGIApplication") -> "WSGIApplication":
    """Believe what one proxy on this machine says; whoever else says it is not believed."""
    fixed = ProxyFix(app, x_for=1, x_proto=1, x_host=1)

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        from_here = environ.get("REMOTE_ADDR", "") in THIS_MACHINE
        return (fixed if from_here else app)(environ, start)

    return answer
