"""The optional passphrase: records sealed with AES-256-GCM under a key of their own, which the passphrase unlocks.

The key of the records is random and stands in the file only sealed under a key made from the passphrase by Argon2id
(RFC 9106; 46 MiB, one pass, one lane: a setting that the OWASP password storage cheat sheet lists). Each record is
bound to its diary and its place in it, so that none can be exchanged, and padded, so that its length says little.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Mapping
from typing import Any

from anagen.errors import InputError

KEY_DERIVATION: Mapping[str, Any] = {"name": "argon2id", "memory_kib": 47_104, "iterations": 1, "lanes": 1}
SHORTEST = 8  # characters
_KEY, _NONCE, _SALT, _PAD = 32, 12, 16, 256  # bytes
_MOST_MEMORY_KIB, _MOST_ITERATIONS, _MOST_LANES = 2**21, 100, 16  # a file that asks for more is not ours


class Seal:
    """Seals and opens the records of one diary.

    >>> about, seal = Seal.made("correct horse", "diary-1")
    >>> Seal.unlocked("correct horse", "diary-1", about).opened(seal.sealed(b"12 hairs", 5), 5)
    b'12 hairs'
    """

    def __init__(self, key: bytes, diary: str) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(key)
        self._diary = diary

    @classmethod
    def made(cls, passphrase: str, diary: str) -> tuple[bytes, Seal]:
        """What must stand in the file, and the seal.

        Raises:
            InputError: a passphrase that is too short.
        """
        if len(passphrase) < SHORTEST:
            raise InputError("the passphrase is too short", expected=f"{SHORTEST} characters or more; words are good")
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key, nonce = AESGCM.generate_key(8 * _KEY), os.urandom(_NONCE)
        derivation = {**KEY_DERIVATION, "salt": os.urandom(_SALT).hex()}
        wrapped = nonce + AESGCM(_derived(passphrase, derivation)).encrypt(nonce, key, f"{diary}:key".encode())
        return json.dumps({"key_derivation": derivation, "key": wrapped.hex()}).encode(), cls(key, diary)

    @classmethod
    def unlocked(cls, passphrase: str, diary: str, about: bytes) -> Seal:
        """The seal of a diary that has one.

        Raises:
            InputError: not its passphrase; nothing else is told.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            table = json.loads(about)
            wrapped = bytes.fromhex(table["key"])
            unlocking = AESGCM(_derived(passphrase, table["key_derivation"]))
            return cls(unlocking.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], f"{diary}:key".encode()), diary)
        except InvalidTag:
            raise InputError(
                "the passphrase does not open this diary", expected="the one it was made with; nothing was changed"
            ) from None
        except (ValueError, KeyError, TypeError):
            raise InputError(
                "the lock of this diary is damaged", expected="a copy of the file from before the damage"
            ) from None

    def sealed(self, body: bytes, place: int) -> bytes:
        """The body of record `place`, sealed."""
        nonce = os.urandom(_NONCE)
        room = -(len(body) + 4) % _PAD
        padded = len(body).to_bytes(4, "big") + body + b"\0" * room
        return nonce + self._cipher.encrypt(nonce, padded, self._bound(place))

    def opened(self, sealed: bytes, place: int) -> bytes:
        """The body of record `place`.

        Raises:
            InputError: it was changed, or moved from another place.
        """
        from cryptography.exceptions import InvalidTag

        try:
            padded = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound(place))
        except (InvalidTag, ValueError):
            raise InputError(
                f"record {place} of the diary is damaged",
                expected="the record as it was written; use a copy of the file",
            ) from None
        return padded[4 : 4 + int.from_bytes(padded[:4], "big")]

    def _bound(self, place: int) -> bytes:
        return f"{self._diary}:{place}".encode()


def _derived(passphrase: str, derivation: Mapping[str, Any]) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    memory, iterations, lanes = (derivation[name] for name in ("memory_kib", "iterations", "lanes"))
    if derivation["name"] != "argon2id" or memory > _MOST_MEMORY_KIB or iterations > _MOST_ITERATIONS:
        raise ValueError("not a key derivation of ours")
    if lanes > _MOST_LANES:
        raise ValueError("not a key derivation of ours")
    salt = bytes.fromhex(derivation["salt"])
    kdf = Argon2id(salt=salt, length=_KEY, iterations=iterations, lanes=lanes, memory_cost=memory)
    return kdf.derive(unicodedata.normalize("NFKC", passphrase).encode(errors="surrogatepass"))
