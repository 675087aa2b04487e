#!/usr/bin/env python3
"""Writes a macro model of 284 equations, 120 of which wait for each other, and times it.

    python3 benches/macro.py

82 processes with a memory and a random term, a core in which every line reads its own past, two
other lines of the core and one process, a third of them through a logarithm or a power, and 82
lines that follow. The text is the same every time. ENGINE=PATH takes a benchmark that is built.
"""
import pathlib, tempfile
from ratios import engine, time_of

CORE, SIDE = 120, 82


def weight(*places):
    """A number in -1..1 that looks drawn."""
    mixed = sum((place + 7) * step for place, step in zip(places, (2654435761, 40503, 97)))
    return (mixed * 2654435761 % 2**32) / 2**31 - 1


def core_line(at):
    one, two = (at + 1) % CORE, (at * 7 + 3) % CORE
    far = f"x{two}"
    if at % 3 == 1:
        far = f"log(1 + x{two} ^ 2)"
    elif at % 3 == 2:
        far = f"(1 + x{two} ^ 2) ^ 0.4"
    parts = [f"{2 + weight(at):.6f}", f"0.4 * lag(x{at}, 1 quarter)", f"{0.3 * weight(at, 1):.6f} * x{one}",
             f"{0.25 * weight(at, 2):.6f} * {far}", f"e{at % SIDE}"]
    return f"x{at} = " + " + ".join(parts)


def text(last):
    lines = ["model macro \"A macro model of 284 equations\"", f"time quarterly from 2000Q1 to {last}"]
    lines += [f"e{at} = {0.5 + 0.4 * weight(at, 3):.6f} * lag(e{at}, 1 quarter) + normal(0, 0.01)" for at in range(SIDE)]
    lines += [core_line(at) for at in range(CORE)]
    lines += [f"y{at} = x{at} * exp(0.1 * e{at}) + 0.5 * lag(y{at}, 1 quarter)" for at in range(SIDE)]
    names = [f"e{at} = 0" for at in range(SIDE)] + [f"x{at} = 2" for at in range(CORE)] + [f"y{at} = 4" for at in range(SIDE)]
    return "\n".join(lines + ["start {", *names, "}", ""])


def main():
    binary = engine()
    with tempfile.TemporaryDirectory() as folder:
        for last, quarters, draws in (("2019Q4", 80, 1), ("2005Q4", 24, 1000)):
            (pathlib.Path(folder) / "model.saldo").write_text(text(last))
            each = min(time_of(binary, folder, "as-written", str(draws)) for _ in range(3))
            print(f"{draws} x {quarters} quarters: {each * draws * quarters / 1e6:.2f} ms, {each:.0f} ns a draw and quarter")


if __name__ == "__main__":
    main()
