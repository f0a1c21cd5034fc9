"""How wide a terminal shows what the program printed."""

import re
import unicodedata

COLUMNS = 80
# Of use only in one piece: to be clicked, or pasted into a shell.
ADDRESS = re.compile(r"https?://\S{40,}|arn:\S{40,}")


def too_wide(text):
    """The lines that do not fit 80 columns, but for those that an address fills."""
    return [line for line in text.splitlines() if columns(line) > COLUMNS and not ADDRESS.search(line)]


def columns(line):
    """Cells of a terminal, on Unicode's East Asian Width."""
    return sum(_cells(letter) for letter in line)


def _cells(letter):
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
