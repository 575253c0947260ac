"""Makes houses.csv: 120 invented houses with a price per house and whether it was sold, from a fixed seed."""

import csv
from pathlib import Path

import numpy as np

HEADER = ("id", "area m²", "rooms", "built", "distance km", "price", "sold")


def rows(count: int = 120, seed: int = 7):
    """Yields houses: the price grows with area and falls with age and distance; cheap ones for their area are sold."""
    generator = np.random.default_rng(seed)
    for number in range(1, count + 1):
        area, built = generator.normal(110, 30), int(generator.integers(1930, 2022))
        distance, surplus = generator.gamma(2.0, 4.0), generator.normal(0, 15)
        area = round(float(np.clip(area, 35, 220)), 1)
        price = 60 + 2.4 * area - 0.8 * (2022 - built) - 3.0 * distance + surplus
        sold = "yes" if surplus < 0 else "no"
        yield number, area, max(1, round(area / 25)), built, round(distance, 1), round(price, 1), sold


def main() -> None:
    """Writes the file beside this one."""
    with (Path(__file__).parent / "houses.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows()])


if __name__ == "__main__":
    main()
