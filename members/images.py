"""Pictures that people upload: looked at by their content, bounded, and written anew without their metadata."""

import io
import secrets
import struct
import warnings
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ["JPEG", "PNG", "WEBP"]
MOST_PIXELS = 40_000_000
LEAST_EDGE = 16
PICTURE_EDGE = 2000
LOGO_EDGE = 600
QUALITY = 82


def reencoded(upload: UploadedFile, *, longest_edge: int) -> ContentFile:
    """`upload` as a WebP file of at most `longest_edge` pixels, upright, without metadata, under a random name.

    Raises ValidationError with a sentence that says what is wrong with the file and what would be right.
    """
    _check_size(upload)
    upright = _opened(upload.file)
    upright.thumbnail((longest_edge, longest_edge))
    written = io.BytesIO()
    # What was clear stays clear: a logo stands on light and on dark paper.
    mode = "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
    upright.convert(mode).save(written, "WEBP", quality=QUALITY)
    # Never the name it came by: that may say who is on it, and browsers keep what stands at an address for a year.
    return ContentFile(written.getvalue(), name=f"{secrets.token_hex(10)}.webp")


def too_large() -> str:
    """The sentence for a picture so large that it was not even read."""
    most = filesizeformat(settings.UPLOAD_MAX_BYTES)
    return _("A picture may have at most %(most)s. Save it smaller and try again.") % {"most": most}


def _check_size(upload: UploadedFile) -> None:
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("“%(name)s” has %(size)s; a picture may have at most %(most)s. Save it smaller and try again.")
            % {
                "name": upload.name,
                "size": filesizeformat(upload.size),
                "most": filesizeformat(settings.UPLOAD_MAX_BYTES),
            }
        )


def _opened(file: BinaryIO) -> Image.Image:
    """The decoded picture, upright; its size is read from the header before anything is unpacked."""
    file.seek(0)
    # Pillow would only say that it cannot read it, and whoever drew a logo would not know why.
    start = file.read(512).lstrip().lower()
    if b"<svg" in start or start.startswith(b"<?xml"):
        raise ValidationError(_("Drawings in SVG can carry programs and are not taken. Save it as PNG and try again."))
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # From 89 million pixels on Pillow warns and goes on; forty are refused here, and nobody reads a warning.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
            _check_pixels(image)
            image.load()
            # Here and not later: the note which way is up is the camera's, and can be as broken as the pixels.
            upright = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise ValidationError(_too_many_pixels()) from bomb
    except UnidentifiedImageError as unknown:
        raise ValidationError(_("This is not a picture we can read. Take a JPEG, PNG or WebP file.")) from unknown
    except (OSError, SyntaxError, ValueError, struct.error) as broken:
        raise ValidationError(_("The picture is damaged or incomplete. Save it anew and try again.")) from broken
    return upright


def _check_pixels(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise ValidationError(_too_many_pixels())
    if min(width, height) < LEAST_EDGE:
        raise ValidationError(
            _("The picture is %(width)d by %(height)d pixels: too small to be seen.")
            % {"width": width, "height": height}
        )


def _too_many_pixels() -> str:
    return _("The picture has too many pixels; at most %(most)d million are taken.") % {
        "most": MOST_PIXELS // 1_000_000
    }
