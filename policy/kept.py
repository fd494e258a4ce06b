"""What of this room has an end: what people told the organisers of an event, once the event is long over."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from members.models import Act
from members.personal_data import blank_history
from members.retention import Kept, register_retention
from policy.models import EventInvitation, Registration


def answers_of_past_events(before: datetime) -> QuerySet:
    return Registration.objects.filter(event__ends_at__lt=before).exclude(answers={})


def forget_answers(keys: list[Any], rows: QuerySet) -> None:
    """Also in the history: answers say what somebody eats, and how they get about."""
    Registration.objects.filter(pk__in=keys).update(answers={})
    blank_history(Registration, keys, answers={})


def words_about_past_events(before: datetime) -> QuerySet:
    return EventInvitation.objects.filter(event__ends_at__lt=before).exclude(words="")


def forget_words(keys: list[Any], rows: QuerySet) -> None:
    EventInvitation.objects.filter(pk__in=keys).update(words="")
    blank_history(EventInvitation, keys, words="")
    forget_reasons(EventInvitation, keys)


def forget_reasons(model: Any, keys: list[Any]) -> None:
    """The log of these rows keeps who did what and when; why, it quotes from words that are gone."""
    # The log quotes the reason of an act, so a word that is taken out of the row would stay there.
    Act.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=keys).update(reason="")


def register() -> None:
    register_retention(
        Kept(
            key="policy.answers", title=_("Answers to the questions of an event"), days=365, at_least=30,
            why=_("The organisers planned the event by them; who came stays."), over=answers_of_past_events,
            purge=forget_answers,
        ),
        Kept(
            key="policy.words", title=_("Words sent with the answer to an invitation"), days=365, at_least=30,
            why=_("The organisers read them before the event; the answer itself stays."),
            over=words_about_past_events, purge=forget_words,
        ),
    )  # fmt: skip
