"""Who the people of a trial are: a population with distributions, or a table. Numbers and a seed in, people out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from anagen.errors import InputError, nearest

from .covariate_table import Table, read_table
from .covariates import covariates
from .people import People
from .population_file import Declared, read_declared

SUFFIXES = (".toml", ".csv", ".parquet")


@dataclass(frozen=True, eq=False)
class Population:
    """People to draw from. Make one by `named`, `read` or `parse`.

    >>> import numpy as np
    >>> people = Population.named("adults").people(np.arange(3), seed=1)
    >>> people.columns["weight_kg"].shape, people.levels["sex"]
    ((3,), ('female', 'male'))
    """

    name: str
    treatment: str
    text_hash: str
    made_of: Declared | Table

    @staticmethod
    def names() -> tuple[str, ...]:
        """The populations that are shipped.

        >>> "adults" in Population.names()
        True
        """
        folder = resources.files("anagen.patient").joinpath("populations")
        return tuple(
            sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))
        )

    @classmethod
    def named(cls, name: str, treatment: str = "isotretinoin") -> Population:
        """A population that is shipped.

        Raises:
            InputError: there is none of that name; the nearest are offered.
        """
        known = cls.names()
        if name not in known:
            raise InputError(f"unknown population '{name}'", expected=", ".join(known), nearest=nearest(name, known))
        text = resources.files("anagen.patient").joinpath("populations", f"{name}.toml").read_text("utf-8")
        return cls.parse(text, name, treatment)

    @classmethod
    def parse(cls, text: str, name: str = "population", treatment: str = "isotretinoin") -> Population:
        """The population that a TOML text describes.

        >>> text = '[covariates.weight_kg]\\nunit = "kg"\\ndistribution = "constant"\\nvalue = 70'
        >>> Population.parse(text).people(np.arange(2), seed=1).columns["weight_kg"].tolist()
        [70.0, 70.0]

        Raises:
            InputError: what is wrong, in which line, and what was expected.
            PregnancyStop: it declares a covariate `pregnant`.
        """
        return cls(name, treatment, _hash(text.encode()), read_declared(text, name, covariates(treatment)))

    @classmethod
    def read(cls, path: Path | str, treatment: str = "isotretinoin") -> Population:
        """A population from a file: `.toml`, or a table of people in `.csv` or `.parquet`.

        Raises:
            InputError: no such file, another kind of file, or what is wrong in it and where.
            PregnancyStop: it says that a person is pregnant.
        """
        path = Path(path)
        if path.suffix.lower() not in SUFFIXES:
            raise InputError(f"{path.name} is no population", expected="a file that ends in " + ", ".join(SUFFIXES))
        try:
            content = path.read_bytes()
            text = content.decode("utf-8-sig") if path.suffix.lower() == ".toml" else ""
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}", expected="a file that can be read") from None
        except UnicodeDecodeError as error:
            raise InputError(f"{path.name}: byte {error.start} is not UTF-8", expected="text in UTF-8") from None
        if path.suffix.lower() == ".toml":
            return cls.parse(text, path.name, treatment)
        return cls(path.name, treatment, _hash(content), read_table(path, covariates(treatment)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The covariates that these people have."""
        if isinstance(self.made_of, Table):
            return tuple(self.made_of.columns)
        return tuple(column.covariate.name for column in self.made_of.columns)

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the bibliography (or the user's own words) that the file gives, each once."""
        return () if isinstance(self.made_of, Table) else self.made_of.source

    def people(self, numbers: Any, seed: int) -> People:
        """The people with these numbers, always the same ones under the same seed, alone or among others.

        Args:
            numbers: `(n,)` whole numbers from 0.
            seed: from 0 to 2**32 - 1; a table does not use it.

        Raises:
            InputError: the numbers or the seed are none.
        """
        given = np.asarray(numbers)
        whole = given.astype(np.int64) if given.dtype.kind in "iu" or not given.size else None
        if whole is None or whole.ndim != 1 or (whole < 0).any():
            raise InputError("people are asked for by what are no person numbers", expected="whole numbers from 0")
        if not 0 <= seed < 2**32:
            raise InputError(f"seed is {seed!r}", expected=f"a whole number from 0 to {2**32 - 1}")
        if isinstance(self.made_of, Table):
            columns = self.made_of.people(whole)
        else:
            from .covariate_draws import drawn  # loads JAX

            columns = drawn(self.made_of, whole, int(seed))
        known = covariates(self.treatment)
        return People(whole, columns, {name: known[name] for name in columns})

    def to_json(self) -> dict[str, Any]:
        """For provenance and the page: name, hash of the text, sources, and each column in words.

        >>> said = Population.named("adults").to_json()
        >>> said["name"], said["columns"]["height_cm"]["unit"]
        ('adults', 'cm')
        """
        known = covariates(self.treatment)
        if isinstance(self.made_of, Table):
            says: dict[str, tuple[str, tuple[str, ...]]] = {
                name: (f"a table of {self.made_of.rows} people", ()) for name in self.columns
            }
            title = f"A table of {self.made_of.rows} people"
        else:
            says = {column.covariate.name: (str(column), column.source) for column in self.made_of.columns}
            title = self.made_of.title
        return {
            "name": self.name,
            "title": title,
            "text_hash": self.text_hash,
            "sources": list(self.sources),
            "columns": {
                name: {"unit": known[name].unit, "says": words, "sources": list(source) or "not stated"}
                for name, (words, source) in says.items()
            },
        }


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
