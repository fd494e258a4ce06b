"""A programme of two or more universities: what it is, what it gives, who may see it."""

from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from members.acts import Machine, Versioned
from members.constraints import only_choices
from members.folding import Fold, fold
from members.models import Field, Role, StudyLevel, University
from members.models.tags import tagged_with
from members.models.universities import tracked

RESERVED_SLUGS = ("add", "compare", "cotutelles", "desk", "wishlist")


def known_or_empty(field: str, choices: Any) -> models.CheckConstraint:
    """The column holds one of the enum's values, or nothing where it is not known."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": ["", *choices.values]}), name=f"%(app_label)s_%(class)s_{field}_known"
    )


class ProgrammeKind(models.TextChoices):
    """The words of the field: dual is within one normal study time, double takes longer."""

    DUAL = "dual", _("Dual degree")
    DOUBLE = "double", _("Double degree")
    JOINT = "joint", _("Joint degree")
    COTUTELLE = "cotutelle", _("Dual doctorate")
    DOCTORAL = "doctoral", _("Doctoral programme")
    SCHOOL = "school", _("Summer school")


class Framework(models.TextChoices):
    """Under which agreement of several universities a programme stands."""

    CLUSTER_CONVENTION = "cluster_convention", _("Convention on CLUSTER dual master's degrees")
    CLUSTER_DUAL_DOCTORATE = "cluster_dual_doctorate", _("CLUSTER dual doctorate framework agreement")
    SESE = "sese", _("SEEEP doctoral programmes on sustainability engineering (SESE)")
    SEEEP_SUMMER_SCHOOL = "seeep_summer_school", _("SEEEP summer school for doctoral candidates")
    BILATERAL_DUAL = "bilateral_dual", _("Agreement of the two universities on a dual degree")
    BILATERAL_DOUBLE = "bilateral_double", _("Agreement of the two universities on a double degree")
    DFH = "dfh", _("Franco-German University (DFH)")
    ERASMUS_DOUBLE = "erasmus_double", _("Double degree with an Erasmus stay")
    UNITE = "unite", _("Unite! joint programme")


class Diploma(models.TextChoices):
    SEPARATE = "separate", _("One diploma from each awarding university")
    JOINT = "joint", _("One diploma from the universities together")
    NONE = "none", _("No diploma of its own")


class Tuition(models.TextChoices):
    HOME = "home", _("Paid at home, waived at the partner")
    EACH = "each", _("Paid at each university while there")
    FREE = "free", _("No tuition")


class Listing(models.TextChoices):
    LISTED = "listed", _("In the catalogue")
    STANDBY = "standby", _("In the catalogue, takes nobody at present")
    LINK_ONLY = "link_only", _("Only by its address")


class ProgrammeQuerySet(models.QuerySet):
    def in_catalogue(self) -> "ProgrammeQuerySet":
        """Published ones, but for those that are shown only to people who know the address."""
        return self.filter(state=Programme.State.PUBLISHED).exclude(listing=Listing.LINK_ONLY)

    def run_by(self, user: models.Model) -> "ProgrammeQuerySet":
        """The programmes of the universities for which `user` is a programme director today."""
        return self.with_a_side_at(user.universities_as(Role.DIRECTOR))

    def with_a_side_at(self, universities: list[University]) -> "ProgrammeQuerySet":
        """Programmes in which one of `universities` is a partner, whatever its role."""
        from programmes.models.parts import ProgrammePartner

        held = ProgrammePartner.objects.filter(programme=OuterRef("pk"), university__in=universities)
        return self.filter(models.Exists(held))

    def visible_to(self, user: models.Model) -> "ProgrammeQuerySet":
        """Published and archived ones are public; drafts are seen by the partners' directors and the secretariat."""
        if user.has_perm("members.curate"):
            return self
        public = Q(state__in=Programme.State.public)
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(pk__in=self.model.objects.run_by(user).values("pk")))

    def with_closing(self, now: datetime) -> "ProgrammeQuerySet":
        """Annotate `closes_first`: when the first window not yet over at `now` closes, empty without one."""
        from programmes.models.intakes import Intake

        ahead = Intake.objects.ahead_of(now).filter(programme=OuterRef("pk")).order_by("closes")
        return self.annotate(closes_first=Subquery(ahead.values("closes")[:1]))

    def open_at(self, now: datetime) -> "ProgrammeQuerySet":
        """Programmes that take applications at `now`; those on standby take none."""
        from programmes.models.intakes import Intake

        open_now = Intake.objects.open_at(now).filter(programme=OuterRef("pk"))
        return self.exclude(listing=Listing.STANDBY).filter(models.Exists(open_now))

    def matching(self, typed: str) -> "ProgrammeQuerySet":
        """Every word of `typed` stands in the title, the summary, a tag, a partner's name or city, the field's name."""
        from programmes.models.parts import ProgrammePartner
        from programmes.models.tags import ProgrammeTag

        fields = Field.objects.annotate(plain=Fold("name"))
        found = self
        for word in fold(typed).split()[:8]:
            places = University.objects.matching(word).values("pk")
            there = ProgrammePartner.objects.filter(programme=OuterRef("pk"), university__in=places)
            taught = fields.filter(plain__contains=word).values("pk")
            tagged = tagged_with(ProgrammeTag, "programme", word)
            found = found.filter(Q(search_text__contains=word) | Q(field__in=taught) | models.Exists(there) | Q(tagged))
        return found

    def with_parts(self) -> "ProgrammeQuerySet":
        """What a row of a list shows, in a fixed number of queries: partners, languages, field, pathways."""
        return self.select_related("field").prefetch_related(
            "partners__university", "languages", "pathways__home", "pathways__host", "pathways__semesters__university"
        )

    def with_requirements(self) -> "ProgrammeQuerySet":
        """What is asked, with all that it names: one more query."""
        from programmes.models.parts import ProgrammeRequirement

        rows = ProgrammeRequirement.objects.select_related("field", "home", "asked_by")
        return self.prefetch_related(models.Prefetch("requirements", rows))


class ProgrammeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("With the secretariat")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


ProgrammeState.public = (ProgrammeState.PUBLISHED, ProgrammeState.ARCHIVED)


@tracked(exclude=["search_text"])
class Programme(Machine, Versioned):
    """One course of study at two or more universities.

    The rows of a published programme are what everybody sees. Its directors edit a `Revision` beside it, which the
    secretariat publishes; until then nothing here changes.
    """

    State = ProgrammeState
    Kind = ProgrammeKind
    Listing = Listing

    TRANSITIONS = {
        "submit": ({State.DRAFT}, State.REVIEW),
        "give_back": ({State.REVIEW}, State.DRAFT),
        "publish": ({State.DRAFT, State.REVIEW}, State.PUBLISHED),
        "archive": ({State.DRAFT, State.PUBLISHED}, State.ARCHIVED),
        "restore": ({State.ARCHIVED}, State.DRAFT),
    }

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=140)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.DUAL)
    level = models.CharField(_("level"), max_length=10, choices=StudyLevel, default=StudyLevel.MASTER)
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name=_("field"),
        help_text=_("By ISCED-F, the list all European universities use."),
    )  # fmt: skip
    ects_total = models.PositiveSmallIntegerField(
        _("ECTS credits in all"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(400)],
        help_text=_("Empty where the programme does not count credits, as most doctorates."),
    )  # fmt: skip
    duration_semesters = models.PositiveSmallIntegerField(
        _("semesters"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    framework = models.CharField(_("stands under"), max_length=24, choices=Framework, blank=True)
    diploma = models.CharField(_("diploma"), max_length=10, choices=Diploma, blank=True)
    award = models.CharField(
        _("degrees awarded"), max_length=300, blank=True, help_text=_("As they stand on the diplomas.")
    )
    tuition = models.CharField(_("tuition"), max_length=6, choices=Tuition, blank=True)
    tuition_note = models.CharField(_("more about tuition"), max_length=300, blank=True)
    thesis_ects = models.PositiveSmallIntegerField(
        _("ECTS credits of the thesis"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    supervised_by_both = models.BooleanField(_("supervised from both sides"), null=True, blank=True)
    thesis_rule = models.TextField(_("how the thesis works"), blank=True)
    funding = models.CharField(_("funding for students"), max_length=240, blank=True)
    website = models.URLField(_("website"), blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    summary = models.CharField(_("in one sentence"), max_length=240, blank=True)
    description = models.TextField(_("description"), blank=True)
    since = models.PositiveSmallIntegerField(_("runs since"), null=True, blank=True)
    last_known_year = models.PositiveSmallIntegerField(_("last known to run in"), null=True, blank=True)
    agreement_years = models.PositiveSmallIntegerField(_("years of the agreement"), null=True, blank=True)
    tags = models.ManyToManyField(
        "members.Tag", through="programmes.ProgrammeTag", related_name="programmes", blank=True, verbose_name=_("tags")
    )
    listing = models.CharField(_("where it is shown"), max_length=10, choices=Listing, default=Listing.LISTED)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    is_sample = models.BooleanField(_("is a sample"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    search_text = models.GeneratedField(
        expression=Fold(Concat("title", Value(" "), "summary")), output_field=models.TextField(), db_persist=True
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["title", "slug"]
        indexes = [
            models.Index(fields=["state", "title"], name="programme_by_title"),
            models.Index(fields=["-published_at"], name="programme_by_age"),
        ]
        constraints = [
            only_choices("kind", ProgrammeKind),
            only_choices("level", StudyLevel),
            only_choices("state", ProgrammeState),
            only_choices("listing", Listing),
            known_or_empty("framework", Framework),
            known_or_empty("diploma", Diploma),
            known_or_empty("tuition", Tuition),
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="a_programme_address_is_not_a_page",
                violation_error_message=_("This address belongs to a page of the portal; choose another one."),
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(field__isnull=False, published_at__isnull=False),
                name="a_published_programme_has_a_field_and_a_day",
                violation_error_message=_("A published programme names its field of study."),
            ),
            models.CheckConstraint(
                condition=Q(ects_total__isnull=True)
                | Q(thesis_ects__isnull=True)
                | Q(thesis_ects__lte=F("ects_total")),
                name="a_thesis_has_no_more_credits_than_the_programme",
                violation_error_message=_("The thesis cannot have more credits than the whole programme."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("programmes:programme_detail", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.state in self.State.public

    @property
    def tone(self) -> str:
        """How its state is drawn."""
        return {"review": "wait", "published": "ok"}.get(self.state, "quiet")

    @cached_property
    def sides(self) -> list[Any]:
        """The partners, the coordinating one first, associated ones last."""
        return sorted(self.partners.all(), key=lambda partner: (partner.weight, partner.position, partner.pk))

    @property
    def coordinator(self) -> University | None:
        """The university that runs the applications; none when no partner has that role."""
        first = self.sides[0] if self.sides else None
        return first.university if first and first.role == first.Role.COORDINATING else None

    @property
    def partner_line(self) -> str:
        """How a programme is signed: "TU/e with KTH and KIT"."""
        names = [str(side.university) for side in self.sides]
        if len(names) < 2:
            return "".join(names)
        rest = names[1] if len(names) == 2 else _("%(most)s and %(last)s") % {
            "most": ", ".join(names[1:-1]), "last": names[-1],
        }  # fmt: skip
        return _("%(first)s with %(rest)s") % {"first": names[0], "rest": rest}

    @property
    def split_line(self) -> str:
        """The credits by place, in the order of study of the first pathway: "60 + 60"; empty when not known."""
        pathway = next(iter(self.pathways.all()), None)
        shares = pathway.shares if pathway else []
        return " + ".join(f"{share:.0f}" for _place, share in shares) if len(shares) > 1 else ""
