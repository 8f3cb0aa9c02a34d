"""A text file as rows of fields, all of them or none: encoding, separator, remarks, header. Before any meaning."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from anagen.errors import InputError, Where

LARGEST_BYTES = 2_000_000_000
_SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_REMARK = r"^(?:[#@]|C(?:$|[\s,;]))"
"""A line that begins with # or @, or with C alone, is no data, as in NONMEM with IGNORE=#, IGNORE=@ or IGNORE=C."""


@dataclass(frozen=True, eq=False)
class Fields:
    """`header`, names as written; `columns`, texts `(rows,)`; the `line` of each row and its text."""

    header: tuple[str, ...]
    columns: tuple[pl.Series, ...]
    line: npt.NDArray[np.int64]
    lines: pl.Series
    separator: str
    ignored: int


def fields_of(data: bytes, name: str) -> Fields:
    """The fields of a text file.

    Raises:
        InputError: not UTF-8, no header, mixed separators, a line with too many or too few fields, a quote left open.

    >>> fields_of(b"#ID,TIME\\n1, 0\\n@ a remark\\n1, 8\\n", "x.csv").columns[1].to_list()
    ['0', '8']
    """
    text = _text(data, name)
    lines = text.split("\n")
    at = _header_line(lines, name)
    header_text = re.sub(r"^[#@]\s*", "", lines[at].strip())
    separator = _separator(header_text, lines[at], name, at + 1)
    header = tuple(_unquoted(part) for part in _split(header_text, separator))
    series = pl.Series("line", lines)
    blank = series.str.strip_chars() == ""
    marked = series.str.contains(_REMARK)
    later = np.arange(len(lines)) > at
    kept = (~(blank | marked)).to_numpy() & later
    line = np.flatnonzero(kept) + 1
    rows = series.filter(pl.Series(kept))
    return Fields(
        header,
        _columns(rows, header, separator, line, name),
        line,
        rows,
        separator,
        int((marked.to_numpy() & later).sum()),
    )


def _text(data: bytes, name: str) -> str:
    if not data.strip():
        raise InputError(f"{name}: the file is empty", expected="a header line, then one line for each record")
    if len(data) > LARGEST_BYTES:
        raise InputError(f"{name}: {len(data):,} bytes", expected=f"at most {LARGEST_BYTES:,} bytes")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(f"{name}: the text is UTF-16", expected="UTF-8, with or without a byte order mark")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"{name}: line {line}: the byte 0x{data[error.start]:02x} is not UTF-8", expected="a text in UTF-8"
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise InputError(f"{name}: line {line} holds a zero byte: this is no text", expected="a text in UTF-8")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _header_line(lines: list[str], name: str) -> int:
    for index, line in enumerate(lines):
        text = line.strip()
        if not text:
            continue
        words = {word.strip(' "').upper() for word in re.split(r"[,;\t ]+", text.lstrip("#@ "))}
        if text[0] not in "#@" or {"ID", "TIME"} <= words:
            if "ID" in words:
                return index
            raise InputError(
                f"{name}: line {index + 1} should be the header, and there is no column ID in it",
                where=Where(text, 0, len(text)),
                expected="a header line with names of columns, separated by commas, semicolons, tabs or spaces",
                nearest="ID,TIME,AMT,DV,EVID,MDV",
            )
    raise InputError(
        f"{name}: there is no header line",
        expected="a header line, then one line for each record",
        nearest="ID,TIME,AMT",
    )


def _separator(header: str, line: str, name: str, number: int) -> str:
    """The one separator of the header; empty for spaces."""
    found = [mark for mark in _SEPARATORS if mark in header]
    if len(found) > 1:
        raise InputError(
            f"{name}: line {number}: {_SEPARATORS[found[0]]} and {_SEPARATORS[found[1]]} both separate names",
            where=Where(line, line.index(found[1])),
            expected="one separator in the whole file",
        )
    return found[0] if found else ""


def _split(text: str, separator: str) -> list[str]:
    return text.split(separator) if separator else text.split()


def _unquoted(text: str) -> str:
    return text.strip().strip('"').strip()


def _columns(
    rows: pl.Series, header: tuple[str, ...], separator: str, line: npt.NDArray[np.int64], name: str
) -> tuple[pl.Series, ...]:
    if rows.is_empty():
        raise InputError(f"{name}: no records after the header", expected="one line for each record")
    quoted = rows.str.contains('"', literal=True)
    if quoted.any():
        rows = _without_quotes(rows, quoted, separator, line, name)
    if separator:
        split = rows.str.split(separator)
    else:
        split = rows.str.strip_chars().str.replace_all(r"\s+", " ").str.split(" ")
    count = split.list.len().to_numpy()
    wrong = count != len(header)
    if wrong.any():
        row = int(wrong.argmax())
        text = str(rows[row])
        raise InputError(
            f"{name}: row {row + 1} (line {line[row]}) has {count[row]} fields, and the header has {len(header)}",
            where=Where(text, 0, len(text)),
            expected=f"{len(header)} fields, one for each of {', '.join(header)}"
            + _why(text, separator, int(count[row]), len(header)),
        )
    fields = pl.DataFrame({"fields": split}).select(
        pl.col("fields").list.get(i).str.strip_chars().alias(str(i)) for i in range(len(header))
    )
    return tuple(fields.get_columns())


def _why(text: str, separator: str, count: int, wanted: int) -> str:
    if separator == "," and count > wanted and re.search(r"\d,\d", text):
        return "; a comma separates fields, so that decimals need a point, or semicolons between fields and decimal=','"
    if count < wanted and separator:
        return "; an empty field, or one with a dot, for what is missing"
    return ""


def _without_quotes(
    rows: pl.Series, quoted: pl.Series, separator: str, line: npt.NDArray[np.int64], name: str
) -> pl.Series:
    """The rows with the quotes around fields taken off."""
    odd = (rows.str.count_matches('"', literal=True) % 2 == 1).to_numpy()
    mark = re.escape(separator) if separator else r"\s"
    plain = rf'(?:^|{mark})\s*"[^"]*{mark}[^"]*"\s*(?:$|{mark})'
    inside = rows.str.contains(plain).to_numpy()
    for bad, message in ((odd, "a quote is not closed"), (inside, "a separator stands within quotes")):
        if bad.any():
            row = int(bad.argmax())
            text = str(rows[row])
            raise InputError(
                f"{name}: row {row + 1} (line {line[row]}): {message}",
                where=Where(text, text.index('"')),
                expected="numbers and names without quotes",
            )
    return rows.str.replace_all(rf'(^|{mark})\s*"([^"]*)"', "${1}${2}")
