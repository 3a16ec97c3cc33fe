"""A person who has no mouse: what is pressed is counted, and Tab goes where it goes."""

from playwright.sync_api import Page

FAR = 80
"""More Tabs than any field is away from the one before it on the way through a form."""
LABEL = """() => {
  const at = document.activeElement;
  const words = [...(at.labels ?? [])].map((label) => label.textContent.trim());
  return words.concat(at.getAttribute("aria-label") ?? [], at.textContent.trim()).filter(Boolean);
}"""


class Keys:
    """The keyboard of one window. Words that a person would think about are not counted."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.told: list[str] = []

    @property
    def pressed(self) -> int:
        """How many keys were pressed."""
        return len(self.told)

    def press(self, key: str) -> None:
        """Press one key, or one with another held down, once the scripts of the page listen.

        A person cannot be as fast as a test: a key pressed while the page still loads is lost.
        """
        self._page.wait_for_load_state("domcontentloaded")
        self._page.keyboard.press(key)
        self.told.append(key)

    def type(self, text: str) -> None:
        """Press one key for each sign."""
        for sign in text:
            self.press(sign)

    def write(self, words: str) -> None:
        """Write a sentence, uncounted."""
        self._page.wait_for_load_state("domcontentloaded")
        self._page.keyboard.type(words)

    def to(self, label: str, key: str = "Tab") -> None:
        """Press Tab until the focus is on what is called so."""
        for _ in range(FAR):
            self.press(key)
            if label in self.here():
                return
        raise AssertionError(f"{label} is not reached by {key}: {self.told}")

    def here(self) -> list[str]:
        """Say what has the focus, by its label, its name or its words."""
        return self._page.evaluate(LABEL)
