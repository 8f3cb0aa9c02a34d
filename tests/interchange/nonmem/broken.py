"""Broken files, as bytes: by hand, each with what must be said of it; and by mutation of a good one."""

from __future__ import annotations

import random

GOOD = b"""ID,TIME,AMT,DV,EVID,MDV,CMT,II,ADDL,SS,RATE,WT,SEX
1,0,20,.,1,1,1,24,6,0,0,70,male
1,8,.,120,0,0,2,.,.,.,.,70,male
1,24.5,.,90.25,0,0,2,.,.,.,.,70,male
2,0,40,.,1,1,1,12,3,1,0,62,female
2,6,.,300,0,0,2,.,.,.,.,62,female
2,60,.,.,3,1,.,.,.,.,.,62,female
2,61,10,.,4,1,1,.,.,.,.,62,female
"""
H = b"ID,TIME,AMT,DV,EVID,MDV\n"
R = b"1,0,20,.,1,1\n"

# name of the file; bytes; part of what is said
BY_HAND = [
    ("empty.csv", b"", "empty"),
    ("white.csv", b" \n\t\n", "empty"),
    ("bom-alone.csv", b"\xef\xbb\xbf", "no header line"),
    ("header-alone.csv", H, "no records"),
    ("header-without-end.csv", H.strip(), "no records"),
    ("remarks-alone.csv", b"# one\n@ two\n", "no header line"),
    ("remarks-after-header.csv", H + b"# 1,0,20,.,1,1\n", "no records"),
    ("no-header.csv", R, "should be the header"),
    ("words.csv", b"a data set of a study\n1 2 3\n", "should be the header"),
    ("header-twice.csv", H + R + H, "line 3), column ID"),
    ("no-id.csv", b"TIME,AMT\n0,20\n", "no column ID"),
    ("no-time.csv", b"ID,AMT\n1,20\n", "no column TIME"),
    ("id-twice.csv", b"ID,TIME,AMT,ID\n1,0,20,1\n", "the same thing"),
    ("weight-twice.csv", b"ID,TIME,AMT,WT,weight_kg\n1,0,20,70,70\n", "the same thing"),
    ("two-dates.csv", b"ID,DATE,DAT2,TIME,AMT\n1,1/1/2024,2024-1-1,8,20\n", "say the same thing"),
    ("two-sexes.csv", b"ID,TIME,AMT,SEX,MALE\n1,0,20,male,1\n", "say the same thing"),
    ("nameless.csv", b"ID,TIME,,AMT\n1,0,,20\n", "column 3 has no name"),
    ("trailing.csv", b"ID,TIME,AMT,\n1,0,20,\n", "column 4 has no name"),
    ("misspelt.csv", b"ID,TIME,AMT,ADLL\n1,0,20,3\n", "nearest: ADDL"),
    ("unknown.csv", b"ID,TIME,AMT,CENTRE\n1,0,20,3\n", "must not be guessed"),
    ("pipes.csv", b"ID|TIME|AMT\n1|0|20\n", "no column ID"),
    ("mixed.csv", b"ID;TIME,AMT\n1;0,20\n", "both separate names"),
    ("mixed-tab.csv", b"ID\tTIME,AMT\n1\t0,20\n", "both separate names"),
    ("short.csv", H + b"1,0,20,.,1\n", "5 fields, and the header has 6"),
    ("long.csv", H + b"1,0,20,.,1,1,7\n", "7 fields, and the header has 6"),
    ("short-late.csv", H + R * 50 + b"1,0\n", "row 51 (line 52) has 2 fields"),
    ("cut.csv", GOOD[:-12], "fields, and the header"),
    ("cut-in-a-number.csv", H + b"1,0,20,.,1,1\n1,8,.,9", "4 fields"),
    ("other-separator.csv", H + b"1;0;20;.;1;1\n", "1 fields"),
    ("decimal-commas.csv", H + b"1,0,5,.,1,1\n1,1,2,.,9,5,0,0\n", "a comma separates fields"),
    ("semicolons-commas.csv", b"ID;TIME;AMT\n1;0;12,5\n", "decimal=','"),
    ("thousands.csv", b"ID;TIME;AMT\n1;0;1.000,5\n", "is no number"),
    ("quote-open.csv", H + b'1,0,"20,.,1,1\n', "a quote is not closed"),
    ("quote-with-comma.csv", H + b'1,0,"2,0",.,1,1\n', "a separator stands within quotes"),
    ("quote-over-lines.csv", H + b'1,0,"2\n0",.,1,1\n', "a quote is not closed"),
    ("quote-inside.csv", H + b'1,0,2"0",.,1,1\n', "is no number"),
    ("latin1.csv", H + b"1,0,20,\xe9,1,1\n", "line 2: the byte 0xe9 is not UTF-8"),
    ("utf16.csv", H.decode().encode("utf-16"), "UTF-16"),
    ("zeros.csv", H + b"1,0,20,\x00,1,1\n", "zero byte"),
    ("binary.csv", bytes(range(256)), "not UTF-8"),
    ("gzip.csv", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "not UTF-8"),
    ("parquet.csv", b"PAR1\x15\x04\x15\x00\x15\x02PAR1", "line 1"),
    ("html.csv", b"<html><body>ID TIME</body></html>\n", "should be the header"),
    ("json.csv", b'{"ID": [1], "TIME": [0]}\n', "header"),
    ("na.csv", H + b"1,0,20,NA,1,1\n", "a missing value is a dot"),
    ("nan.csv", H + b"1,0,NaN,.,1,1\n", "a missing value is a dot"),
    ("inf.csv", H + b"1,inf,20,.,1,1\n", "is no number"),
    ("huge.csv", H + b"1,1e308,20,.,1,1\n", "too large"),
    ("overflow.csv", H + b"1,1e999,20,.,1,1\n", "too large"),
    ("fortran.csv", H + b"1,0,2D1,.,1,1\n", "is no number"),
    ("hexadecimal.csv", H + b"1,0,0x14,.,1,1\n", "is no number"),
    ("underscore.csv", H + b"1,0,1_000,.,1,1\n", "is no number"),
    ("units.csv", H + b"1,0,20 mg,.,1,1\n", "is no number"),
    ("below-limit.csv", H + b"1,8,.,<LOQ,0,0\n", "is no number"),
    ("other-digits.csv", H + "1,0,٢٠,.,1,1\n".encode(), "is no number"),
    ("minus-sign.csv", H + "1,−1,20,.,1,1\n".encode(), "is no number"),
    ("letter-id.csv", H + b"A1,0,20,.,1,1\n", "column ID: 'A1'"),
    ("centre-id.csv", H + b"C01,0,20,.,1,1\n", "column ID: 'C01'"),
    ("clock-and-hours.csv", b"ID,TIME,AMT\n1,08:00,20\n1,9,20\n", "no clock time, and others"),
    ("clock-25.csv", b"ID,TIME,AMT\n1,25:00,20\n", "no clock time"),
    ("clock-60.csv", b"ID,TIME,AMT\n1,08:60,20\n", "no clock time"),
    ("clock-am.csv", b"ID,TIME,AMT\n1,8:00 AM,20\n", "no clock time"),
    ("date-and-30-hours.csv", b"ID,DATE,TIME,AMT\n1,1/1/2024,30,20\n", "no hour of a day"),
    ("date-2023-02-29.csv", b"ID,DAT2,TIME,AMT\n1,2023-02-29,8,20\n", "is no date"),
    ("date-month-13.csv", b"ID,DATE,TIME,AMT\n1,13/01/2024,8,20\n", "DATE is month first"),
    ("date-two-digits.csv", b"ID,DATE,TIME,AMT\n1,01/02/24,8,20\n", "century"),
    ("date-iso.csv", b"ID,DATE,TIME,AMT\n1,2024-02-01,8,20\n", "call the column DAT2"),
    ("date-mixed-marks.csv", b"ID,DATE,TIME,AMT\n1,01-02/2024,8,20\n", "is no date"),
    ("date-missing.csv", b"ID,DATE,TIME,AMT\n1,.,8,20\n", "column DATE: '.': is missing"),
    ("date-back.csv", b"ID,DAT2,TIME,AMT\n1,2024-02-01,8,20\n1,2024-01-31,9,20\n", "before the record above"),
    ("sex-number.csv", b"ID,TIME,AMT,SEX\n1,0,20,1\n", "differs between tables"),
    ("sex-unknown.csv", b"ID,TIME,AMT,SEX\n1,0,20,mal\n", "nearest: male"),
    ("male-2.csv", b"ID,TIME,AMT,MALE\n1,0,20,2\n", "neither 0 nor 1"),
    ("child.csv", b"ID,TIME,AMT,AGE\n1,0,20,12\n", "adults"),
    ("weight-in-grams.csv", b"ID,TIME,AMT,WT\n1,0,20,70000\n", "out of bounds"),
    ("weight-zero.csv", b"ID,TIME,AMT,WT\n1,0,20,0\n", "out of bounds"),
    ("weight-missing.csv", b"ID,TIME,AMT,WT\n1,0,20,70\n2,0,20,.\n", "missing in every record"),
    ("weight-changes.csv", b"ID,TIME,AMT,WT\n1,0,20,70\n1,24,20,72\n", "how it goes on between records"),
    ("sex-changes.csv", b"ID,TIME,AMT,SEX\n1,0,20,male\n1,24,20,female\n", "only the weight may change"),
    ("severity.csv", b"ID,TIME,AMT,seborrheic_dermatitis\n1,0,20,strong\n", "none of the choices"),
    ("comment-x.csv", b"C,ID,TIME,AMT\nX,1,0,20\n", "a remark nor"),
    ("all-comments.csv", b"ID,TIME,AMT,C\n1,0,20,C\n", "every row is marked C"),
    ("table.xlsx", b"PK\x03\x04", "ending .xlsx"),
    ("table", H + R, "ending (none)"),
    ("table.parquet", b"PAR1 and nothing more PAR1", "cannot be read as Parquet"),
    ("empty.parquet", b"", "cannot be read as Parquet"),
    ("text.parquet", GOOD, "cannot be read as Parquet"),
]  # fmt: skip


def mutated(seed: int) -> bytes:
    """The good file with one to three things done to it, as slips of a hand, of a disk or of a program would."""
    draw = random.Random(seed)
    data = GOOD
    for _ in range(draw.randint(1, 3)):
        lines = data.split(b"\n")
        i = draw.randrange(len(lines))
        fields = lines[i].split(b",")
        j = draw.randrange(len(fields))
        kind = draw.randrange(12)
        if kind == 0:
            at = draw.randrange(len(data) or 1)
            data = data[:at] + bytes([draw.randrange(256)]) + data[at + 1 :]
        elif kind == 1:
            data = data[: draw.randrange(len(data) or 1)]
        elif kind == 2:
            lines[i] = b",".join(fields[:j] + fields[j + 1 :])
        elif kind == 3:
            fields[j] = draw.choice(
                [b"-1", b"1e9", b"NA", b"", b"0.5", b"x", b"1,5", b'"', b"1:30", b"9" * 30, b"-", b"4"]
            )
            lines[i] = b",".join(fields)
        elif kind == 4:
            lines[i : i + 1] = [lines[i], lines[i]]
        elif kind == 5:
            lines.insert(draw.randrange(len(lines)), lines.pop(i))
        elif kind == 6:
            fields.insert(j, fields[j])
            lines[i] = b",".join(fields)
        elif kind == 7:
            lines[i] = lines[i].replace(b",", draw.choice([b";", b"\t", b" ", b",,"]))
        elif kind == 8:
            k = draw.randrange(len(fields))
            fields[j], fields[k] = fields[k], fields[j]
            lines[i] = b",".join(fields)
        elif kind == 9:
            at = draw.randrange(len(data) or 1)
            data = data[:at] + draw.choice([b"\r", b"\n", b"\0", b"#", b'"', b"\xff\xfe", b".", b"-"]) + data[at:]
        elif kind == 10:
            lines[i] = lines[i][::-1]
        else:
            lines[i] = draw.choice([b"#", b"C,", b"@", b" "]) + lines[i]
        if kind not in (0, 1, 9):
            data = b"\n".join(lines)
    return data
