"""Pages in a real browser that can reach nothing: opened from a file, with what they ask for and complain about."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

TELEPHONE = 360  # CSS pixels
WIDE = 1280


@dataclass(frozen=True)
class Opened:
    """A page, every address that it asked for beside its own file, and every complaint of the browser."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements that fit, in single spaces."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_text_contents()]

    def focused(self) -> str:
        """The element that the keyboard is at: its name and the beginning of its label or text."""
        return str(self.page.locator(":focus").evaluate(NAMED))


NAMED = r"""at => {
  const name = (at.getAttribute("aria-label") ?? at.textContent).replace(/\s+/g, " ").trim();
  return at.localName + ": " + name.slice(0, 40);
}"""


@contextmanager
def window(browser: Browser, is_own: Callable[[str], bool], width: int, **options: Any) -> Iterator[Opened]:
    """An empty page in a window of its own that reaches its own addresses only; `options` are of a browser context."""
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True, **options)
    context.set_default_timeout(10_000)
    seen = Opened(context.new_page())

    def answer(route: Route) -> None:
        if is_own(route.request.url):
            route.continue_()
        else:
            seen.asked.append(route.request.url)
            route.abort()

    seen.page.route("**/*", answer)
    seen.page.on("console", lambda message: seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    try:
        yield seen
    finally:
        context.close()


@contextmanager
def opened(browser: Browser, file: Path, *, width: int = WIDE, **options: Any) -> Iterator[Opened]:
    """A page of a file."""
    with window(browser, lambda address: address.partition("#")[0] == file.as_uri(), width, **options) as seen:
        seen.page.goto(file.as_uri())
        yield seen
