"""Writes reference.json with the Python reference implementation (PyPI crypt4gh 1.8.6) and ssh-keygen.

python -m venv venv && venv/bin/pip install crypt4gh && venv/bin/python make.py
"""

import base64
import io
import json
import os
import subprocess
import tempfile

from crypt4gh import header, lib, sodium
from crypt4gh.keys import c4gh, get_private_key, get_public_key, kdf

PASSPHRASE = "correct horse 电池"


def plain(size):
    return bytes((i * 31 + (i >> 8) * 7 + (i >> 16) * 13) & 255 for i in range(size))


def b64(data):
    return base64.b64encode(data).decode()


def key_entry(name, secret_path, public_path, passphrase):
    return {
        "name": name,
        "secretFile": open(secret_path).read(),
        "publicFile": open(public_path).read(),
        "passphrase": passphrase,
        "secret": bytes(get_private_key(secret_path, lambda: passphrase)).hex(),
        "public": bytes(get_public_key(public_path)).hex(),
    }


def c4gh_keys(folder):
    for name in ["none", "scrypt", "bcrypt", "pbkdf2_hmac_sha256"]:
        path = os.path.join(folder, name)
        if name != "none":
            c4gh.scrypt_supported = True
            wanted = name.encode()
            original = c4gh.get_kdf, c4gh.derive_key
            c4gh.get_kdf = lambda _, w=wanted: kdf.get_kdf(w)
            c4gh.derive_key = lambda _, p, s, r, w=wanted: kdf.derive_key(w, p, s, r)
        c4gh.generate(path, path + ".pub", None if name == "none" else PASSPHRASE.encode(), b"a comment")
        if name != "none":
            c4gh.get_kdf, c4gh.derive_key = original
            # The name stands in the file as the reference would choose it; put in the one that was used.
            text = open(path).read().split("\n")
            raw = base64.b64decode(text[1])
            rest = raw[7 + 2 + len(b"scrypt"):]
            text[1] = b64(raw[:7] + len(wanted).to_bytes(2, "big") + wanted + rest)
            os.chmod(path, 0o600)
            open(path, "w").write("\n".join(text))
        yield key_entry(name, path, path + ".pub", PASSPHRASE)


def ssh_keys(folder):
    for cipher in ["none", "aes256-ctr", "aes128-ctr", "aes256-cbc"]:
        path = os.path.join(folder, "ssh-" + cipher)
        words = ["-N", ""] if cipher == "none" else ["-N", PASSPHRASE, "-Z", cipher, "-a", "4"]
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-f", path, "-C", "someone@somewhere", *words], check=True)
        yield key_entry("openssh " + cipher, path, path + ".pub", PASSPHRASE)


def containers(keys):
    by_name = {key["name"]: bytes.fromhex(key["secret"]) for key in keys}
    alice, bob = by_name["none"], by_name["openssh none"]
    alice_pk, bob_pk = sodium.derive_pk(alice), sodium.derive_pk(bob)

    def encrypted(size, recipients):
        out = io.BytesIO()
        lib.encrypt([(0, alice, pk) for pk in recipients], io.BytesIO(plain(size)), out)
        return out.getvalue()

    for size in [0, 1, 1000, 65536, 65537]:
        yield {"name": f"{size} bytes", "readers": ["none"], "size": size, "file": b64(encrypted(size, [alice_pk]))}
    both = encrypted(5000, [alice_pk, bob_pk])
    yield {"name": "two readers", "readers": ["none", "openssh none"], "size": 5000, "file": b64(both)}
    out = io.BytesIO()
    lib.reencrypt([(0, alice, None)], [(0, alice, bob_pk)], io.BytesIO(encrypted(3000, [alice_pk])), out, trim=True)
    yield {"name": "re-encrypted", "readers": ["openssh none"], "size": 3000, "file": b64(out.getvalue())}
    out = io.BytesIO()
    lib.rearrange([(0, alice, alice_pk)], io.BytesIO(encrypted(70000, [alice_pk])), out, offset=65530, span=20)
    yield {"name": "rearranged", "readers": ["none"], "slice": [65530, 65550], "size": 70000, "file": b64(out.getvalue())}
    # Two data keys and an edit list.
    first, second = os.urandom(32), os.urandom(32)
    packets = [
        header.make_packet_data_enc(0, first),
        header.make_packet_data_enc(0, second),
        header.make_packet_data_edit_list([10, 20, 65500, 30]),
    ]
    sealed = [enc for packet in packets for enc in header.encrypt(packet, [(0, alice, alice_pk)])]
    data = plain(66000)
    body = bytearray()
    for part, key in [(data[:65536], first), (data[65536:], second)]:
        segment = bytearray(len(part) + 28)
        length = sodium.chacha20poly1305_encrypt(segment, part, key)
        body += segment[:length]
    yield {
        "name": "two data keys, edit list",
        "readers": ["none"],
        "size": 66000,
        "pieces": [[10, 30], [65530, 65560]],
        "file": b64(header.serialize(sealed) + bytes(body)),
    }


with tempfile.TemporaryDirectory() as folder:
    keys = [*c4gh_keys(folder), *ssh_keys(folder)]
    vectors = {"keys": keys, "containers": list(containers(keys))}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.json"), "w") as out:
        json.dump(vectors, out, indent=1, ensure_ascii=False)
        out.write("\n")
