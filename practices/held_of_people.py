"""What this room holds of a person: what they follow, asked and wrote."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from members.personal_data import Holding, register_personal_data, told
from practices.models import Adoption, CurationNote, PracticeFollow, PracticeVersion, Question, TopicFollow


def follow_rows(user: Any) -> list[dict[str, Any]]:
    topics = told(TopicFollow.objects.filter(user=user), topic="topic__name", since="since")
    return topics + told(PracticeFollow.objects.filter(user=user), practice="practice__reference", since="since")


def count_follows(user: Any) -> int:
    practices = PracticeFollow.objects.filter(user=user).values("pk")
    return practices.union(TopicFollow.objects.filter(user=user).values("pk"), all=True).count()


def stop_following(user: Any, now: Any) -> int:
    rows = (PracticeFollow.objects.filter(user=user), TopicFollow.objects.filter(user=user))
    return sum(found.delete()[0] for found in rows)


def question_rows(user: Any) -> list[dict[str, Any]]:
    mine = Question.objects.filter(asked_by=user)
    return told(mine, practice="practice__reference", text="text", asked_at="asked_at")


def written_rows(user: Any) -> list[dict[str, Any]]:
    versions = PracticeVersion.objects.filter(begun_by=user).order_by("pk")
    adoptions = Adoption.objects.filter(told_by=user)
    notes = CurationNote.objects.filter(by=user)
    return [
        *told(versions, practice="practice__reference", version="number", title="title", begun_at="begun_at"),
        *told(adoptions, practice="practice__reference", university="university__slug", told_at="told_at"),
        *told(notes, practice="version__practice__reference", version="version__number", comment="text", at="at"),
    ]


def count_written(user: Any) -> int:
    """As many as `written_rows` tells, in one query: My data leaves out what counts nothing."""
    counted = [
        PracticeVersion.objects.filter(begun_by=user), Adoption.objects.filter(told_by=user),
        CurationNote.objects.filter(by=user),
    ]  # fmt: skip
    first, *others = [rows.order_by().values("pk") for rows in counted]
    return first.union(*others, all=True).count()


def register() -> None:
    register_personal_data(
        Holding(
            key="practice-follows", title=_("Topics and practices you follow"), rows=follow_rows,
            purpose=_("Tell you when something new is published."), afterwards=_("Deleted."),
            count=count_follows, erase=stop_following,
        ),
        Holding(
            key="practice-questions", title=_("Questions you asked about practices"), rows=question_rows,
            purpose=_("Send them to the contact and keep what was asked."), afterwards=_("Deleted."),
            count=lambda user: Question.objects.filter(asked_by=user).count(),
            erase=lambda user, now: Question.objects.filter(asked_by=user).delete()[0],
        ),
        Holding(
            key="practice-texts", title=_("Practices, adoptions and comments you wrote"),
            rows=written_rows, purpose=_("Say who answers for a practice."),
            afterwards=_("They belong to the university and stay without your name."),
            count=count_written,
        ),
    )  # fmt: skip
