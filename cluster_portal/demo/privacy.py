"""People who asked to be forgotten: one waits for the secretariat, one was told why something must stay."""

from datetime import timedelta

from applications.models import Application
from cluster_portal.demo.world import DOMAIN, World
from members.actions import privacy
from members.models import User

OPEN = {state for state in Application.State.live if state != Application.State.ACCEPTED}
ASKED_DAYS_AGO = (21, 9)
WORDS = "I have finished my studies and will not apply again."
MUST_STAY = "Your stay is still being recognised at home; the file is needed until then. Please ask again in spring."


def make(world: World) -> None:
    """Two invented students whose applications have ended ask; the secretariat has answered the earlier one."""
    done = User.objects.filter(is_sample=True, applications__isnull=False).exclude(applications__state__in=OPEN)
    askers = done.exclude(email__startswith="student.").order_by("pk").distinct()[: len(ASKED_DAYS_AGO)]
    secretariat = User.objects.get(email=f"secretariat@{DOMAIN}")
    for person, days in zip(askers, ASKED_DAYS_AGO, strict=False):
        asked_at = world.calendar.at(-days)
        world.diary.turn_to(asked_at)
        erasure = privacy.ask_for_erasure(by=person, words=WORDS, now=asked_at)
        if days == max(ASKED_DAYS_AGO):
            answered_at = asked_at + timedelta(days=6)
            world.diary.turn_to(answered_at)
            privacy.refuse(erasure=erasure, answer=MUST_STAY, by=secretariat, now=answered_at)
