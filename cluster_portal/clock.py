"""Which jobs run by themselves, and how often: seconds, or times in UTC. Each may run twice or late."""

from celery.schedules import crontab

SCHEDULE = {
    "deliver notices": {"task": "notifications.deliver_due", "schedule": 30.0},
    "send digests": {"task": "notifications.send_digests", "schedule": crontab(minute=5)},
    "remind of deadlines": {"task": "applications.remind", "schedule": crontab(minute="*/15")},
    "remind of calls": {"task": "funding.remind", "schedule": crontab(minute="*/15")},
    "look for saved searches": {"task": "notifications.look_for_searches", "schedule": 300.0},
    "send letters to contacts": {"task": "members.send_waiting_enquiries", "schedule": 300.0},
    "count words of search": {"task": "members.count_search_words", "schedule": crontab(minute=40)},
    "look over the search": {"task": "members.look_over_search", "schedule": crontab(hour=2, minute=45)},
    "close rounds": {"task": "applications.close_due_rounds", "schedule": 60.0},
    "throw away what is over its time": {"task": "members.purge", "schedule": crontab(minute=20)},
    "remind of events": {"task": "policy.remind", "schedule": crontab(minute="*/15")},
    "remind of mandates": {"task": "members.remind", "schedule": crontab(minute=10)},
    "remind of cotutelles": {"task": "programmes.remind", "schedule": crontab(minute=50)},
    "fill places at events": {"task": "policy.fill_free_places", "schedule": 300.0},
    "expire offers": {"task": "applications.expire_due_offers", "schedule": 60.0},
}
