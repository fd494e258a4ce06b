"""Invented courses: what could stand in the catalogue of any university of technology."""

from typing import Any

# `number` makes the code; `ends` counts academic years from the running one.
COURSES: list[dict[str, Any]] = [
    {
        "number": "4101", "title": "Control theory, advanced", "field": "0714", "ects": "7.5", "terms": ["spring"],
        "prerequisites": "A first course in control: feedback, Bode plots, state space.",
    },
    {
        "number": "4110", "title": "Numerical methods for engineers", "field": "0541", "ects": "6",
        "terms": ["autumn", "spring"], "prerequisites": "Linear algebra, analysis in several variables, programming.",
    },
    {
        "number": "4205", "title": "Energy systems and markets", "field": "0713", "ects": "7.5", "terms": ["autumn"],
        "note": "Thirty places for guests.",
    },
    {
        "number": "4330", "title": "Project in mechatronics", "field": "0715", "ects": "15", "terms": ["year"],
        "note": "Only for those who stay the whole year.",
        "prerequisites": "Embedded programming, and a course in machine elements.",
    },
    {
        "number": "4412", "title": "Photonics laboratory", "field": "0533", "ects": "4.5", "terms": ["spring"],
        "note": "Twelve places at the benches; registration in the first week.",
        "prerequisites": "Optics at the level of a bachelor's degree.",
    },
    {
        "number": "2050", "title": "Sustainability in engineering", "field": "0712", "ects": "3", "level": "bachelor",
        "terms": ["autumn", "spring"],
    },
    {
        "number": "4508", "title": "Structural dynamics", "field": "0732", "ects": "7.5", "terms": ["autumn"],
        "open": False, "prerequisites": "Mechanics of materials; the finite element method.",
    },
    {
        "number": "4521", "title": "Machine learning for physical systems", "field": "0613", "ects": "7.5",
        "terms": ["spring"], "prerequisites": "Probability, linear algebra, programming in Python.",
    },
    {
        "number": "7001", "title": "Research ethics for doctoral candidates", "field": "0031", "ects": "2",
        "level": "doctorate", "terms": ["autumn", "spring"],
    },
    {
        "number": "4600", "title": "Fluid mechanics, second course", "field": "0715", "ects": "6", "terms": ["autumn"],
        "ends": -1, "note": "Given for the last time.",
    },
    {
        "number": "4615", "title": "Materials for energy storage", "field": "0722", "ects": "7.5", "terms": ["spring"],
        "ends": 1,
    },
]  # fmt: skip
