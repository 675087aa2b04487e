"""Writes a model with many members of a set and many rival explanations.

    python3 benches/many_rivals.py MEMBERS CHOICES PATH
"""

import sys


def text(members: int, choices: int) -> str:
    """The model's text."""
    lines = [
        "model many",
        "time yearly from 1 to 10",
        "unit usd : money to 0.01",
        "sector households",
        "sector firms",
        "instrument cash [usd] { issued by firms held by households }",
        "set good { " + ", ".join(f"g{n}" for n in range(members)) + " }",
        'param need[good] = 3 usd/year assumed "a benchmark"',
        "each k in good { cost[k] = need[k] * 2 }",
        "flows in cash { pay : firms -> households = need[g0] }",
        "start empty",
    ]
    for n in range(choices):
        lines.append(f"choice c{n} {{ a{n}, b{n} }}")
        lines.append(f"x{n} = if c{n} == a{n} then 1 else 2")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    members, choices, path = sys.argv[1:]
    with open(path, "w", encoding="utf-8") as file:
        file.write(text(int(members), int(choices)))
