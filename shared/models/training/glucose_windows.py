"""What the glucose forecast sees: an unbroken hour, and the mean and spread of the day before.

As in Rust's `forecast`.
"""

from collections import defaultdict

import numpy as np

HORIZONS = (30, 60)
# Columns of a row: now, 15, 30, 45 and 60 minutes ago, 5 and 10 minutes ago, mean and spread of 24 hours, what came.
NOW, MEAN, SPREAD = 0, 7, 8
TARGETS = [9, 10]


def unbroken(times, step):
    """For each reading, how many before it are each one step apart, give or take a fifth."""
    runs = np.zeros(len(times), int)
    steps = np.diff(times)
    for place in range(1, len(times)):
        runs[place] = runs[place - 1] + 1 if abs(steps[place - 1] - step) <= step * 0.2 else 0
    return runs


def windows(records, step, wanted):
    """`{person: rows}`, each with what came 30 and 60 minutes later."""
    found = defaultdict(list)
    per_quarter = 900 // step
    hour = 4 * per_quarter
    for (person, _), (times, values) in records.items():
        if not wanted(person):
            continue
        runs = unbroken(times, step)
        sums = np.concatenate([[0], np.cumsum(values)])
        squares = np.concatenate([[0], np.cumsum(values * values)])
        for place in range(hour, len(values) - hour):
            if runs[place + hour] < 2 * hour:
                continue
            begin = np.searchsorted(times, times[place] - 86_400)
            count = place + 1 - begin
            mean = (sums[place + 1] - sums[begin]) / count
            spread = np.sqrt(max(0.0, (squares[place + 1] - squares[begin]) / count - mean * mean))
            quarters = [values[place - ago * per_quarter] for ago in range(5)]
            if step == 300:
                fine = [values[place - 1], values[place - 2]]
            else:
                drop = values[place - 1] - values[place]
                fine = [values[place] + drop / 3, values[place] + drop * 2 / 3]
            later = [values[place + 2 * per_quarter], values[place + hour]]
            found[person].append([*quarters, *fine, mean, spread, *later])
    return {person: np.array(rows) for person, rows in found.items()}


def shape(rows, step):
    now, mean = rows[:, NOW], rows[:, MEAN]
    spread = np.clip(rows[:, SPREAD], 0, 80) / 30 - 1
    slopes = [(rows[:, ago] - rows[:, ago + 1]) / 30 for ago in range(4)]
    away = (now - mean) / 30
    columns = [np.ones(len(rows)), *slopes, away, (mean - 140) / 30, spread]
    columns += [slopes[0] * spread, slopes[1] * spread, away * spread]
    if step == 300:
        columns += [(now - rows[:, 5]) / 30, (rows[:, 5] - rows[:, 6]) / 30]
    return np.column_stack(columns)


# From this SD of a day on, errors are larger than their size foretells where glucose is low.
SWINGS = 40
BANDS = 6


def level_band(rows):
    """Below 90, up to 180, above; then the same of people who swing. Errors differ."""
    now = rows[:, NOW]
    return (now >= 90).astype(int) + (now > 180).astype(int) + 3 * (rows[:, SPREAD] >= SWINGS).astype(int)
