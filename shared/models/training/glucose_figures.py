"""Works out, with numpy and on its own, what `domain::glucose` says of simulated readings.

    cargo run -p domain --example glucose_series > series.csv
    python glucose_figures.py series.csv

Writes `../../domain/fixtures/glucose_figures.json`, which Rust's tests compare with. Written from the definitions, not
from the Rust: episodes by one pass over the minutes of the grid, MAGE by turning points in a list, percentiles by numpy.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from evaluate_glucose import read
from fit_glucose import scales
from glucose_windows import level_band, shape

FIGURES = Path(__file__).parents[2] / "domain" / "fixtures" / "glucose_figures.json"
GAP = 45 * 60
KINDS = {
    "low": (lambda g: g < 70, 15),
    "very_low": (lambda g: g < 54, 15),
    "prolonged_low": (lambda g: g < 70, 125),
    "high": (lambda g: g > 180, 15),
    "very_high": (lambda g: g > 250, 15),
}


def parts(times):
    """Pieces of places that no gap breaks."""
    return np.split(np.arange(len(times)), np.flatnonzero(np.diff(times) > GAP) + 1)


def mage(times, values, sd):
    swings = []
    for part in parts(times):
        # Turning points, of which the pair that differs least is taken out until each differs by more than the SD.
        turns = list(values[part])
        turns = [g for i, g in enumerate(turns) if i == 0 or g != turns[i - 1]]
        turns = [
            g
            for i, g in enumerate(turns)
            if i in (0, len(turns) - 1) or (g - turns[i - 1]) * (turns[i + 1] - g) < 0
        ]
        while len(turns) > 1:
            sizes = np.abs(np.diff(turns))
            least = int(np.argmin(sizes))
            if sizes[least] > sd:
                break
            if 0 < least < len(sizes) - 1:
                del turns[least : least + 2]
            elif least == 0:
                del turns[0]
            else:
                del turns[-1]
        swings += list(np.diff(turns))
    if not swings:
        return None
    return float(np.mean([abs(swing) for swing in swings if (swing > 0) == (swings[0] > 0)]))


def summary(times, values, every):
    mean, sd = values.mean(), values.std(ddof=1)
    percent = lambda which: float(100 * which.mean())
    very_low, low = percent(values < 54), percent((values >= 54) & (values < 70))
    high, very_high = percent((values > 180) & (values <= 250)), percent(values > 250)
    f = 1.509 * (np.log(values) ** 1.084 - 5.381)
    return {
        "count": len(values),
        "expected": round((times[-1] - times[0]) / 60 / every) + 1,
        "mean": mean,
        "sd": sd,
        "cv": 100 * sd / mean,
        "gmi": 3.31 + 0.02392 * mean,
        "ea1c": (46.7 + mean) / 28.7,
        "very_low": very_low,
        "low": low,
        "in_range": percent((values >= 70) & (values <= 180)),
        "high": high,
        "very_high": very_high,
        "gri": min(100.0, 3 * very_low + 2.4 * low + 1.6 * very_high + 0.8 * high),
        "j_index": 0.001 * (mean + sd) ** 2,
        "lbgi": float(np.where(f < 0, 10 * f * f, 0).mean()),
        "hbgi": float(np.where(f > 0, 10 * f * f, 0).mean()),
        "mage": mage(times, values, sd),
    }


def episodes(times, values, every, beyond, least):
    step, found = every * 60, []
    for part in parts(times):
        first, last = times[part[0]], times[part[-1]]
        points = np.arange(-(-first // step) * step, last + 1, step)
        if not len(points):
            continue
        on_grid = np.interp(points, times[part], values[part])
        open_from, run, back = None, 0, 0
        for place, value in enumerate([*on_grid, None]):
            if value is not None and beyond(value):
                run, back = run + 1, 0
                if open_from is None and run * every >= least:
                    open_from = place + 1 - run
                continue
            run, back = 0, back + 1
            if open_from is not None and (value is None or back * every >= 15):
                # What came back for good is none of it, but what was back only when the readings ended is.
                end = place + 1 - back if value is not None else place
                of = on_grid[open_from:end]
                extreme = of.min() if beyond(0) else of.max()
                found.append(
                    {"from": int(points[open_from]), "minutes": len(of) * every, "mean": of.mean(), "extreme": extreme}
                )
                open_from = None
    return found


def profile(times, values):
    bucket = times % 86_400 // 900
    return [
        [int(one) * 15, *np.percentile(values[bucket == one], [5, 25, 50, 75, 95])] for one in np.unique(bucket)
    ]


def forecast(times, values, every, models):
    """None where the last hour is not whole."""
    steps = 60 // every
    if len(times) <= steps or np.any(np.abs(np.diff(times[-steps - 1 :]) - every * 60) > every * 12):
        return None
    day = values[times >= times[-1] - 86_400]
    quarters = [values[-1 - ago * (15 // every)] for ago in range(5)]
    fine = [values[-2], values[-3]]
    row = np.array([[*quarters, *fine, day.mean(), day.std(), 0, 0]])
    ahead = []
    for change, width, quantiles in models:
        expected = float(np.clip(row[0, 0] + (shape(row, every * 60) @ change)[0], 39, 501))
        scale = scales(row, width[:, None])[0, 0]
        least, low, high, most = quantiles[level_band(row)[0]]
        bounds = [float(np.clip(expected + q * scale, 39, 501)) for q in (low, high, least, most)]
        ahead.append([expected, *bounds])
    return ahead


def main(file):
    series = defaultdict(list)
    for row in csv.DictReader(open(file)):
        key = (int(row["seed"]), row["condition"], int(row["days"]), int(row["every"]))
        series[key].append((int(row["time"]), float(row["gl"])))
    samples = []
    for (seed, condition, days, every), rows in series.items():
        times, values = (np.array(column) for column in zip(*rows))
        models = read(f"EVERY_{every}_MINUTES")
        told = [
            {"at": int(times[end - 1]), "ahead": forecast(times[:end], values[:end], every, models)}
            for end in range(7, len(times) + 1, 149 if every == 5 else 97)
        ]
        samples.append(
            {
                "seed": seed,
                "condition": condition,
                "days": days,
                "every": every,
                "summary": summary(times, values, every),
                "episodes": {
                    name: episodes(times, values, every, beyond, least) for name, (beyond, least) in KINDS.items()
                },
                "profile": profile(times, values),
                "forecasts": told,
            }
        )
    FIGURES.write_text(json.dumps({"samples": samples}, default=float) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
