"""Fuzz the parsers for as long as you like: ``python tests/fuzz/loop.py --seconds 600``, of files with ``--files``.

Mutates seeds at random, runs each parser, and stops at the first exception or at an input that takes longer than a
second (a file: five), printing parser and input. Needs nothing but posthma.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "reasoner")]

from bend import bend  # noqa: E402
from files import FILES  # noqa: E402
from targets import TARGETS  # noqa: E402


def mutate(text: str, alphabet: str, seeds: list[str], rng: random.Random) -> str:
    """Return a text changed in a few places: characters in, out, doubled, two seeds spliced."""
    for _ in range(rng.randint(1, 6)):
        at = rng.randint(0, len(text))
        kind = rng.random()
        if kind < 0.4:
            text = text[:at] + rng.choice(alphabet) + text[at:]
        elif kind < 0.6:
            text = text[:at] + text[at + 1 :]
        elif kind < 0.75:
            text = text[:at] + text[at : at + 5] * rng.randint(2, 40) + text[at:]
        elif kind < 0.9:
            text = text[:at] + rng.choice(seeds)[rng.randint(0, 8) :]
        else:
            text = text[:at] + chr(rng.choice([0, 9, 13, 127, 0xFEFF, 0x2028, 0xD7FF, 0x1F600])) + text[at:]
    return text[:2000]


def files(seconds: float, rng: random.Random) -> int:
    """Run the parsers of files; return 1 when something was found."""
    end, runs = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        name = rng.choice(list(FILES))
        target, seeds = FILES[name]
        data = bend(rng.choice(seeds), seeds, rng)
        began = time.monotonic()
        try:
            target(data)
        except Exception as error:
            print(f"{name}: {type(error).__name__}: {error}\n  input: {data!r}")
            return 1
        if time.monotonic() - began > 5:
            print(f"{name}: slow, {time.monotonic() - began:.1f} s\n  input: {data!r}")
            return 1
        runs += 1
    print(f"{runs} files, nothing found")
    return 0


def main() -> int:
    """Run the loop; return 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--files", action="store_true", help="Parsers of whole files instead of single strings.")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    if options.files:
        return files(options.seconds, rng)
    pools = {name: list(seeds) for name, (_, _, seeds) in TARGETS.items()}
    end, runs = time.monotonic() + options.seconds, 0
    while time.monotonic() < end:
        name = rng.choice(list(TARGETS))
        target, alphabet, seeds = TARGETS[name]
        text = mutate(rng.choice(pools[name]), alphabet, seeds, rng)
        began = time.monotonic()
        try:
            target(text)
        except Exception as error:
            print(f"{name}: {type(error).__name__}: {error}\n  input: {text!r}")
            return 1
        if time.monotonic() - began > 1:
            print(f"{name}: slow, {time.monotonic() - began:.1f} s\n  input: {text!r}")
            return 1
        if len(pools[name]) < 500:
            pools[name].append(text)
        elif rng.random() < 0.05:
            pools[name][rng.randrange(len(seeds), 500)] = text
        runs += 1
    print(f"{runs} inputs, nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
