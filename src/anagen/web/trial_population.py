"""The file of people that is sent with a trial: bounded first, then read by the reader of the command line.

It is stored under a name of ours in a folder of ours. The name it was sent under is only said, and compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from anagen.errors import AnagenError, InputError
from anagen.patient.population import Population

from .job_folders import JobFolders
from .trial_bounds import bounded_csv, bounded_parquet, bounded_toml

BOUNDED = {".toml": bounded_toml, ".csv": bounded_csv, ".parquet": bounded_parquet}

LONGEST_NAME = 100


@dataclass(frozen=True)
class SentPopulation:
    """A file as it was sent: its name without folders, and its bytes.

    >>> sent = SentPopulation.of("C:\\\\data\\\\people.csv", b"sex\\nmale\\n")
    >>> sent.name, sent.population("isotretinoin").columns
    ('people.csv', ('sex',))
    """

    name: str
    content: bytes = field(repr=False)

    @classmethod
    def of(cls, path: str, content: bytes) -> SentPopulation:
        """The file that was sent as `path`; of that only the last part counts.

        Raises:
            InputError: a name that cannot be one, or another kind of file.
        """
        name = path.replace("\\", "/").rpartition("/")[2]
        if not name.isprintable() or len(name) > LONGEST_NAME:
            expected = f"at most {LONGEST_NAME} characters that print"
            raise InputError("the name of the file of people is none", expected=expected)
        if not name.lower().endswith(tuple(BOUNDED)):
            raise InputError(f"'{name}' is no file of people", expected="a name that ends in " + ", ".join(BOUNDED))
        return cls(name, content)

    @property
    def ending(self) -> str:
        return next(ending for ending in BOUNDED if self.name.lower().endswith(ending))

    def population(self, treatment: str) -> Population:
        """The people in it, as `anagen trial` reads them; nothing of it is left on the disk.

        Raises:
            InputError: too large, or what is wrong in it, with row and column.
            PregnancyStop: it says that a person is pregnant.
        """
        folders = JobFolders()
        try:
            return self.population_in(folders.new(), treatment)
        finally:
            folders.close()

    def population_in(self, folder: Path, treatment: str) -> Population:
        """The same, by way of a folder of ours, where the file stays."""
        BOUNDED[self.ending](self.content, self.name)
        path = folder / f"population{self.ending}"
        path.write_bytes(self.content)
        try:
            return replace(Population.read(path, treatment), name=self.name)
        except AnagenError as error:
            message = error.message.replace(path.name, self.name, 1)
            raise type(error)(message, where=error.where, expected=error.expected, nearest=error.nearest) from None
