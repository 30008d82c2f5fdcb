"""What learning is made of."""

from __future__ import annotations

from grader.book.pictures.diagram import box, join
from grader.book.pictures.given import Given
from grader.book.pictures.svg import SMALL, Picture

WIDE, HIGH = 126, 84


def model_loop(given: Given) -> str:
    """Data go through the model, the loss compares, and the algorithm changes the model."""
    words = given.labels
    picture = Picture(640, 400, words["title"])
    places = {"data": (80, 150, 3), "model": (320, 150, 1), "loss": (560, 150, 2), "algorithm": (320, 325, 4)}
    nodes = {}
    for name, (x, y, colour) in places.items():
        nodes[name] = box(picture, x, y, WIDE, HIGH, colour=colour)
        picture.text(x, y - 13, words[name], colour, bold=True)
        picture.text(x, y + 15, words[f"{name}_is"], size=SMALL)
    join(picture, nodes["data"], nodes["model"], words["inputs"], below=-16, size=SMALL)
    join(picture, nodes["model"], nodes["loss"], words["outputs"], below=-16, size=SMALL)
    join(picture, nodes["algorithm"], nodes["model"])
    picture.text(310, 238, words["change"], size=SMALL, anchor="end")
    picture.curve("M80,105 V52 Q80,40 92,40 H548 Q560,40 560,52 V94")
    picture.arrow((560, 92), (560, 105))
    picture.text(320, 40, words["answers"], size=SMALL, halo=True)
    picture.curve("M560,195 V313 Q560,325 548,325 H400")
    picture.arrow((402, 325), (389, 325))
    picture.text(550, 238, words["slopes"], size=SMALL, anchor="end")
    return picture.svg()


PICTURES = {"model-loop": model_loop}
