"""Lines of funding: what kinds of grant there are, at which rate, under which conditions."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from funding.models.rules import Rules
from members.constraints import in_order, only_choices
from members.models.universities import tracked

BUDGETS = _("The smaller amount must not be above the larger one.")
MONTHS = _("The shorter duration must not be above the longer one.")
LEVELS = _("The first level of readiness must not be above the last one.")
HIGHEST_TRL = 9
MILLION = 1_000_000


class ActionType(models.TextChoices):
    RIA = "ria", _("Research and innovation action")
    IA = "ia", _("Innovation action")
    CSA = "csa", _("Coordination and support action")
    MSCA = "msca", _("Marie Skłodowska-Curie action")
    ERC = "erc", _("ERC frontier research")
    EIC = "eic", _("EIC action")
    INNOVATION = "innovation", _("Innovation community")
    TOPICS = "topics", _("Group of topics")
    MOBILITY = "mobility", _("Mobility")
    PARTNERSHIP = "partnership", _("Partnership")
    ALLIANCE = "alliance", _("Alliance")
    JOINT = "joint_programme", _("Joint programme")
    DEGREE = "degree", _("Degree programme")
    NETWORK = "network", _("Network")
    GRANT = "grant", _("Simple or lump-sum grant")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    SINGLE = "single", _("Grant to one university")


class Certainty(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    SOURCED = "sourced", _("Read on one page")
    GENERAL = "general-knowledge", _("Not looked up")


class Money(models.Model):
    """What one project gets; amounts in EUR, the rate in percent of the costs, durations in months."""

    rate = models.PositiveSmallIntegerField(
        _("rate, percent of the costs"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    rate_note = models.CharField(_("about the rate"), max_length=200, blank=True)
    budget_min = models.PositiveBigIntegerField(_("a project gets from, EUR"), null=True, blank=True)
    budget_max = models.PositiveBigIntegerField(_("a project gets up to, EUR"), null=True, blank=True)
    months_min = models.PositiveSmallIntegerField(_("it lasts from, months"), null=True, blank=True)
    months_max = models.PositiveSmallIntegerField(_("it lasts up to, months"), null=True, blank=True)
    trl_from = models.PositiveSmallIntegerField(
        _("technology readiness from"), null=True, blank=True, validators=[MaxValueValidator(HIGHEST_TRL)]
    )
    trl_to = models.PositiveSmallIntegerField(
        _("technology readiness up to"), null=True, blank=True, validators=[MaxValueValidator(HIGHEST_TRL)]
    )

    class Meta:
        abstract = True
        constraints = [
            in_order("budget_min", "budget_max", BUDGETS),
            in_order("months_min", "months_max", MONTHS),
            in_order("trl_from", "trl_to", LEVELS),
            models.CheckConstraint(
                condition=models.Q(rate__isnull=True) | models.Q(rate__lte=100),
                name="%(app_label)s_%(class)s_rate_is_a_percentage",
                violation_error_message=_("A rate is at most 100 percent."),
            ),
        ]

    @property
    def project_words(self) -> str:
        """ "EUR 2 to 4 million", "up to EUR 2.5 million"; empty where it is not known."""
        if self.budget_min and self.budget_max and self.budget_min != self.budget_max:
            least, most = euros(self.budget_min), euros(self.budget_max)
            if self.budget_min >= MILLION:  # the unit is said once
                least = least.removesuffix(f" {_('million')}")
            return _("%(least)s to %(most)s") % {"least": least, "most": most.removeprefix("EUR ")}
        if self.budget_max and not self.budget_min:
            return _("up to %(most)s") % {"most": euros(self.budget_max)}
        return euros(self.budget_max or self.budget_min)

    @property
    def months_words(self) -> str:
        if self.months_min and self.months_max and self.months_min != self.months_max:
            return _("%(least)d to %(most)d months") % {"least": self.months_min, "most": self.months_max}
        if self.months_max and not self.months_min:
            return _("up to %(most)d months") % {"most": self.months_max}
        months = self.months_max or self.months_min
        return _("%(n)d months") % {"n": months} if months else ""

    @property
    def trl_words(self) -> str:
        first, last = self.trl_from, self.trl_to
        if first and last and first != last:
            return f"TRL {first}–{last}"
        return f"TRL {first or last}" if first or last else ""


def euros(amount: int | None) -> str:
    """An amount as people say it: "EUR 2.5 million", "EUR 150,000"; nothing for nothing."""
    if not amount:
        return ""
    if amount < MILLION:
        return f"EUR {number_format(amount, force_grouping=True)}"
    millions = number_format(round(amount / MILLION, 1 if amount < 100 * MILLION else 0), decimal_pos=None)
    return f"EUR {millions.removesuffix('.0')} {_('million')}"


@tracked()
class FundingProgramme(Rules, Money):
    """A line of a funding programme, such as a doctoral network of Horizon Europe."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    framework = models.CharField(_("programme"), max_length=60)
    pillar = models.CharField(_("part of it"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=160)
    action_type = models.CharField(_("type of action"), max_length=16, choices=ActionType)
    funder = models.CharField(_("funder"), max_length=80)
    managed_by = models.CharField(_("managed by"), max_length=80, blank=True)
    grant_form = models.CharField(_("form of the grant"), max_length=80, blank=True)
    official_source = models.CharField(_("official text"), max_length=160)
    official_url = models.URLField(_("address of the official text"))
    sources = ArrayField(models.CharField(max_length=200), default=list, blank=True, verbose_name=_("read on"))
    certainty = models.CharField(max_length=18, choices=Certainty, default=Certainty.GENERAL)

    class Meta:
        ordering = ["framework", "name"]
        constraints = [
            *Rules.Meta.constraints,
            *Money.Meta.constraints,
            only_choices("action_type", ActionType),
            only_choices("certainty", Certainty),
        ]

    def __str__(self) -> str:
        return f"{self.framework}: {self.name}"

    @property
    def follows_horizon(self) -> bool:
        """Whether countries associated to one pillar only count: they do in the second."""
        return self.pillar == "II"  # of Horizon Europe: "Global challenges and European industrial competitiveness"
