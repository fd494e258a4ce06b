"""What the invented doctoral candidates of the demo want to work on, with whom, and how far they are."""

from typing import Any

Text = dict[str, Any]

COTUTELLES: tuple[Text, ...] = (
    {
        "programme": "kth-polito-0700",
        "home": "kth",
        "path": "draft",
        "title": "Wind loads on light bridge decks",
        "field": "0732",
        "motivation": (
            "KTH has the long records of the archipelago bridges; the boundary-layer wind tunnel in Turin can repeat"
            " the gusts that we only measure. I would build the model decks in the second year and test them there."
        ),
        "months": (24, 18),
        "defence": "home",
        "diploma": "separate",
        "began": -6,
    },
    {
        "programme": "aalto-tecnico-0700",
        "home": "aalto",
        "path": "sent back",
        "title": "Sea ice and the moorings of floating turbines",
        "field": "0716",
        "motivation": (
            "Aalto tests ice against structures, Técnico tests floating structures against waves. Nobody has a model"
            " for both. A supervisor on each side, and a basin on each side, would let one thesis join them."
        ),
        "months": (24, 24),
        "defence": "partner",
        "diploma": "separate",
        "began": -58,
    },
    {
        "programme": "kuleuven-upc-0700",
        "home": "kuleuven",
        "path": "convention",
        "title": "Reading old concrete with neutrons",
        "field": "0732",
        "motivation": (
            "The group in Leuven knows the chemistry of old cement; Barcelona has the bridges, the drill cores and the"
            " town that wants to know how long they will last."
        ),
        "months": (26, 18),
        "defence": "home",
        "diploma": "joint",
        "began": -120,
    },
    {
        "programme": "kit-grenoble-inp-0700",
        "home": "kit",
        "path": "running",
        "title": "Heat that the power grid can store",
        "field": "0713",
        "motivation": (
            "Karlsruhe builds the stores, Grenoble runs the grid simulator. The thesis connects a real store to a"
            " simulated grid across the Rhine."
        ),
        "months": (22, 20),
        "defence": "home",
        "diploma": "separate",
        "began": -420,
    },
    {
        "programme": "kth-polito-0700",
        "home": "polito",
        "path": "home agreed",
        "title": "Night buses that find their own timetable",
        "field": "1041",
        "motivation": (
            "Turin has the data of ten years of night buses; Stockholm lets us try a timetable on real lines."
        ),
        "months": (24, 12),
        "defence": "home",
        "diploma": "separate",
        "began": -40,
    },
)
SENT_BACK = (
    "The plan does not say who pays for the months in Lisbon, nor which courses you take there. Please add both, "
    "and agree with your supervisor at Técnico on the first stay."
)
