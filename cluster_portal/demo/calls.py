"""Which application rounds the demo has: who calls, from when until when, and how far each has come."""

from dataclasses import dataclass

# What the student of the fixed account of a university goes through.
DRAFT_LACKS_DOCUMENT = "draft lacks a document"
SUBMITTED = "submitted"
MORE_ASKED = "more is asked"
DOCUMENT_REFUSED = "document refused"
WITHDRAWN = "withdrawn"
ELIGIBLE = "eligible"
OFFERED = "offered"
IN_THE_QUEUE = "in the queue"
ACCEPTED = "accepted"
EXPIRED = "expired"
REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class Call:
    """`opens` and `closes` are days from today, `decided` and `released` days after the closing.

    `term` counts terms from the next one for which one can apply. `programme` makes it a dual degree's round.
    """

    by: str
    opens: int
    closes: int
    term: int = 0
    applicants: int = 0
    decided: int | None = None
    released: int | None = None
    answer_days: int = 7
    archived: int | None = None  # days from today
    programme: str = ""
    name: str = ""
    is_draft: bool = False
    hero: str = ""  # the story of the fixed student account
    hero_at: str = ""  # of which university, where it is not `by`


CALLS = (
    # Two terms ago: long decided, put away.
    Call(by="kth", term=-3, opens=-420, closes=-390, decided=12, released=15, archived=-200, applicants=12),
    Call(by="aalto", term=-3, opens=-400, closes=-372, decided=12, released=14, archived=-190, applicants=8),
    Call(by="kuleuven", term=-3, opens=-410, closes=-380, decided=10, released=12, archived=-210, applicants=6),
    # Released: offers are answered, expire, move up.
    Call(by="kth", opens=-52, closes=-20, decided=14, released=15, applicants=21, hero=OFFERED),
    Call(by="polito", opens=-47, closes=-24, decided=13, released=15, answer_days=14, applicants=20, hero=IN_THE_QUEUE),
    Call(by="kit", opens=-62, closes=-40, decided=12, released=14, answer_days=10, applicants=14, hero=ACCEPTED),
    Call(by="tcd", opens=-50, closes=-30, decided=14, released=16, answer_days=10, applicants=10, hero=REJECTED),
    Call(by="uclouvain", opens=-62, closes=-37, decided=14, released=16, applicants=10, hero=EXPIRED),
    # Closed: being checked, reviewed, decided.
    Call(by="aalto", opens=-32, closes=-6, applicants=20, decided=9, released=14),
    Call(by="grenoble-inp", opens=-40, closes=-12, applicants=14, decided=9, released=16, hero=ELIGIBLE),
    # Open: closing in days and weeks.
    Call(by="tecnico", term=1, opens=-20, closes=2, applicants=8, hero=WITHDRAWN),
    Call(by="aalto", term=1, opens=-14, closes=5, applicants=10, hero=MORE_ASKED),
    Call(by="kuleuven", term=1, opens=-15, closes=6, applicants=9, hero=DRAFT_LACKS_DOCUMENT),
    Call(by="tue", term=1, opens=-12, closes=9, applicants=9, hero=SUBMITTED),
    Call(by="kth", term=1, opens=-16, closes=12, applicants=20),
    Call(by="polito", term=1, opens=-9, closes=20, applicants=8),
    Call(by="kth", term=1, opens=-3, closes=26, name="remaining places"),
    Call(by="upc", term=1, opens=-8, closes=30, applicants=6, hero=DOCUMENT_REFUSED),
    # Coming, or not yet shown.
    Call(by="tuda", term=1, opens=9, closes=40),
    Call(by="kit", term=1, opens=13, closes=45),
    Call(by="kth", term=2, opens=24, closes=60),
    Call(by="tcd", term=1, opens=30, closes=58),
    Call(by="grenoble-inp", term=2, opens=50, closes=80, is_draft=True),
    Call(by="tuda", term=2, opens=70, closes=95, is_draft=True),
    # Dual degrees; `term` is ignored: their students begin in autumn.
    Call(by="kth", programme="kth-tue-0714", opens=-42, closes=-8, applicants=8, decided=12, released=15),
    Call(by="upc", programme="upc-grenoble-inp-0714", opens=-60, closes=-24, applicants=8, decided=14, released=17,
         answer_days=14),
    Call(by="polito", programme="polito-kit-0716", opens=-18, closes=13, applicants=6),
    Call(by="aalto", programme="aalto-tuda-0613", opens=-21, closes=8, applicants=6, hero=SUBMITTED, hero_at="tuda"),
    Call(by="tecnico", programme="tecnico-upc-0732", opens=-10, closes=25, applicants=4, hero=DRAFT_LACKS_DOCUMENT),
    Call(by="tcd", programme="tcd-kuleuven-0732", opens=-5, closes=33, applicants=3),
    Call(by="tue", programme="tue-kit-0612", opens=11, closes=55),
    Call(by="polito", programme="polito-tue-0413", opens=19, closes=61),
)  # fmt: skip
