"""What is wrong with a page, on a phone in the dark and on a desk in the light."""

from collections.abc import Callable, Iterable, Iterator

from playwright.sync_api import Page

Violations = Callable[..., list[str]]

SCREENS = {
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "desk": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
}
LOOKS = ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]


def wrong_with(page: Page, addresses: Iterable[str], violations: Violations) -> list[str]:
    """What is wrong with each of `addresses`, naming page and screen."""
    wrong = []
    for address in dict.fromkeys(addresses):
        turn_to(page, "phone")
        response = page.goto(address)
        if response.status not in (200, 404):
            wrong.append(f"{address}: {response.status}")
            continue
        wrong += wrong_here(page, address, violations)
    return wrong


def wrong_here(page: Page, name: str, violations: Violations) -> list[str]:
    """What is wrong with the page that is open; on the second screen only what depends on size and colour is asked."""
    turn_to(page, "phone")
    wrong = [f"{name} on a phone: {each}" for each in [*violations(page), *_wrong_in_shape(page)]]
    turn_to(page, "desk")
    return wrong + [f"{name} on a desk: {each}" for each in [*violations(page, LOOKS), *_wrong_in_shape(page)]]


def turn_to(page: Page, screen: str) -> None:
    page.set_viewport_size(SCREENS[screen]["viewport"])
    page.emulate_media(color_scheme=SCREENS[screen]["color_scheme"])


def _wrong_in_shape(page: Page) -> Iterator[str]:
    if page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]:
        yield "scrolls sideways"
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} headings of the first rank"
