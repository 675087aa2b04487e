#!/usr/bin/env python3
"""Moves parameters of the transition inside their prior ranges, on the rows "for fit" and nothing else.

A random hill climb: every trial moves a few parameters, runs the model to December 1995 and keeps the
move when the loss falls. Nothing after 1995 is run or read. Deterministic for a seed.

    python3 fit/search.py --saldo saldo --trials 2000 --seed 1 --out fit/found.txt

Loss: for every series the mean over its rows of m^2 (m = miss in tolerances; beyond 3 it grows only
linearly, so one hopeless row cannot rule), summed over the series.
"""
import argparse, json, os, pathlib, random, re, subprocess

HERE = pathlib.Path(__file__).resolve().parent
MODEL = HERE.parent
PARAM = re.compile(r"^param +(\w+) += +(-?[\d._e]+)(%?) *([^\"]*?) *\"[^\"]*\"(?: ru \"[^\"]*\")? +assumed \"([^\"]*)\"", re.M)
PRIOR = re.compile(r"^prior +(\w+) +~ +uniform\((-?[\d.e]+)[^,]*, *(-?[\d.e]+)", re.M)


def read():
    """Free parameters: those whose assumption says that a search moved them, with their range."""
    text = "\n".join(path.read_text() for path in sorted(MODEL.glob("*.saldo")))
    ranges = {name: (float(low), float(high)) for name, low, high in PRIOR.findall((MODEL / "evidence/priors.saldo").read_text())}
    free = {}
    for name, value, percent, unit, why in PARAM.findall(text):
        if "moved by a search" in why and name in ranges:
            free[name] = (float(value) / (100 if percent else 1), unit, *ranges[name])
    return free


def loss(saldo, free, point):
    sets = [word for name, value in point.items() for word in ("--set", f"{name}={value:.6g} {free[name][1]}".strip())]
    command = [saldo, "run", str(MODEL), "--to", "1995-12", "--json", "--out", os.devnull, *sets]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return float("inf"), {}
    series = {}
    for row in json.loads(done.stdout)["evidence"]:
        if row["for"] == "fit":
            miss = abs(row["model"] - row["observed"]) / (abs(row["observed"]) * row["within"])
            series.setdefault(row["title"], []).append(miss**2 if miss < 3 else 6 * miss - 9)
    means = {title: sum(rows) / len(rows) for title, rows in series.items()}
    return sum(means.values()), means


def search(args):
    free, rng = read(), random.Random(args.seed)
    best = {name: min(max(value, low), high) for name, (value, _, low, high) in free.items()}
    least, _ = loss(args.saldo, free, best)
    first, width, names = least, 0.15, sorted(best)
    for trial in range(args.trials):
        point = dict(best)
        for name in rng.sample(names, rng.choice((1, 1, 2, 3, 5, 8))):
            low, high = free[name][2:]
            point[name] = min(max(point[name] + rng.gauss(0, width) * (high - low), low), high)
        if point["cagan_alpha"] * point["expectation_speed"] > 0.7:
            continue  # expectations would feed on themselves
        now, _ = loss(args.saldo, free, point)
        if now < least:
            least, best, width = now, point, min(0.3, width * 1.2)
        else:
            width = max(0.02, width * 0.985)
        if trial % 50 == 49:
            width = max(width, rng.choice((0.03, 0.08, 0.15)))
            write(args.out, free, best, first, least, trial + 1)
    return loss(args.saldo, free, best)


def write(out, free, best, first, least, trials):
    lines = [f"# loss {first:.2f} before, {least:.2f} after {trials} trials"]
    lines += [f"{name} {free[name][0]:.6g} -> {value:.6g}" for name, value in sorted(best.items())]
    pathlib.Path(out).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--saldo", default="saldo")
    options.add_argument("--trials", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", default=str(HERE / "found.txt"))
    total, parts = search(options.parse_args())
    print(f"loss {total:.2f}")
    for title, part in sorted(parts.items(), key=lambda pair: -pair[1]):
        print(f"  {part:8.2f}  {title}")
