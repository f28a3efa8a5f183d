"""Fits the glucose forecast and writes `../../domain/src/glucose/forecast/parameters.rs`.

    python fit_glucose.py DATA_FOLDER

A linear model for each interval of readings, on training people only. Ridge and the width of intervals come from
cross-validation by person. Prints what it measures: see `evaluate_glucose.py` for the held-out people.
"""

import sys
from datetime import date
from pathlib import Path

import numpy as np

import glucose_data
from glucose_windows import BANDS, HORIZONS, NOW, SPREAD, TARGETS, level_band, shape, windows

PARAMETERS = Path(__file__).parents[2] / "domain" / "src" / "glucose" / "forecast" / "parameters.rs"
RIDGES = (1.0, 10.0, 100.0, 1000.0)
FOLDS = 5
# Of each interval: 80 % and 95 %, each side for itself.
QUANTILES = (0.025, 0.1, 0.9, 0.975)


def weights(rows, step):
    """Two sources teach what comes every 5 minutes: those of the one, who swing more, would else outvote the other."""
    if step != 300:
        return np.ones(len(rows))
    return 900 / np.clip(rows[:, SPREAD], 10, 80) ** 2


def solve(x, y, w, ridge):
    penalty = np.eye(x.shape[1]) * ridge
    penalty[0, 0] = 0
    return np.linalg.solve((x * w[:, None]).T @ x + penalty, (x * w[:, None]).T @ y)


def widths(rows):
    """What the size of an error depends on."""
    now, before, spread = rows[:, NOW], rows[:, NOW + 1], np.clip(rows[:, SPREAD], 0, 80)
    return np.column_stack([np.ones(len(rows)), spread / 30, np.abs(now - before) / 30])


def fit_scale(rows, errors):
    x = widths(rows)
    found = []
    for column in range(errors.shape[1]):
        w = 1 / np.clip(rows[:, SPREAD], 10, 80) ** 2
        found.append(solve(x, np.abs(errors[:, column]), w, 0))
    return np.column_stack(found)


def scales(rows, scale):
    return np.maximum(widths(rows) @ scale, 1.0)


def out_of_fold(people, step, ridge):
    """The errors that each training person gets from a fit without them."""
    names = sorted(people)
    rows, errors = [], []
    for fold in range(FOLDS):
        held = names[fold::FOLDS]
        rest = np.concatenate([people[name] for name in names if name not in held])
        found = solve(shape(rest, step), changes(rest), weights(rest, step), ridge)
        for name in held:
            rows.append(people[name])
            errors.append(shape(people[name], step) @ found - changes(people[name]))
    return np.concatenate(rows), np.concatenate(errors)


def changes(rows):
    return rows[:, TARGETS] - rows[:, [NOW]]


def fit(people, step):
    best = None
    for ridge in RIDGES:
        rows, errors = out_of_fold(people, step, ridge)
        score = float(np.sqrt((errors**2 * weights(rows, step)[:, None]).mean()))
        print(f"  ridge {ridge:g}: weighted error {score:.4f}, RMSE {np.sqrt((errors**2).mean(0)).round(2)}")
        if best is None or score < best[0]:
            best = (score, ridge, rows, errors)
    _, ridge, rows, errors = best
    everything = np.concatenate(list(people.values()))
    model = solve(shape(everything, step), changes(everything), weights(everything, step), ridge)
    scale = fit_scale(rows, errors)
    relative = -errors / scales(rows, scale)
    bands = level_band(rows)
    quantiles = np.stack([np.quantile(relative[bands == band], QUANTILES, axis=0) for band in range(BANDS)])
    return {
        "model": model,
        "scale": scale,
        "quantiles": quantiles,
        "ridge": ridge,
        "people": len(people),
        "rows": len(everything),
    }


def rust_row(numbers):
    return "[" + ", ".join(f"{number:.6f}" for number in numbers) + "]"


def rust(name, fitted):
    lines = [
        f"/// {fitted['people']} people, {fitted['rows']} windows, ridge {fitted['ridge']:g}.",
        f"pub(super) const {name}: [Fitted; 2] = [",
    ]
    for column, minutes in enumerate(HORIZONS):
        lines += [
            "    Fitted {",
            f"        minutes: {minutes},",
            f"        change: &{rust_row(fitted['model'][:, column])},",
            f"        width: {rust_row(fitted['scale'][:, column])},",
            "        quantiles: [",
            *[f"            {rust_row(fitted['quantiles'][band][:, column])}," for band in range(BANDS)],
            "        ],",
            "    },",
        ]
    return "\n".join([*lines, "];"])


HEAD = """//! Fitted by `shared/models/training/fit_glucose.py` on {today}; to change it, run that. On training people
//! only, all but the held-out ones of the splits that came with the data:
//!
//! - Hall et al., PLOS Biology 2018, 16(7):e2005143 (Dexcom G4, every 5 minutes), CC BY 4.0;
//! - Zhao et al., Scientific Data 2023, 10:35, "Shanghai T1DM and T2DM" (FreeStyle Libre, every 15 minutes), CC BY 4.0.
//!
//! Numbers fitted on them, not the data, are here. Quantiles are those of errors of people left out, in five folds.

use super::Fitted;

"""


def main(data):
    hall, hall_held = glucose_data.hall(data)
    shanghai, shanghai_held = glucose_data.shanghai(data)
    train_hall = windows(hall, 300, lambda person: person not in hall_held)
    train_shanghai = windows(shanghai, 900, lambda person: person not in shanghai_held)
    print("every 15 minutes:")
    slow = fit(train_shanghai, 900)
    print("every 5 minutes:")
    # Those of Hall have no type 1 diabetes: alone they would teach that glucose hardly moves.
    quick = fit({**train_hall, **train_shanghai}, 300)
    text = HEAD.format(today=date.today().isoformat())
    text += rust("EVERY_15_MINUTES", slow) + "\n\n" + rust("EVERY_5_MINUTES", quick) + "\n"
    PARAMETERS.parent.mkdir(exist_ok=True)
    PARAMETERS.write_text(text)
    print(f"written: {PARAMETERS}; format it with `cargo fmt -p domain`")


if __name__ == "__main__":
    main(sys.argv[1])
