"""What `collectstatic` makes of our files: one stylesheet, modules that find each other under their hashed names."""

import re

import pytest
from django.contrib.staticfiles.finders import get_finders

from cluster_portal.static_files import JoinedStaticFilesStorage

OURS = ("css/", "js/", "img/", "npm/inter/inter-latin", "npm/source-serif-4/source-serif-4-latin", "npm/htmx/")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The folder with our files, collected as for production."""
    folder = tmp_path_factory.mktemp("static")
    storage = JoinedStaticFilesStorage(location=folder, base_url="/static/")
    paths = {}
    for finder in get_finders():
        for name, source in finder.list([]):
            full_name = f"{source.prefix}/{name}" if getattr(source, "prefix", None) else name
            if full_name.startswith(OURS) and full_name not in paths:
                paths[full_name] = (source, name)
                with source.open(name) as file:
                    storage.save(full_name, file)
    failures = [result for _name, _new_name, result in storage.post_process(paths) if isinstance(result, Exception)]
    assert failures == []
    return folder


def read(folder, pattern):
    [path] = [path for path in folder.glob(pattern) if not path.name.endswith((".gz", ".br"))]
    return path.read_text()


def test_stylesheet_imports_nothing_and_holds_every_layer(collected):
    text = read(collected, "css/portal.*.css")

    assert "@import" not in text
    assert set(re.findall(r"@layer ([a-z]+) \{", text)) == {"base", "layout", "components", "pages", "print"}
    assert ".turn {" in text


def test_stylesheet_names_fonts_that_are_there(collected):
    fonts = re.findall(r'url\("\.\./([^"]+)"\)', read(collected, "css/portal.*.css"))

    assert len(fonts) == 4
    assert all((collected / font).exists() for font in fonts)


def test_modules_are_imported_under_hashed_names(collected):
    modules = re.findall(r'import\("\./([^"]+)"\)', read(collected, "js/portal.*.js"))

    assert len(modules) > 4
    assert all((collected / "js" / module).exists() for module in modules)
