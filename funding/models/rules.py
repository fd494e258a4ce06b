"""The conditions of a call as data: how many organisations, from how many countries, of which kind."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_ORGANISATIONS = 200


class Scope(models.TextChoices):
    """Where organisations count towards the least numbers; a country's standing is asked for a day."""

    MS = "MS", _("member states of the EU")
    AC = "AC", _("countries associated to Horizon Europe")
    EA = "EA", _("countries associated to Erasmus+")
    WORLD = "world", _("any country")
    COST = "cost", _("members of COST")
    REGION = "region", _("regions named in the programme guide")
    DE = "DE", _("Germany")
    FR = "FR", _("France")


class PartnerType(models.TextChoices):
    """Kinds of organisation that a call may ask a number of."""

    HEI = "hei", _("universities")
    HEI_IN_SCOPE = "hei_in_scope", _("universities in the EU or an associated country")
    DOCTORAL = "doctoral", _("organisations that award doctorates")
    DOCTORAL_IN_SCOPE = "doctoral_in_scope", _("of those in the EU or an associated country")
    ACADEMIC = "academic", _("academic organisations")
    NON_ACADEMIC = "non_academic", _("organisations outside academia")
    SME = "sme", _("small or medium-sized companies")
    LABOUR_MARKET = "labour_market", _("organisations of the labour market")
    EDUCATION = "education_training", _("providers of education or training")


# What our universities are; the other kinds have to be found elsewhere.
PartnerType.universities_are = (
    PartnerType.HEI, PartnerType.HEI_IN_SCOPE, PartnerType.DOCTORAL, PartnerType.DOCTORAL_IN_SCOPE,
    PartnerType.ACADEMIC, PartnerType.EDUCATION,
)  # fmt: skip
PartnerType.in_scope_only = (PartnerType.HEI_IN_SCOPE, PartnerType.DOCTORAL_IN_SCOPE)


def check_partner_types(value: object) -> None:
    """Validator: a mapping from kinds of organisation to how many are asked for."""
    if not isinstance(value, dict):
        raise ValidationError(_("Give the kinds of organisation with a number each."))
    # JSON holds anything, so each value is looked at; True would pass for the number 1.
    for kind, number in value.items():
        if kind not in PartnerType.values:
            raise ValidationError(_("“%(kind)s” is no kind of organisation."), params={"kind": kind})
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST_ORGANISATIONS:
            raise ValidationError(
                _("%(number)s is not a number of organisations from 1 to %(most)d."),
                params={"number": number, "most": MOST_ORGANISATIONS},
            )


def _number(words: object, help_text: object = "") -> models.PositiveSmallIntegerField:
    limits = [MinValueValidator(1), MaxValueValidator(MOST_ORGANISATIONS)]
    return models.PositiveSmallIntegerField(words, null=True, blank=True, validators=limits, help_text=help_text)


def _not_above(less: str, more: str, name: str, message: object) -> models.CheckConstraint:
    """As `in_order`, under a name that fits PostgreSQL's 63 letters."""
    known = models.Q(**{f"{less}__isnull": False, f"{more}__isnull": False})
    return models.CheckConstraint(
        condition=~known | models.Q(**{f"{less}__lte": models.F(more)}),
        name=f"%(class)s_{name}",
        violation_error_message=message,
    )


class Rules(models.Model):
    """Conditions of eligibility. Empty means: not known, nothing is tested. Advisory; the official text decides."""

    min_organisations = _number(_("organisations, at least"))
    max_organisations = _number(_("organisations, at most"))
    min_countries = _number(_("countries, at least"))
    min_member_states = _number(_("of them in member states of the EU"))
    min_in_scope = _number(
        _("of them in the EU or an associated country"), _("Where partners from elsewhere count too.")
    )
    scopes = ArrayField(
        models.CharField(max_length=6, choices=Scope), default=list, blank=True, verbose_name=_("which countries count")
    )
    independent = models.BooleanField(_("organisations must be independent of each other"), default=False)
    partner_types = models.JSONField(
        _("kinds of organisation asked for"), default=dict, blank=True, validators=[check_partner_types]
    )
    coordinator_rule = models.CharField(_("who may coordinate"), max_length=300, blank=True)
    conditions = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, verbose_name=_("further conditions"),
        help_text=_("One in each line."),
    )  # fmt: skip

    class Meta:
        abstract = True
        constraints = [
            _not_above(
                "min_organisations", "max_organisations", "organisations_in_order",
                _("The least number of organisations must not be above the largest."),
            ),
            _not_above(
                "min_countries", "min_organisations", "countries_fit_organisations",
                _("More countries than organisations cannot be asked for."),
            ),
        ]  # fmt: skip

    @property
    def has_rules(self) -> bool:
        """Whether anything at all is known of the conditions."""
        return bool(self.min_organisations or self.coordinator_rule or self.conditions or self.partner_types)


RULE_FIELDS = tuple(field.name for field in Rules._meta.local_fields)
