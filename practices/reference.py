"""The pillars and topics of `data/topics.json` as rows."""

from pathlib import Path

from members.loading import Load
from members.reference_data import read
from practices.models import Topic

FILE = Path(__file__).parent / "data" / "topics.json"


def load(load: Load) -> None:
    """Bring the topics to what the file says; those that practices are filed under stay."""
    rows = [
        {
            "code": item["code"],
            "slug": item["slug"],
            "name": item["name"],
            "pillar_id": item["pillar"],
            "position": item["position"],
            "is_sample": item["certainty"] == "sample",
        }
        for item in read(FILE)["items"]
    ]
    load.bring(Topic, ("code",), rows)
