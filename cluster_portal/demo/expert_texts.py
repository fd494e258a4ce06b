"""What invented people say they know, by role; fields recur, so that a facet finds people of several universities."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    headline: str
    keywords: tuple[str, ...]
    text: str


TEXTS: dict[str, list[Said]] = {
    "director": [
        Said(
            "Directs the dual master's in power electronics",
            ("Power electronics", "Electric mobility", "Curriculum design"),
            "Works on converters for heavy vehicles. Looks for partners who teach drives in English.",
        ),
        Said(
            "Professor of structural engineering",
            ("Structural engineering", "Timber construction", "Sustainability"),
            "Tall timber buildings and how to teach them. Glad to host a master's thesis each spring.",
        ),
        Said(
            "Directs the programme in water and environment",
            ("Urban water", "Climate adaptation", "Sustainability"),
            "Stormwater in dense cities; field courses with two partner universities each June.",
        ),
        Said(
            "Professor of photonics",
            ("Photonics", "Quantum technology", "Doctoral training"),
            "Integrated optics. Supervises doctoral students jointly with partners under cotutelle agreements.",
        ),
    ],
    "coordinator": [
        Said(
            "Academic coordinator for incoming students",
            ("Course matching", "Recognition of studies", "Mechanical engineering"),
            "Answers which of our courses stand for yours, and how to plan a semester of thirty credits.",
        ),
        Said(
            "Coordinates study plans in computer science",
            ("Computer science", "Recognition of studies", "Machine learning"),
            "Keeps a table of courses matched with eleven partners; ask for it.",
        ),
        Said(
            "Associate professor, coordinates exchanges in chemistry",
            ("Chemical engineering", "Laboratory safety", "Course matching"),
            "Places in the laboratories must be asked for early; I can tell which term fits.",
        ),
    ],
    "grants": [
        Said(
            "Advises on Erasmus+ and Horizon Europe",
            ("Erasmus+", "Horizon Europe", "Budgeting"),
            "Has brought four joint master's proposals to the end and knows where they break.",
        ),
        Said(
            "Grant officer for education projects",
            ("Erasmus+", "European Universities alliances", "Project management"),
            "Keeps the calendar of calls and reads drafts for partners.",
        ),
        Said(
            "Writes proposals on micro-credentials",
            ("Micro-credentials", "Quality assurance", "Erasmus+"),
            "",
        ),
    ],
}
