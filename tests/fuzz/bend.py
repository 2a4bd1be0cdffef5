"""Changes of a file in a few places: bytes in, out, doubled, from another seed, or out of any encoding."""

from __future__ import annotations

import random

BYTES = [b"\x00", b"\xff", b"\xc3", b"\r", b"\n", b'"', b",", b";", b"\t", b"{", b"[", b"]", b"}", b"<", b"&", b"'", b":", b"-", b"1", b"e9",
         b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"NaN", b"null", b"true", b"2019-02-31", b"\xef\xbb\xbf"]  # fmt: skip
LIMIT = 200_000


def bend(data: bytes, seeds: list[bytes], rng: random.Random) -> bytes:
    """Return the bytes changed in one to six places, cut to a limit."""
    for _ in range(rng.randint(1, 6)):
        at = rng.randint(0, len(data))
        kind = rng.random()
        if kind < 0.35:
            data = data[:at] + rng.choice(BYTES) + data[at:]
        elif kind < 0.6:
            data = data[:at] + data[at + rng.randint(1, 8) :]
        elif kind < 0.75:
            data = data[:at] + data[at : at + rng.randint(1, 40)] * rng.randint(2, 60) + data[at:]
        elif kind < 0.9:
            other = rng.choice(seeds)
            start = rng.randint(0, len(other))
            data = data[:at] + other[start : start + 200] + data[at:]
        else:
            data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
    return data[:LIMIT]
