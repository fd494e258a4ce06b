"""An event in the words of schema.org."""

from typing import Any

from members.structured_data import known
from policy.models import Event

MODES = {
    (True, True): "MixedEventAttendanceMode",
    (True, False): "OnlineEventAttendanceMode",
    (False, True): "OfflineEventAttendanceMode",
}


def described(event: Event, address: str) -> dict[str, Any]:
    """A public event; nothing of one that is for some people only, nor how to take part online."""
    if event.audience != Event.Audience.PUBLIC or event.state not in Event.State.shown:
        return {}
    mode = MODES.get((event.is_online, bool(event.place)))
    status = "EventCancelled" if event.state == Event.State.CANCELLED else "EventScheduled"
    return known(
        {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": event.title,
            "description": event.summary,
            "url": address,
            "startDate": _moment(event, event.begins),
            "endDate": _moment(event, event.ends),
            "eventStatus": f"https://schema.org/{status}",
            "eventAttendanceMode": f"https://schema.org/{mode}" if mode else "",
            "location": _place(event, address),
            "organizer": {"@type": "Organization", "name": event.body.name if event.body else "CLUSTER"},
        }
    )


def _moment(event: Event, there: Any) -> str:
    return there.isoformat(timespec="minutes") if event.is_exact else there.date().isoformat()


def _place(event: Event, address: str) -> dict[str, Any]:
    if event.place:
        return known({"@type": "Place", "name": event.venue or event.place, "address": event.place})
    return {"@type": "VirtualLocation", "url": address} if event.is_online else {}
