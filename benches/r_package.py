#!/usr/bin/env python3
"""Seconds a period of the published R package sfcr on the same equations, for comparison.

    R with sfcr 0.2.1 from CRAN;  python3 benches/r_package.py

The package solves by Broyden steps, the faster of its methods here, and does not look at the books.
"""
import pathlib, subprocess, sys, tempfile
from ratios import MODELS, WORD, given, rows

PERIODS = 60
SCRIPT = """suppressMessages(library(sfcr))
equations <- sfcr_set({equations})
params <- sfcr_set({params})
opening <- sfcr_set({opening})
took <- system.time(sfcr_baseline(equations, params, periods = {periods}, initial = opening, method = "Broyden"))
cat(round(took[["elapsed"]] / {periods} * 1e6), "us a period\\n")
"""


def script(model, config):
    equations, params = rows("equations", model), rows("params", model)
    own = [row["variable"] for row in equations]
    start = {**given(model, config, "first_guess"), **given(model, config, "lag1")}

    def word(match):
        name, lag, number, call = match.groups()
        return {"ind": "as.numeric"}.get(name, name) + (f"[-{number}]" if lag else "") + (call or "")

    return SCRIPT.format(
        equations=", ".join(f"{row['variable']} ~ {WORD.sub(word, row['expression'])}" for row in equations),
        params=", ".join(f"{row['name']} ~ {row['value']}" for row in params),
        opening=", ".join(f"{name} ~ {start.get(name, 1)}" for name in own), periods=PERIODS)


def main():
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder, "bench.R")
        for label in sys.argv[1:] or list(MODELS):
            place.write_text(script(*MODELS[label][:2]))
            told = subprocess.run(["Rscript", place], capture_output=True, text=True)
            # A model that the package cannot run ends in its own words.
            print(f"{label}: {told.stdout.strip() or 'no figure: ' + told.stderr.strip().splitlines()[0]}", flush=True)


if __name__ == "__main__":
    main()
