"""Uploads are shown to a virus scanner before they are kept, where the university that hosts the portal runs one.

Any that speaks clamd's protocol will do (clamd's manual, INSTREAM); `CLAMD` says where it listens.
"""

import logging
import socket
import struct
from collections.abc import Iterable
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from members.acts import Refused

PATIENCE = 20  # seconds, for each step of the conversation
LONGEST_ANSWER = 4096
# clamd wants the length of each chunk before it, in network order; a chunk of no bytes ends the file.
LENGTH = struct.Struct("!I")

logger = logging.getLogger(__name__)


def refuse_infected(upload: UploadedFile) -> None:
    """Raise Refused when the scanner finds something in `upload`, and also while it is away: no file slips by."""
    if not settings.CLAMD:
        return
    upload.seek(0)
    try:
        answer = _ask(upload.chunks())
    except OSError as error:
        logger.warning("the virus scanner at %s does not answer: %s", settings.CLAMD, error)
        raise Refused(_("Files cannot be checked for viruses just now, so none is taken. Try again later.")) from error
    finally:
        upload.seek(0)
    if answer == "stream: OK":
        return
    logger.warning("the virus scanner says of an upload: %s", answer)
    if answer.endswith(" FOUND"):
        name = answer.removeprefix("stream: ").removesuffix(" FOUND")
        raise Refused(_("The virus scanner found “%(name)s” in this file. Send a clean one.") % {"name": name})
    raise Refused(_("The virus scanner could not read this file. Save it again, as PDF, and send the new file."))


def _ask(chunks: Iterable[bytes]) -> str:
    """The scanner's sentence about the file; it may answer, and hang up, before it has heard everything."""
    with _connected() as line, line.makefile("rb") as heard:
        try:
            # With z the answer ends by a NUL as the question does, whatever a virus is called.
            line.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                line.sendall(LENGTH.pack(len(chunk)) + chunk)
            line.sendall(LENGTH.pack(0))
        except (BrokenPipeError, ConnectionResetError):
            return _sentence(heard)
        return _sentence(heard)


def _sentence(heard: BinaryIO) -> str:
    answer = heard.read(LONGEST_ANSWER).rstrip(b"\0\n").decode("utf-8", "replace")
    if not answer:
        raise ConnectionError("it hung up without an answer")
    return answer


def _connected() -> socket.socket:
    """`CLAMD` is "host:port", or the path of a socket."""
    if settings.CLAMD.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(PATIENCE)
        try:
            line.connect(settings.CLAMD)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = settings.CLAMD.rpartition(":")
    # An IPv6 address stands in brackets, or its colons could not be told from the port's.
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)
