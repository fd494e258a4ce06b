"""Setting and binding: the front pages by typst, the attachments behind them, with the page on which each begins."""

import io
import json
from typing import Any

import typst
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from applications.dossiers import attachments
from applications.dossiers.attachments import Attachment
from applications.dossiers.contents import Contents
from applications.dossiers.sheet import SHEET
from applications.models import Application

TRIES = 3  # naming the pages may move them; it settles at the second try


def bind(application: Application, contents: Contents) -> bytes:
    """The whole dossier as PDF; some tenths of a second, and more for long attachments."""
    files = attachments.of_application(application)
    files += attachments.of_appeal(contents["papers"], application.round.time_zone)
    front, count = b"", 1
    for _attempt in range(TRIES):
        front = _front(contents | {"documents": _documents(files, count)})
        pages = len(PdfReader(io.BytesIO(front)).pages)
        if pages == count:
            break
        count = pages
    writer = PdfWriter(clone_from=io.BytesIO(front))
    writer.add_metadata({"/Title": f"{contents['reference']} {contents['name']}"})
    for file in files:
        _append(writer, file)
    bound = io.BytesIO()
    writer.write(bound)
    return bound.getvalue()


def _append(writer: PdfWriter, file: Attachment) -> None:
    for number, page in enumerate(file.pages):
        writer.add_page(page)
        if number == 0:
            writer.add_outline_item(title=file.name, page_number=len(writer.pages) - 1)


def _documents(files: list[Attachment], front: int) -> list[dict[str, str]]:
    """The list of documents, each with the pages where it stands behind `front` pages."""
    rows, first = [], front + 1
    for file in files:
        last = first + len(file.pages) - 1
        where = _pages(first, last) if file.pages else file.why_not
        rows.append({"name": file.name, "state": file.state, "file": file.file, "where": where})
        first = last + 1
    return rows


def _pages(first: int, last: int) -> str:
    if first == last:
        return _("Page %(first)d") % {"first": first}
    return _("Pages %(first)d to %(last)d") % {"first": first, "last": last}


def _front(contents: Contents) -> bytes:
    data: dict[str, Any] = contents | {"words": _words()}
    data.pop("papers")  # they follow as pages
    return typst.compile(SHEET.encode(), sys_inputs={"data": json.dumps(data, default=str)})


def _words() -> dict[str, str]:
    return {
        "facts": _("The student and the round"),
        "choices": _("Choices and eligibility"),
        "motivation": _("Motivation"),
        "notes": _("Anything else"),
        "documents": _("Documents"),
        "reviews": _("Reviews"),
        "no_reviews": _("Nobody was asked yet."),
        "decision": _("Decision"),
        "appeal": _("Appeal"),
        "timeline": _("What happened"),
        "none": _("None"),
        "page": _("Page"),
    }
