"""Static files with hashed names, and the stylesheet joined into one file.

The browser follows the imports of `css/portal.css` in development; in production one request must do, so
`collectstatic` writes the imported files into it before the names are hashed. No bundler is needed for that.
"""

import re
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/portal.css"
IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>[a-z]+)\);\n?')


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; imported stylesheets are joined and imports between script modules get hashed names too."""

    support_js_module_import_aggregation = True

    def post_process(self, paths, dry_run=False, **options):
        if STYLESHEET in paths and not dry_run:
            self._write(STYLESHEET, self._joined(paths))
            paths[STYLESHEET] = (self, STYLESHEET)
        yield from super().post_process(paths, dry_run, **options)

    def url_converter(self, name, hashed_files, template=None):
        """Only our own modules import each other; scripts of packages keep every line as it is."""
        if name.endswith(".js") and not name.startswith("js/"):
            return lambda match: match[0]
        return super().url_converter(name, hashed_files, template)

    def _joined(self, paths):
        """The stylesheet with each imported file in its place, inside its layer.

        Only files beside the stylesheet name other files (fonts), so no path changes by the move.
        """
        folder = PurePosixPath(STYLESHEET).parent

        def imported(match):
            text = self._read(paths, str(folder / match["path"]))
            return f"@layer {match['layer']} {{\n{text}}}\n"

        return IMPORT.sub(imported, self._read(paths, STYLESHEET))

    def _read(self, paths, name):
        storage, path = paths[name]
        with storage.open(path) as file:
            return file.read().decode()

    def _write(self, name, text):
        self.delete(name)
        self._save(name, ContentFile(text.encode()))
