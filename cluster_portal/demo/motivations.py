"""What the students of the demo write."""

import random

WHY_THERE = (
    "I have followed the work of {host} since a lecture in my second year.",
    "Two students of my course went to {host} and came back with a project they still talk about.",
    "The courses at {host} fill exactly the gap that my own programme leaves.",
    "{host} teaches the subject by building things, and that is how I learn best.",
)
WHAT_FOR = (
    "After the stay I want to write my thesis on the same subject and, if both sides agree, with a supervisor there.",
    "I would like to work in an international team later, and I want to know whether I can.",
    "My aim is a doctorate; the laboratory there is where the method I want to use was developed.",
    "In our student association we build a boat that runs on sunlight, and what I learn will go straight into it.",
)
WHAT_I_BRING = (
    "I bring good results in mathematics, some experience with measurements, and patience.",
    "I have worked as a tutor for two terms and speak enough of the language to buy bread and to apologise.",
    "Last summer I worked in a company that makes pumps, where I learned to read other people's drawings.",
    "I organise well, I write clearly, and I have lived in another country before.",
)
CLOSING = (
    "My coordinator has looked at the list of courses and sees no difficulty with recognition.",
    "I have compared the course lists: twenty-four credits can be recognised, the rest is extra.",
    "If my first choice is full, I would go to any of the others with pleasure.",
)


def motivation(dice: random.Random, host: str) -> str:
    """Two short paragraphs."""
    first = f"{dice.choice(WHY_THERE).format(host=host)} {dice.choice(WHAT_FOR)}"
    return f"{first}\n\n{dice.choice(WHAT_I_BRING)} {dice.choice(CLOSING)}"
