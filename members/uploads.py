"""Uploads: what a file really is, decided by its content, and whether it may come in.

PDF, PNG and JPEG only. The name and the type that the browser claims are not believed. Every refusal says what is
wrong and what would be right.
"""

import hashlib
import re
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from members.acts import Refused
from members.scanning import refuse_infected

MOST_PAGES = 60
MOST_PIXELS = 40_000_000
KINDS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file that may come in."""

    name: str
    content_type: str
    size: int
    sha256: str


def too_large() -> str:
    """The sentence for a file beyond the limit."""
    limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
    return _("This file is larger than %(limit)s. Scan it in fewer colours or send fewer pages.") % {"limit": limit}


def check(upload: UploadedFile) -> Checked:
    """Look into `upload` and raise Refused unless it is a readable PDF, PNG or JPEG within the limits."""
    if not upload.size:
        raise Refused(_("This file is empty."))
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise Refused(too_large())
    upload.seek(0)
    guess = filetype.guess(upload.read(4096))
    content_type = guess.mime if guess else ""
    if content_type not in KINDS:
        words = {"name": upload.name, "kind": guess.extension.upper() if guess else _("something else")}
        raise Refused(_("“%(name)s” is not a PDF, PNG or JPEG inside (it is %(kind)s). Save it as PDF.") % words)
    if content_type == "application/pdf":
        _check_pdf(upload)
    else:
        _check_image(upload)
    refuse_infected(upload)
    return Checked(
        name=safe_name(upload.name, content_type), content_type=content_type, size=upload.size, sha256=_digest(upload)
    )


def _check_pdf(upload: UploadedFile) -> None:
    upload.seek(0)
    try:
        reader = PdfReader(upload, strict=False)
        encrypted = reader.is_encrypted
        pages = 0 if encrypted else len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Refused(_("This PDF is damaged and cannot be opened. Save it again and send the new file.")) from error
    if encrypted:
        raise Refused(_("This PDF is protected by a password. Send one that opens without."))
    if not pages:
        raise Refused(_("This PDF has no pages."))
    if pages > MOST_PAGES:
        raise Refused(_("This PDF has %(pages)d pages; %(most)d are allowed.") % {"pages": pages, "most": MOST_PAGES})


def _check_image(upload: UploadedFile) -> None:
    """The size is read from the head before anything is unpacked, so a bomb stays packed."""
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow warns beyond 89 million pixels, when ours are exceeded long since.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(upload, formats=["PNG", "JPEG"]) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    words = {"width": width, "height": height, "most": MOST_PIXELS // 1_000_000}
                    raise Refused(
                        _("This picture has %(width)d × %(height)d pixels; %(most)d million are allowed.") % words
                    )
                image.load()
    except Image.DecompressionBombError as error:
        words = {"most": MOST_PIXELS // 1_000_000}
        raise Refused(
            _("This picture has far more pixels than the %(most)d million that are allowed.") % words
        ) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused(
            _("This picture is damaged and cannot be opened. Save it again and send the new file.")
        ) from error


def _digest(upload: UploadedFile) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def safe_name(name: str | None, content_type: str) -> str:
    """The name under which the file is offered again: no path, no odd characters, the ending of what it really is."""
    stem = PurePosixPath((name or "").replace("\\", "/")).stem
    words = slugify(re.sub(r"[._]+", "-", stem), allow_unicode=True) or "document"
    return words[:120] + KINDS[content_type]


def storage_name(folder: str, checked: Checked) -> str:
    """Where a room keeps the file in its `folder`: a name nobody can guess, by year and month."""
    return f"{folder}/{timezone.now():%Y/%m}/{secrets.token_hex(20)}{KINDS[checked.content_type]}"


@contextmanager
def kept(upload: UploadedFile, folder: str) -> Iterator[tuple[Checked, str]]:
    """Check `upload` and write it into `folder`: gives what was found and the name it is stored by.

    The file is written before its row, and taken away again when what follows fails, so that no row ever names a file
    that is not there. Raises Refused with what is wrong with the file.
    """
    checked = check(upload)
    stored = default_storage.save(storage_name(folder, checked), File(upload))
    try:
        yield checked, stored
    except BaseException:  # SystemExit too, by which gunicorn ends a worker that takes too long
        default_storage.delete(stored)
        raise


def most_bytes_of_a_form(files: int = 1) -> int:
    """How long a request with so many files may be: the files and what the browser wraps around them."""
    return files * settings.UPLOAD_MAX_BYTES + 64 * 1024
