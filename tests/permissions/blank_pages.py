"""Templates of nothing: who may open a page is decided before it is drawn, and drawing is most of what a page costs."""

from collections.abc import Iterator

from django.conf import settings
from django.template import Origin
from django.template.loaders.base import Loader as BaseLoader

TEMPLATES = [
    {
        **settings.TEMPLATES[0],
        "APP_DIRS": False,
        "OPTIONS": {**settings.TEMPLATES[0]["OPTIONS"], "loaders": ["tests.permissions.blank_pages.Loader"]},
    }
]


class Loader(BaseLoader):
    """Every template exists and is empty."""

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        yield Origin(name=template_name, template_name=template_name, loader=self)

    def get_contents(self, origin: Origin) -> str:
        return ""
