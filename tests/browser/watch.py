"""What a browser complains about while a person works in it, and whom it asks."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

LISTEN = """
document.addEventListener("securitypolicyviolation", (event) => {
  const place = `${event.sourceFile}:${event.lineNumber}`;
  noteViolation(`${event.violatedDirective} ${event.blockedURI} at ${place}`);
});
"""
SAID_BY_ANSWERS = "Failed to load resource"
"""The console repeats each answer of 400 and above so; those are judged by their address."""
ABORTED = "net::ERR_ABORTED"
"""How a download, or a page left before it was whole, is reported."""


@dataclass  # no slots: playwright keeps its wrappers on the object
class Watch:
    """Everything in one browser window that nobody should ever see there.

    `may_answer` are the statuses at or above 400 that a page may have in this journey, and
    `may_be_told` those that its scripts may be told.
    """

    address: str
    may_answer: set[int] = field(default_factory=set)
    may_be_told: set[int] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def start(self, context: BrowserContext) -> None:
        """Listen to every page of this context."""
        context.expose_binding("noteViolation", self._violation)
        context.add_init_script(LISTEN)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def taken(self) -> list[str]:
        """Give the complaints so far, and start afresh."""
        found, self.complaints = self.complaints, []
        return found

    def _violation(self, _source: dict[str, Any], words: str) -> None:
        self.complaints.append(f"content security policy: {words}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(SAID_BY_ANSWERS):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.complaints.append(f"asked another address: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != ABORTED:
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status < 400:
            return
        if response.request.is_navigation_request() and response.status in self.may_answer:
            return
        if response.request.resource_type == "fetch" and response.status in self.may_be_told:
            return
        self.complaints.append(f"{response.status}: {response.request.method} {response.url}")
