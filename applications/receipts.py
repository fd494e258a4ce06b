"""The receipt of a submission: what was handed in and when, on a page and as a PDF."""

import json
from typing import Any

import typst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.actions.telling import moment
from applications.models import Application

SHEET = """
#let data = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: 2.4cm)
#set text(size: 10.5pt)
#set par(leading: 0.7em)
#text(size: 9pt, tracking: 2pt, weight: "bold")[CLUSTER]
#v(0.6cm)
#text(size: 20pt)[#data.heading]
#v(0.3cm)
#line(length: 100%, stroke: 1.6pt)
#for (label, value) in data.rows [
  #grid(columns: (4.2cm, 1fr), gutter: 0.4cm, text(fill: luma(90))[#label], [#value])
  #line(length: 100%, stroke: 0.4pt + luma(190))
]
"""


def read(application: Application) -> dict[str, Any]:
    """What the receipt says: `facts` (label and value), the choices, the documents, the motivation; two queries."""
    facts = [
        (_("Reference"), application.reference),
        (_("Round"), application.round.title),
        (_("Run by"), application.round.university.name),
        (_("Applicant"), application.profile.get("name") or application.applicant.get_full_name()),
        (_("Received"), moment(application.submitted_at, application.round)),
    ]
    documents = application.document_slots.filter(files__isnull=False).distinct()  # two versions are one document
    return {
        "application": application,
        "facts": [{"label": label, "value": value} for label, value in facts],
        "choices": [f"{c.rank}. {c.option.place}" for c in application.choices.all()],
        "documents": [slot.name for slot in documents],
        "words": len(application.motivation.split()),
    }


def as_pdf(receipt: dict[str, Any]) -> bytes:
    """The receipt set by typst; takes some tenths of a second."""
    rows = [(fact["label"], fact["value"]) for fact in receipt["facts"]]
    rows += [(_("Choices"), "\n".join(receipt["choices"])), (_("Documents"), "\n".join(receipt["documents"]) or "–")]
    words = ngettext("%(n)d word", "%(n)d words", receipt["words"]) % {"n": receipt["words"]}
    rows.append((_("Motivation"), words))
    data = {"heading": _("Receipt of your application"), "rows": rows}
    # As data and never as markup: what a student has typed calls no function of typst.
    return typst.compile(SHEET.encode(), sys_inputs={"data": json.dumps(data, default=str)})
