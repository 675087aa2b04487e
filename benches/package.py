#!/usr/bin/env python3
"""Seconds a period of the published package pysolve3 on the same equations, for comparison.

    python3 -m venv venv && venv/bin/pip install pysolve3==0.1.5 && venv/bin/python benches/package.py
"""
import re, sys, time
from pysolve3.model import Model
from ratios import MODELS, given, rows

PERIODS = 20


def build(model, config):
    built = Model()
    start = {**given(model, config, "first_guess"), **given(model, config, "lag1")}
    equations = rows("equations", model)
    for row in equations:
        built.set_var_default(0)
        built.var(row["variable"], default=float(start.get(row["variable"], 1.0)))
    for row in rows("params", model):
        built.param(row["name"], default=float(row["value"]))
    for row in equations:
        built.add(row["variable"] + " = " + re.sub(r"\[-(\d)\]", r"(-\1)", row["expression"]))
    return built


for label in sys.argv[1:] or list(MODELS):
    model = build(*MODELS[label][:2])
    begin = time.perf_counter()
    for _ in range(PERIODS):
        model.solve(iterations=200, threshold=1e-6)
    print(f"{label}: {(time.perf_counter() - begin) / PERIODS * 1e6:.0f} us a period")
