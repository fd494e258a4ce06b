"""Putting the demo consortium together, in one transaction."""

from datetime import datetime

import pghistory
from django.db import connection, transaction

from applications.models import Application, Decision, DocumentFile, FileAccess, Review
from cluster_portal.demo import (
    cotutelles,
    courses,
    experts,
    funding,
    mandates,
    meetings,
    notices,
    pages,
    people,
    placements,
    practices,
    privacy,
    programmes,
    searches,
    stories,
    students,
    tags,
)  # fmt: skip
from cluster_portal.demo.calendar import Calendar
from cluster_portal.demo.diary import Diary
from cluster_portal.demo.world import DOMAIN, World
from exchange.models import Placement
from funding.models import Call, CallFollow, Interest
from members.models import Act, Invitation, Mandate, User
from notifications.models import Delivery, Letter, Notice, SavedSearch
from policy.models import Event, Material
from practices.models import (
    Adoption,
    CurationNote,
    EvidenceFile,
    Practice,
    PracticeFollow,
    PracticeVersion,
    Question,
    TopicFollow,
)
from programmes.models import Cotutelle, CotutelleFile, Course, Revision, WishListItem

PARTS = (
    people,
    mandates,
    pages,
    experts,
    students,
    placements,
    tags,
    programmes,
    courses,
    stories,
    funding,
    practices,
    privacy,
    meetings,
    cotutelles,
    searches,  # of lists that are filled by now
)
STAMPS = (
    (Act, "at"),
    (Adoption, "told_at"),
    (Application, "created_at"),
    (Call, "created_at"),
    (CallFollow, "since"),
    (Application, "state_since"),
    (Cotutelle, "created_at"),
    (CotutelleFile, "uploaded_at"),
    (Course, "created_at"),
    (CurationNote, "at"),
    (Decision, "prepared_at"),
    (Delivery, "due_at"),
    (Event, "created_at"),
    (DocumentFile, "uploaded_at"),
    (EvidenceFile, "uploaded_at"),
    (FileAccess, "at"),
    (Interest, "created_at"),
    (Invitation, "created_at"),
    (Letter, "created_at"),
    (Mandate, "created_at"),
    (Material, "uploaded_at"),
    (Notice, "created_at"),
    (Placement, "created_at"),
    (Practice, "created_at"),
    (PracticeFollow, "since"),
    (PracticeVersion, "begun_at"),
    (Question, "asked_at"),
    (Review, "assigned_at"),
    (Revision, "begun_at"),
    (SavedSearch, "created_at"),
    (Revision, "state_since"),
    (TopicFollow, "since"),
    (WishListItem, "added_at"),
)
SET_UP_DAYS_AGO = 800


def is_loaded() -> bool:
    return User.objects.filter(email=f"admin@{DOMAIN}").exists()


@transaction.atomic
def load(now: datetime) -> World:
    """Make the demo of the day of `now` (aware); the universities and programmes must be there."""
    world = World(calendar=Calendar(now), diary=Diary(until=now))
    with pghistory.context(source="demo"):
        for part in PARTS:
            world.diary.turn_to(world.calendar.at(-SET_UP_DAYS_AGO))
            part.make(world)
        world.diary.date_back(STAMPS)
        notices.settle(world)
    # Hundreds of notices each ask to wake the deliverer after the commit; most of them are told already.
    connection.run_on_commit.clear()
    return world
