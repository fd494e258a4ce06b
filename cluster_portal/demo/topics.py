"""What the sample placements are about: title, field of study, levels, and what students find there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    title: str
    field: str
    text: str
    levels: tuple[str, ...] = ("master",)


BOTH = ("bachelor", "master")
TOPICS = (
    Topic(
        "Embedded systems",
        "0714",
        "Real-time software, sensor nodes and their communication. Students join a laboratory course in which a team "
        "builds and tests a small autonomous vehicle within one term.",
    ),
    Topic(
        "Electric power and grids",
        "0713",
        "Power electronics, protection, and the operation of grids with much wind and sun. Measurements are made in "
        "the high-voltage laboratory; two courses end with a project instead of an examination.",
        BOTH,
    ),
    Topic(
        "Machine learning",
        "0613",
        "Statistical learning, vision and language models, and what makes them reliable. A reading group meets every "
        "week; projects use the computing cluster of the department.",
    ),
    Topic(
        "Mechanics and design",
        "0715",
        "Strength of materials, vibration and product development. Teams design, build and break a lightweight "
        "structure.",
        BOTH,
    ),
    Topic(
        "Aerospace structures",
        "0716",
        "Composite structures, aeroelasticity and flight mechanics, with access to the wind tunnel for one project.",
    ),
    Topic(
        "Structural engineering",
        "0732",
        "Concrete, steel and timber, from design rules to tests in the structures hall. Courses in the first half of "
        "the term, one studio project in the second.",
        BOTH,
    ),
    Topic(
        "Architecture studio",
        "0731",
        "One design studio of twenty credits with reviews by guests from practice, and a seminar on housing. Send a "
        "portfolio of at most ten pages with your application.",
        BOTH,
    ),
    Topic(
        "Chemical process engineering",
        "0711",
        "Reactors, separation and process control. The pilot plant is run by student teams for one week.",
    ),
    Topic(
        "Water and environment",
        "0712",
        "Hydrology, treatment of water and air, and life-cycle assessment; two excursions belong to the courses.",
        BOTH,
    ),
    Topic(
        "Applied mathematics",
        "0541",
        "Numerical analysis, optimisation and stochastic processes. Small groups, oral examinations, and a seminar in "
        "which every student gives one talk.",
        BOTH,
    ),
    Topic(
        "Photonics and quantum technology",
        "0533",
        "Optics, quantum information and nanofabrication, with laboratory work in the clean room after a safety "
        "course.",
    ),
    Topic(
        "Data science in industry",
        "0612",
        "Databases, statistics and visualisation. The main course works on the data of a company, which hears the "
        "results.",
    ),
    Topic(
        "Industrial management",
        "0413",
        "Operations, logistics and innovation. Courses are taught with cases; half of the participants come from "
        "abroad.",
        BOTH,
    ),
    Topic(
        "Materials for energy",
        "0722",
        "Batteries, catalysis and characterisation of materials; experiments at the beamline by arrangement.",
    ),
    Topic(
        "Robotics and control",
        "0714",
        "Modelling, estimation and motion planning. Every student has the same small robot for the whole term.",
        BOTH,
    ),
    Topic(
        "Software engineering",
        "0613",
        "Architecture, testing and the work in teams. One project of fifteen credits for a real customer.",
        BOTH,
    ),
    Topic(
        "Nuclear and fusion energy",
        "0713",
        "Reactor physics, safety and materials under radiation, with a week of simulator training.",
    ),
    Topic(
        "Transport and mobility",
        "0716",
        "Vehicles, traffic models and planning of public transport; excursions to a depot and a control centre.",
    ),
)
