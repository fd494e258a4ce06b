"""The resources of this room: programmes of two or more universities, courses of universities."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from applications.eligibility import describe
from members.rest.fields import ApiLink, ByUniversity, PageLink
from members.rest.registry import announce
from members.rest.tags import TagSerializer
from members.rest.views import Resource
from programmes.course_filters import CourseFilter, courses_on
from programmes.filters import ProgrammeFilter, catalogue_at
from programmes.models import (
    Course,
    Intake,
    Pathway,
    PathwaySemester,
    Programme,
    ProgrammeCourse,
    ProgrammeLanguage,
    ProgrammePartner,
    ProgrammeRequirement,
)


class PartnerSerializer(serializers.ModelSerializer):
    university = ByUniversity()

    class Meta:
        model = ProgrammePartner
        fields = ["university", "role", "unit", "ects", "degree", "tuition_eu", "tuition_non_eu"]


class LanguageSerializer(serializers.ModelSerializer):
    class Meta:
        model = ProgrammeLanguage
        fields = ["language", "cefr"]


class SemesterSerializer(serializers.ModelSerializer):
    university = ByUniversity()
    ects = serializers.FloatField(allow_null=True)

    class Meta:
        model = PathwaySemester
        fields = ["number", "university", "ects", "what"]


class PathwaySerializer(serializers.ModelSerializer):
    home = ByUniversity(help_text="Whose students take it, by slug.")
    host = ByUniversity(help_text="Where they go, by slug.")
    semesters = SemesterSerializer(many=True, source="terms")

    class Meta:
        model = Pathway
        fields = ["key", "name", "home", "host", "semesters"]


class IntakeSerializer(serializers.ModelSerializer):
    home = ByUniversity(allow_null=True, help_text="For students of this university only; null: of every partner.")
    opens_at = serializers.DateTimeField(source="opens")
    closes_at = serializers.DateTimeField(source="closes")
    time_zone = serializers.CharField(source="zone", help_text="The zone in which the deadline was set.")
    places = serializers.IntegerField(help_text="The places of all pathways together.")

    class Meta:
        model = Intake
        fields = ["key", "academic_year", "term", "home", "opens_at", "closes_at", "time_zone", "places", "is_sample"]


class RequirementSerializer(serializers.ModelSerializer):
    sentence = serializers.SerializerMethodField()
    asked_by = ByUniversity(allow_null=True, help_text="The university that asks it; null: all partners.")

    class Meta:
        model = ProgrammeRequirement
        fields = ["sentence", "is_blocking", "asked_by"]

    def get_sentence(self, requirement: ProgrammeRequirement) -> str:
        return describe(requirement, None)


class CourseOfProgrammeSerializer(serializers.ModelSerializer):
    course = serializers.SlugRelatedField(slug_field="slug", read_only=True, help_text="By its slug.")
    code = serializers.CharField(source="course.code")
    title = serializers.CharField(source="course.title")
    university = ByUniversity(source="course.university")
    ects = serializers.FloatField(source="course.ects")
    pathway = serializers.SlugRelatedField(
        slug_field="key", read_only=True, allow_null=True, help_text="Only on this pathway, by its key; null: on all."
    )

    class Meta:
        model = ProgrammeCourse
        fields = ["course", "code", "title", "university", "ects", "semester", "part", "group", "pathway"]


class ProgrammeSerializer(serializers.ModelSerializer):
    url = ApiLink("programmes")
    page = PageLink()
    field = serializers.CharField(source="field_id", allow_null=True, help_text="By ISCED-F 2013.")
    field_name = serializers.CharField(source="field.name", default="", help_text="The field in words.")
    partners = PartnerSerializer(many=True, source="sides", help_text="The coordinating one first.")
    languages = LanguageSerializer(many=True)
    pathways = PathwaySerializer(many=True, help_text="Where one studies when.")
    requirements = RequirementSerializer(many=True)
    tags = TagSerializer(many=True, help_text="Words of the secretariat's vocabulary for partnerships.")
    intakes = IntakeSerializer(many=True, source="ahead", help_text="Open or coming, the next closing first.")
    courses = CourseOfProgrammeSerializer(many=True, source="course_list", help_text="What one takes where.")

    class Meta:
        model = Programme
        fields = [
            "slug", "url", "page", "title", "kind", "level", "field", "field_name", "ects_total", "duration_semesters",
            "framework", "diploma", "award", "tuition", "tuition_note", "thesis_ects", "funding", "website",
            "contact_email", "summary", "description", "since", "listing", "state", "published_at", "is_sample",
            "tags", "partners", "languages", "pathways", "requirements", "intakes", "courses",
        ]  # fmt: skip


@announce
class Programmes(Resource):
    """Dual, double and joint degrees and doctoral programmes of the catalogue, with pathways and coming intakes."""

    resource = "programmes"
    label = _("Programmes")
    catalogue = ProgrammeFilter
    serializer_class = ProgrammeSerializer

    def listed(self, user: Any, now: datetime) -> QuerySet:
        return _joined(catalogue_at(now), now)

    def visible(self, user: Any, now: datetime) -> QuerySet:
        return _joined(Programme.objects.visible_to(user).with_parts(), now)


def _joined(rows: QuerySet, now: datetime) -> QuerySet:
    intakes = Intake.objects.ahead_of(now).select_related("home").prefetch_related("seats").order_by("closes", "pk")
    courses = ProgrammeCourse.objects.select_related("course__university", "pathway")
    return rows.with_requirements().prefetch_related(
        "tags", Prefetch("intakes", intakes, to_attr="ahead"), Prefetch("course_list", courses)
    )


class CourseSerializer(serializers.ModelSerializer):
    url = ApiLink("courses")
    page = PageLink()
    university = ByUniversity()
    unit = serializers.CharField(source="unit.name", default="", help_text="The faculty or department, in words.")
    ects = serializers.FloatField()
    field = serializers.CharField(source="field_id", allow_null=True, help_text="By ISCED-F 2013.")
    field_name = serializers.CharField(source="field.name", default="", help_text="The field in words.")
    first_year = serializers.IntegerField(allow_null=True, help_text="2027 for 2027/28; null: not known.")
    last_year = serializers.IntegerField(allow_null=True, help_text="The last one taught; null: no end in sight.")
    catalogue_url = serializers.URLField(
        source="url", allow_blank=True, help_text="Its page in the university's own catalogue."
    )

    class Meta:
        model = Course
        fields = [
            "slug", "url", "page", "university", "code", "title", "unit", "level", "ects", "terms", "languages",
            "field", "field_name", "open_to_exchange", "exchange_note", "prerequisites", "catalogue_url", "first_year",
            "last_year", "is_sample",
        ]  # fmt: skip


@announce
class Courses(Resource):
    """Courses that universities teach this academic year or later: when, in which language, whether guests may."""

    resource = "courses"
    label = _("Courses")
    catalogue = CourseFilter
    serializer_class = CourseSerializer

    def listed(self, user: Any, now: datetime) -> QuerySet:
        return courses_on(user, localdate(now))

    def visible(self, user: Any, now: datetime) -> QuerySet:
        return Course.objects.visible_to(user).joined()
