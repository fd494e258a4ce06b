"""The invented calls of the demo: topics, days and amounts; all of it is marked as a sample."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Announced:
    """A call; `stages` are (opens, closes) in days from today, empty where it is not told."""

    line: str
    title: str
    text: str
    stages: tuple[tuple[int | None, int | None], ...]
    action: str = ""
    total: float | None = None  # million EUR
    each: tuple[float, float] | None = None  # million EUR per project
    fields: tuple[str, ...] = ()
    trl: tuple[int, int] | None = None
    office: str = ""  # who wrote it; the secretariat where empty
    state: str = "published"
    rules_of: str = ""  # the line whose conditions it takes over as its own
    partners: int | None = None  # asks for more organisations than its line


CALLS = (
    # Open, some closing soon.
    Announced(line="HE-CL5", action="ria", title="Sodium batteries for stationary storage", trl=(3, 5), total=42,
              each=(5, 7), fields=("07", "05"), stages=((-60, 3),), rules_of="HE-RIA",
              text="Cells without lithium and cobalt, tested for ten years of daily cycles."),
    Announced(line="HE-CL5", action="ia", title="Heat pumps in old city blocks", trl=(6, 8), total=36, each=(8, 12),
              fields=("07",), stages=((-45, 19),), rules_of="HE-IA",
              text="Demonstrations in three climates: shared boreholes, quiet machines, tariffs that tenants can pay."),
    Announced(line="HE-CL4", action="ria", title="Trustworthy control of industrial robots", trl=(2, 5), total=60,
              each=(4, 6), fields=("06", "07"), stages=((-30, 26),), rules_of="HE-RIA",
              text="Robots that explain why they stop, with proofs that hold on the factory floor."),
    Announced(line="HE-CL4", action="ria", title="Photonic chips for sensing", trl=(3, 5), total=30, each=(3, 5),
              fields=("07", "05"), stages=((-50, 6),), rules_of="HE-RIA",
              text="Integrated light sources and detectors on one chip, packaged for hospitals and farms."),
    Announced(line="HE-CL6", action="ria", title="Water reuse in dry regions", total=24, each=(4, 6),
              fields=("05", "08"), stages=((-20, 40),), rules_of="HE-RIA",
              text="Treatment that needs little energy, and rules that let farms and towns share one source."),
    Announced(line="MSCA-DN", title="Doctoral networks", total=600, each=(2, 4), fields=("05", "06", "07"),
              stages=((-80, 2),), text="Networks that train doctoral candidates across countries and sectors."),
    Announced(line="MSCA-SE", title="Staff exchanges", total=97, stages=((-25, 54),), fields=("03", "05", "07"),
              text="Stays of researchers and technical staff between sectors and continents."),
    Announced(line="EIC-PF-OPEN", title="Pathfinder open", total=140, each=(1, 4), trl=(1, 4), stages=((-15, 33),),
              fields=("05", "06", "07"), text="Early research on technology that does not exist yet."),
    Announced(line="E+-EMJM", title="Joint masters", total=160, each=(1, 5), stages=((-35, 12),),
              fields=("01", "05", "07"), text="Master's programmes run by universities of several countries together."),
    Announced(line="E+-KA220-HED", title="Cooperation partnerships in higher education", each=(0.12, 0.4),
              stages=((-28, 9),), fields=("01",), text="New ways of teaching, tried together and shared with all."),
    Announced(line="E+-BIP", title="Blended intensive programmes", stages=((-10, None),), fields=("01",),
              text="Short courses with days in one place and weeks online; taken at any time of the year."),
    Announced(line="COST", title="Networks of researchers", total=50, each=(0.5, 0.7), stages=((-70, 16),),
              fields=("03", "05", "06", "07"), text="Meetings, training schools and short stays for four years."),
    Announced(line="DFH", title="Franco-German degree programmes", stages=((-40, 22),), fields=("07", "04"),
              text="Grants for students of integrated programmes between Germany and France."),
    Announced(line="DEP-SKILLS", title="Master's programmes in cyber security", action="grant", total=24, each=(2, 4),
              fields=("06",), stages=((-33, 29),), text="Degree programmes and short modules with companies.",
              office="kth"),
    Announced(line="EIC-TRANS", title="From result to product", total=98, each=(1, 2.5), trl=(3, 6),
              stages=((-14, 47),), fields=("05", "07"), text="Maturing what earlier projects found."),
    Announced(line="HE-WIDERA-TWIN", title="Twinning with Lisbon and the east", total=90, each=(0.8, 1.5),
              stages=((-22, 37),), fields=("05", "06", "07"), office="tecnico",
              text="Research groups in widening countries and their partners: stays, schools, a joint agenda."),
    # In two stages.
    Announced(line="HE-CL5", action="ria", title="Hydrogen without rare metals", total=50, each=(5, 8), trl=(2, 4),
              fields=("05", "07"), stages=((-120, -20), (14, 75)), rules_of="HE-RIA",
              text="Catalysts from common elements; a short outline first, the full proposal on invitation."),
    Announced(line="HE-CL1", action="ria", title="Wearable sensors for old age", total=45, each=(4, 7),
              fields=("09", "06"), stages=((-40, 10), (90, 150)), rules_of="HE-RIA",
              text="Sensors that people forget they wear, and models that doctors can question."),
    Announced(line="HE-CL5", action="ia", title="Quiet drones over cities", total=28, each=(6, 9), trl=(6, 7),
              fields=("07", "10"), stages=((-130, -30), (-5, 60)), rules_of="HE-IA",
              text="Flight paths, noise and trust; the second stage is open for those invited."),
    # Forthcoming.
    Announced(line="HE-CL5", action="ria", title="Long-life wind turbine blades", total=34, each=(5, 7), trl=(3, 5),
              fields=("07",), stages=((12, 120),), rules_of="HE-RIA",
              text="Materials that can be repaired on site and taken apart after thirty years."),
    Announced(line="HE-CL4", action="ria", title="Quantum simulators for materials", total=70, each=(8, 10),
              fields=("05", "06"), trl=(2, 4), stages=((30, 130),), rules_of="HE-RIA", partners=5,
              text="Machines of a hundred atoms and more, open to users outside the laboratory."),
    Announced(line="E+-EUR-UNIV", title="Alliances of universities", total=120, each=(3.4, 14.4), stages=((20, 95),),
              fields=("01",), text="Alliances that deepen what they share: campuses, services, degrees."),
    Announced(line="E+-INNO-ALL", title="Alliances with industry for green skills", total=60, each=(1, 1.5),
              stages=((25, 110),), fields=("01", "07"), text="Curricula made by universities, trainers and companies."),
    Announced(line="MSCA-PF", title="Postdoctoral fellowships", total=400, each=(0.15, 0.3), stages=((70, 220),),
              fields=("02", "03", "05", "06", "07"), text="Two years at a host of one's choice."),
    Announced(line="MSCA-COFUND", title="Cofunding of doctoral programmes", total=104, stages=((55, 210),),
              fields=("05", "07"), text="Regional and international doctoral programmes, half paid by the Union."),
    Announced(line="ERC-SYG", title="Synergy grants", total=400, each=(4, 10), stages=((100, 240),),
              fields=("05", "06", "07"), text="Two to four researchers on one problem none could solve alone."),
    Announced(line="HE-CL2", action="csa", title="Rectors' voices on the next framework programme", total=3,
              fields=("03",), stages=((8, 66),), rules_of="HE-CSA", office="aalto",
              text="A coordination action: what universities of technology want from research policy after 2027."),
    # Closed.
    Announced(line="HE-CL5", action="ria", title="Grids that heal themselves", total=40, each=(5, 6), trl=(4, 6),
              fields=("07", "06"), stages=((-200, -35),), rules_of="HE-RIA",
              text="Protection and control of distribution grids with many small producers."),
    Announced(line="HE-CL4", action="ia", title="Circular electronics", total=33, each=(6, 8), fields=("07",),
              stages=((-180, -12),), rules_of="HE-IA", text="Boards that can be taken apart again."),
    Announced(line="E+-CBHE", title="Capacity building with Central Asia", total=25, each=(0.2, 1), fields=("01",),
              stages=((-160, -50),), text="Curricula and laboratories with universities of the region."),
    Announced(line="E+-KA171", title="Mobility with partners outside Europe", stages=((-220, -90),), fields=("01",),
              text="Study and staff stays with the universities of the SEEEP and others."),
    Announced(line="HE-WIDERA-EEI", title="Excellence of alliances", total=60, each=(2, 5), fields=("01",),
              stages=((-240, -140),), text="Reforms of research careers in alliances.", state="archived"),
    # On their way to the catalogue.
    Announced(line="HE-CL6", action="ria", title="Timber in tall buildings", total=22, each=(4, 5), fields=("07",),
              stages=((15, 100),), rules_of="HE-RIA", office="aalto", state="proposed",
              text="Joints, fire and sound in buildings of ten storeys and more."),
    Announced(line="HE-CL4", action="csa", title="Standards for digital product passports", total=4, fields=("06",),
              stages=((5, 80),), rules_of="HE-CSA", office="polito", state="proposed",
              text="Who may read what about a product, and for how long."),
    Announced(line="DFH", title="Doctoral college on energy systems", fields=("07",), stages=((10, 70),),
              office="kit", state="draft", text="A college of two universities with joint supervision."),
    Announced(line="E+-JM", title="A chair on European technology policy", each=(0.03, 0.1), fields=("03",),
              stages=(), office="kth", state="draft", text=""),
)  # fmt: skip

BRINGS = (
    ("power electronics", "grid simulation"), ("electrochemistry", "cell testing"), ("life-cycle assessment",),
    ("machine learning", "sensor data"), ("control theory", "robotics laboratory"), ("materials characterisation",),
    ("photonics", "clean room"), ("field trials with a city",), ("open courses", "blended teaching"),
    ("standards", "technology transfer"), ("project management", "gender equality plan"), ("supercomputing",),
)  # fmt: skip

MESSAGES = (
    "We have run two projects of this kind and could coordinate; we look for a partner with a test site.",
    "Our laboratory is free from the first month on. We look for somebody who leads the work package on data.",
    "Happy to join; our companies would come along.",
    "We could host the doctoral candidates' schools.",
    "",
)
