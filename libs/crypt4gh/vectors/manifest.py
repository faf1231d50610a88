"""Writes segment-manifest.json: the format of docs/formats/segment-manifest.md written a second time, from its text alone.

python -m venv venv && venv/bin/pip install cryptography && venv/bin/python manifest.py
"""

import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEGMENT = 65536
NAME = "archive.example.org"
SEED = bytes(range(32))


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def plain(size):
    return bytes((i * 31 + (i >> 8) * 7 + (i >> 16) * 13) & 255 for i in range(size))


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def tree(leaves):
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01", tree(leaves[:k]), tree(leaves[k:]))


def prove(leaves, first, end, low=0):
    """Roots of the largest subtrees outside [first, end), from left to right."""
    high = low + len(leaves)
    if low >= first and high <= end:
        return []
    if high <= first or low >= end:
        return [tree(leaves)]
    k = split(len(leaves))
    return prove(leaves[:k], first, end, low) + prove(leaves[k:], first, end, low + k)


def vector(size):
    data = plain(size)
    segments = [data[i : i + SEGMENT] for i in range(0, size, SEGMENT)]
    leaves = [sha256(b"\x00", segment) for segment in segments]
    text = "\n".join(
        [
            "geneward segment manifest v1",
            f"file GWF{size:07d}",
            f"plain-size {size}",
            f"cipher-size {size + 28 * len(segments)}",
            f"sha256 {hashlib.sha256(data).hexdigest()}",
            f"md5 {hashlib.md5(data).hexdigest()}",
            f"tree {tree(leaves).hex()}",
            "",
        ]
    )
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key_id = sha256(NAME.encode() + b"\n\x01" + public)[:4]
    signature = base64.b64encode(key_id + key.sign(text.encode())).decode()
    n = len(segments)
    ranges = sorted({(a, b) for a, b in [(0, n), (0, 1), (n - 1, n), (1, 3), (2, n - 1)] if 0 <= a < b <= n})
    return {
        "size": size,
        "note": f"{text}\n\u2014 {NAME} {signature}\n",
        "leaves": [leaf.hex() for leaf in leaves],
        "proofs": [{"from": a, "to": b, "proof": [h.hex() for h in prove(leaves, a, b)]} for a, b in ranges],
    }


public = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
sizes = [0, 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT + 5, 5 * SEGMENT, 7 * SEGMENT - 1]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "segment-manifest.json"), "w") as out:
    vectors = {"name": NAME, "seed": SEED.hex(), "public": public.hex(), "files": [vector(size) for size in sizes]}
    json.dump(vectors, out, indent=1, ensure_ascii=False)
    out.write("\n")
