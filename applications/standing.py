"""Where a student stands: the facts that eligibility looks at, live from the profile or as frozen at submission."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from members.models import GradeScale, Language, StudentProfile, StudyLevel, User

KEPT_AS_THEY_ARE = (
    "home_id", "home", "programme", "level", "field", "field_name", "semester", "languages", "proofs",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Empty values are facts that the student has not given."""

    home_id: int | None
    home: str
    programme: str
    level: str
    field: str
    field_name: str
    semester: int | None
    ects: Decimal | None
    grade: Decimal | None
    scale: GradeScale | None
    languages: Mapping[str, str]
    proofs: Mapping[str, str]

    @classmethod
    def of(cls, profile: StudentProfile) -> "Standing":
        """Read a profile; two queries at most, for languages and the home university's scale."""
        skills = list(profile.languages.all())
        return cls(
            home_id=profile.university_id,
            home=profile.university.short_name,
            programme=profile.degree_programme,
            level=profile.level,
            field=profile.field_id or "",
            field_name=str(profile.field or ""),
            semester=profile.semester,
            ects=profile.ects_earned,
            grade=profile.grade_average,
            scale=profile.grade_scale or profile.university.grade_scale,
            languages={skill.language: skill.level for skill in skills},
            proofs={skill.language: skill.proof for skill in skills if skill.proof},
        )

    @classmethod
    def from_snapshot(cls, kept: dict[str, Any]) -> "Standing | None":
        """Read what `to_snapshot` wrote; None when there is nothing. One query, for the grade scale."""
        if not kept:
            return None
        words: dict[str, Any] = {name: kept[name] for name in KEPT_AS_THEY_ARE}
        for name in ("ects", "grade"):
            words[name] = None if kept[name] is None else Decimal(kept[name])
        # By its code and not by a key: the snapshot outlives the row, and a grade without its scale is told as unknown.
        scale = GradeScale.objects.filter(code=kept["scale"]).first() if kept["scale"] else None
        return cls(scale=scale, **words)

    def to_snapshot(self, user: User, now: datetime) -> dict[str, Any]:
        """The standing as plain values, with whose it is and when it was read."""
        return {
            "name": user.get_full_name(),
            "email": user.email,
            "taken_at": now.isoformat(),
            "home_id": self.home_id,
            "home": self.home,
            "programme": self.programme,
            "level": self.level,
            "field": self.field,
            "field_name": self.field_name,
            "semester": self.semester,
            # As text: JSON knows no decimals, and 26.1 would come back as a number a little beside it.
            "ects": None if self.ects is None else str(self.ects),
            "grade": None if self.grade is None else str(self.grade),
            "scale": self.scale.code if self.scale else "",
            "languages": self.languages,
            "proofs": self.proofs,
        }

    @property
    def position(self) -> Decimal | None:
        """Where the average grade lies between the pass mark (0) and the best (100) of its own scale."""
        if self.grade is None or self.scale is None:
            return None
        return self.scale.position(self.grade)

    @property
    def ects_in_words(self) -> str:
        return "" if self.ects is None else f"{self.ects.normalize():f}"

    @property
    def level_name(self) -> str:
        return str(dict(StudyLevel.choices).get(self.level, ""))

    @property
    def grade_in_words(self) -> str:
        """ "26.1 of 30", "1.7 (best 1)"; empty where it is not known."""
        if self.grade is None or self.scale is None:
            return ""
        words = {"grade": self.scale.write(self.grade), "best": self.scale.write(self.scale.best)}
        pattern = (
            _("%(grade)s (best %(best)s)") if self.scale.best < self.scale.pass_mark else _("%(grade)s of %(best)s")
        )
        return pattern % words

    @property
    def language_names(self) -> list[str]:
        """ "English C1 (TOEFL 104)"."""
        names = dict(Language.choices)
        proof = {language: f" ({words})" for language, words in self.proofs.items()}
        return [f"{names[code]} {level}{proof.get(code, '')}" for code, level in self.languages.items()]
