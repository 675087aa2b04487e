#!/usr/bin/env python3
"""Seconds a period of the published package pysolve3 on the same equations, for comparison.

    python3 -m venv venv && venv/bin/pip install pysolve3==0.1.5 && venv/bin/python benches/package.py
"""
import re, sys, time
from pysolve3.model import Model
from ratios import MODELS, WORD, given, rows

PERIODS = 20


def build(model, config):
    built = Model()
    start = {**given(model, config, "first_guess"), **given(model, config, "lag1")}
    equations, params = rows("equations", model), rows("params", model)
    own = {row["variable"] for row in equations} | {row["name"] for row in params}

    def word(match):
        # The package refuses names that sympy knows (`pi`), so every name gets a mark.
        name, lag, number, call = match.groups()
        name = f"v_{name}" if name in own else {"ind": "if_true"}.get(name, name)
        return name + (f"(-{number})" if lag else "") + (call or "")

    built.set_var_default(0)
    for row in equations:
        built.var("v_" + row["variable"], default=float(start.get(row["variable"], 1.0)))
    for row in params:
        built.param("v_" + row["name"], default=float(row["value"]))
    for row in equations:
        built.add(f"v_{row['variable']} = " + WORD.sub(word, row["expression"]))
    return built


for label in sys.argv[1:] or list(MODELS):
    try:
        model = build(*MODELS[label][:2])
        begin = time.perf_counter()
        for _ in range(PERIODS):
            model.solve(iterations=2000, threshold=1e-6)
        print(f"{label}: {(time.perf_counter() - begin) / PERIODS * 1e6:.0f} us a period", flush=True)
    except Exception as problem:
        print(f"{label}: the package says {type(problem).__name__}: {str(problem)[:100]}", flush=True)
