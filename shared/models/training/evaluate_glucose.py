"""Measures the glucose forecast on held-out people, from the numbers in `parameters.rs`.

    python evaluate_glucose.py DATA_FOLDER

Root mean square error in mg/dL 30 and 60 minutes ahead beside two baselines, and how often intervals hold.
"""

import re
import sys

import numpy as np

import glucose_data
from fit_glucose import PARAMETERS, scales
from glucose_windows import BANDS, NOW, TARGETS, level_band, shape, windows


def read(name):
    text = PARAMETERS.read_text()
    text = text[text.index(f"const {name}:") :].split("];\n")[0]
    numbers = lambda part: np.array([float(n) for n in re.findall(r"-?\d+\.\d+", part)])
    models = []
    for part in text.split("Fitted {")[1:]:
        change, rest = part.split("width:")
        width, quantiles = rest.split("quantiles:")
        models.append((numbers(change), numbers(width), numbers(quantiles).reshape(BANDS, 4)))
    return models


def rmse(errors):
    return " / ".join(f"{number:.2f}" for number in np.sqrt((errors**2).mean(0)))


def held_in(holds):
    return f"{holds.mean():.3f} (n {len(holds)})" if len(holds) else "nobody"


def measure(title, people, step, models):
    rows = np.concatenate(list(people.values()))
    now, came = rows[:, [NOW]], rows[:, TARGETS]
    x = shape(rows, step)
    told = np.clip(now + np.column_stack([x @ change for change, _, _ in models]), 39, 501)
    straight = now + (now - rows[:, [NOW + 1]]) / 15 * np.array([30, 60])
    print(f"{title}: {len(people)} people, {len(rows)} windows")
    print(f"  ours {rmse(told - came)}; persistence {rmse(now - came)}; straight on {rmse(straight - came)}")
    bands = level_band(rows)
    for column, (minutes, (_, width, quantiles)) in enumerate(zip((30, 60), models)):
        scale = scales(rows, width[:, None])[:, 0]
        error = came[:, column] - told[:, column]
        for share, low, high in ((80, 1, 2), (95, 0, 3)):
            least, most = (quantiles[bands, side] * scale for side in (low, high))
            holds = (error >= least) & (error <= most)
            by_band = [held_in(holds[bands % 3 == band]) for band in range(3)]
            print(
                f"  {minutes} min, {share} %: holds {holds.mean():.3f}, width {np.mean(most - least):.1f}; "
                f"below 90, up to 180, above: {', '.join(by_band)}"
            )


def main(data):
    hall, hall_held = glucose_data.hall(data)
    shanghai, shanghai_held = glucose_data.shanghai(data)
    quick, slow = read("EVERY_5_MINUTES"), read("EVERY_15_MINUTES")
    measure("Hall, held out", windows(hall, 300, lambda person: person in hall_held), 300, quick)
    for kind in ("T1", "T2"):
        held = windows(shanghai, 900, lambda person: person in shanghai_held and person.startswith(kind))
        measure(f"Shanghai {kind}, held out", held, 900, slow)
    measure("Five people, only measured", windows(glucose_data.only_measured(data), 300, lambda _: True), 300, quick)


if __name__ == "__main__":
    main(sys.argv[1])
