"""What people want to hear about."""

from members.models import User
from practices.models import Practice, PracticeFollow, Topic, TopicFollow


def follow_topic(*, topic: Topic, by: User) -> None:
    """Tell `by` of new practices on it; following twice is following once."""
    TopicFollow.objects.get_or_create(user=by, topic=topic)


def unfollow_topic(*, topic: Topic, by: User) -> None:
    TopicFollow.objects.filter(user=by, topic=topic).delete()


def follow_practice(*, practice: Practice, by: User) -> None:
    """Tell `by` of its new versions; following twice is following once."""
    PracticeFollow.objects.get_or_create(user=by, practice=practice)


def unfollow_practice(*, practice: Practice, by: User) -> None:
    PracticeFollow.objects.filter(user=by, practice=practice).delete()
