"""Make every data set of this folder again: python datasets/generate.py [DIR]

DIR is where the CSV files go, this folder if left out. Everything random comes from XorShift with a
fixed seed, so the files are the same each time. Only the standard library is needed.
"""

import argparse
import math
from collections.abc import Callable
from pathlib import Path

Row = tuple[float | str, ...]  # the cells of one line of a CSV file, in the order of its columns

SEED = 42
MASK = 2**64 - 1  # keeps the lowest 64 bits


class XorShift:
    """The xorshift* random number generator, with a state of 64 bits."""

    def __init__(self, seed: int = SEED) -> None:
        """Start from seed, an int from 1 to 2**64 - 1 (from 0 only zeros would follow)."""
        if not 0 < seed <= MASK:
            raise ValueError(f"seed must be from 1 to 2**64 - 1, got {seed}")
        self.state = seed

    def u32(self) -> int:
        """Give the next random int, from 0 to 2**32 - 1."""
        s = self.state
        s ^= (s >> 12) & MASK
        s ^= (s << 25) & MASK
        s ^= (s >> 27) & MASK
        self.state = s
        return ((s * 0x2545F4914F6CDD1D) >> 32) & 0xFFFFFFFF

    def uniform(self) -> float:
        """Give the next random float, uniform on [0, 1), a multiple of 2**-24."""
        return (self.u32() >> 8) / 2**24

    def gauss_pair(self) -> tuple[float, float]:
        """Give two independent normal floats, mean 0 and deviation 1 (Box-Muller)."""
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))  # 1 - uniform is never 0
        angle = 2 * math.pi * self.uniform()
        return radius * math.cos(angle), radius * math.sin(angle)


def four_points() -> list[Row]:
    """Give the 4 rows x, y, z, target; nothing is random."""
    return [
        (2.0, 3.0, -1.0, 1),
        (3.0, -1.0, 0.5, -1),
        (0.5, 1.0, 1.0, -1),
        (1.0, 1.0, -1.0, 1),
    ]


def draw_regions(rng: XorShift) -> list[Row]:
    """Draw from rng the 100 rows x, y, label, split of three_regions."""
    rows: list[Row] = []
    for k in range(100):
        x = -2 + 4 * rng.uniform()
        y = -2 + 4 * rng.uniform()
        label = 0 if x < 0 else 1 if y < 0 else 2
        split = "train" if k < 80 else "val" if k < 90 else "test"
        rows.append((x, y, label, split))
    return rows


def three_regions(seed: int = SEED) -> list[Row]:
    """Give 100 rows x, y, label, split for a seed."""
    return draw_regions(XorShift(seed))


def three_regions_weights(seed: int = SEED) -> list[Row]:
    """Give 80 rows layer, neuron, input, weight: how an MLP(2, [16, 3]) starts, for a seed.

    The generator that drew the points of three_regions goes on and draws the weights.
    """
    rng = XorShift(seed)
    draw_regions(rng)
    rows: list[Row] = []
    for layer, (nin, nout) in enumerate([(2, 16), (16, 3)]):
        for neuron in range(nout):
            for i in range(nin):
                rows.append((layer, neuron, i, (2 * rng.uniform() - 1) * nin**-0.5))
    return rows


def spiral() -> list[Row]:
    """Give 200 rows x, y, label, the two arms in turn; nothing is random."""
    n = 100
    rows: list[Row] = []
    for j in range(n):
        for arm in (0, 1):
            r = 5 * j / n
            t = 2.5 * math.pi * j / n + arm * math.pi
            rows.append((r * math.sin(t), r * math.cos(t), -1 if arm else 1))
    return rows


def moons(seed: int = SEED) -> list[Row]:
    """Give 100 rows x, y, label, the two half circles in turn, for a seed."""
    n = 50
    noise = 0.1
    rng = XorShift(seed)
    rows: list[Row] = []
    for k in range(n):
        t = math.pi * k / (n - 1)
        for x, y, label in (
            (math.cos(t), math.sin(t), 1),
            (1 - math.cos(t), 0.5 - math.sin(t), -1),
        ):
            dx, dy = rng.gauss_pair()
            rows.append((x + noise * dx, y + noise * dy, label))
    return rows


def yin_yang_class(x: float, y: float) -> int | None:
    """Give the class of a point: 0 yin, 1 yang, 2 dots, or None outside the big circle."""
    left = (x - 0.25) ** 2 + (y - 0.5) ** 2  # squared distances from the centres of the two dots
    right = (x - 0.75) ** 2 + (y - 0.5) ** 2
    if (x - 0.5) ** 2 + (y - 0.5) ** 2 > 0.5**2:
        return None
    if min(left, right) < 0.1**2:
        return 2
    if left <= 0.25**2:  # the head of yang
        return 1
    if right <= 0.25**2:  # the head of yin
        return 0
    return 1 if y > 0.5 else 0


def yin_yang(seed: int = SEED) -> list[Row]:
    """Give 300 rows x, y, label, the three classes in turn, for a seed.

    Points of the unit square are drawn and thrown away until one has the class whose turn it is.
    """
    rng = XorShift(seed)
    rows: list[Row] = []
    for k in range(300):
        label = k % 3
        x, y = rng.uniform(), rng.uniform()
        while yin_yang_class(x, y) != label:
            x, y = rng.uniform(), rng.uniform()
        rows.append((x, y, label))
    return rows


# For each file its name, its columns and the function that gives its rows.
FILES: list[tuple[str, str, Callable[[], list[Row]]]] = [
    ("four_points.csv", "x,y,z,target", four_points),
    ("three_regions.csv", "x,y,label,split", three_regions),
    ("three_regions_weights.csv", "layer,neuron,input,weight", three_regions_weights),
    ("spiral.csv", "x,y,label", spiral),
    ("moons.csv", "x,y,label", moons),
    ("yin_yang.csv", "x,y,label", yin_yang),
]


def write_csv(path: Path, columns: str, rows: list[Row]) -> None:
    """Write the line columns and then the rows to the file path; numbers read back exactly."""
    lines = [columns]
    for row in rows:
        lines.append(",".join(cell if isinstance(cell, str) else repr(cell) for cell in row))
    path.write_bytes(("\n".join(lines) + "\n").encode("ascii"))  # bytes: "\n" on every platform


def write_all(folder: Path) -> None:
    """Write every CSV file into folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns, make in FILES:
        write_csv(folder / name, columns, make())


def main() -> None:
    """Read the folder from the command line and write every file there."""
    parser = argparse.ArgumentParser(description="Make the data sets again.")
    here = Path(__file__).resolve().parent
    parser.add_argument(
        "folder",
        metavar="DIR",
        nargs="?",
        type=Path,
        default=here,
        help="where the CSV files go (default: the folder of this script)",
    )
    write_all(parser.parse_args().folder)


if __name__ == "__main__":
    main()
