"""Which browser on which system a session was begun with, in the words people use for them."""

import re

from django.utils.translation import gettext as _

# The first that fits: most browsers also name the ones they descend from.
BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Samsung Internet", r"SamsungBrowser/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:HeadlessChrome|Chrome|CriOS|Chromium)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows NT"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


def in_words(user_agent: str) -> str:
    """ "Firefox 140 on Windows"; a program that is no browser is named by its first word."""
    name = next((f"{each} {found[1]}" for each, pattern in BROWSERS if (found := re.search(pattern, user_agent))), "")
    system = next((each for each, pattern in SYSTEMS if re.search(pattern, user_agent)), "")
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or user_agent.split("/", maxsplit=1)[0][:40] or _("unknown program")
