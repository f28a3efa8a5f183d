"""Reads the glucose series, and says who is held out."""

import csv
import gzip
from collections import defaultdict
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

# Of Hall et al.: held out as their manifest says.
HALL_HELD_OUT = {"1636-69-091", "2133-024", "2133-027"}


def opened(path):
    return gzip.open(path, "rt") if path.suffix == ".gz" else open(path)


def rows(data, name):
    path = Path(data) / "glucose" / name
    with opened(path) as lines:
        yield from csv.DictReader(lines)


def seconds(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())


def series(data, name, key):
    """For each key: times in seconds and mg/dL, oldest first; of readings at one time the last."""
    found = defaultdict(dict)
    for row in rows(data, name):
        if not row["gl"]:
            continue
        found[key(row)][seconds(row["time"])] = float(row["gl"])
    return {
        name: (np.array(sorted(by_time)), np.array([by_time[at] for at in sorted(by_time)]))
        for name, by_time in found.items()
    }


def hall(data):
    """`{(person, record): (times, values)}` and who is held out."""
    found = series(data, "hall19.csv", lambda row: (row["id"], "0"))
    return found, HALL_HELD_OUT


def shanghai(data):
    found = series(data, "shanghai_t1dm_t2dm.csv.gz", lambda row: (row["type"] + row["patient"], row["record"]))
    held_out = {row["type"] + row["patient"] for row in rows(data, "shanghai_split.csv") if row["split"] == "heldout"}
    return found, held_out


def only_measured(data):
    """GPL: only measured, nothing is fitted on it."""
    return series(data, "iglu5.csv", lambda row: (row["id"], "0"))
