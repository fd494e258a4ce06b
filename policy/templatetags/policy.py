"""Template tags of this room."""

from django import template

register = template.Library()


@register.filter
def answer_to(answers, question):
    """What somebody answered to a question; empty where nothing was said."""
    return answers.get(str(question.pk), "")
