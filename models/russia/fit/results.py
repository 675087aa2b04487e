#!/usr/bin/env python3
"""Prints the tables of the model's page as Markdown: the fit period, the rivals, the scenarios.

    python3 fit/results.py --saldo saldo

Runs end in December 1995, but for the claims, which are somebody's figures to 2018 and in no score.
"""
import argparse, csv, json, pathlib, subprocess, tempfile

MODEL = pathlib.Path(__file__).resolve().parent.parent
YEARS = (1990, 1991, 1992, 1993, 1994, 1995)
RIVALS = [("baseline", [])] + [(name, ["--choose", name]) for name in (
    "output_fall=links_hold",
    "output_fall=credit_squeeze",
    "output_fall=state_stays",
    "output_fall=trade_holds",
    "overhang=none",
    "overhang=third",
    "arrears=insolvency",
    "seniority=wages_first",
    "barter=dear_money",
    "barter=losses",
    "freeing=two_tracks",
    "corridor_end=tested",
)]


def run(saldo, words):
    out = pathlib.Path(tempfile.gettempdir()) / "saldo-results.csv"
    command = [saldo, "run", str(MODEL), "--to", "1995-12", "--out", str(out), *words]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    with out.open() as file:
        return {row["period"]: row for row in csv.DictReader(file)}


def mean(rows, name, year):
    return sum(float(rows[f"{year}-{month:02d}"][name]) for month in range(1, 13)) / 12


def end(rows, name, year):
    return float(rows[f"{year}-12"][name])


def index(name):
    return lambda rows, year: f"{100 * mean(rows, name, year) / mean(rows, name, 1990):.0f}"


LINES = [
    ("GDP, 1990 = 100", index("gdp")),
    ("Investment", index("investment")),
    ("Consumption", index("consumption")),
    ("Public purchases", index("public_purchases")),
    ("Industry, value added", index("industry")),
    ("People at work", index("employment")),
    ("Coal", index("made[coal]")),
    ("Consumer prices, December on December, factor", lambda rows, year: f"{end(rows, 'consumer_price', year) / end(rows, 'consumer_price', year - 1):.2f}"),
    ("Wages owed, months", lambda rows, year: f"{end(rows, 'arrears_months', year):.2f}"),
    ("Unmet demand, percent", lambda rows, year: f"{100 * mean(rows, 'shortage', year):.0f}"),
    ("Reserves, billion dollars", lambda rows, year: f"{end(rows, 'central_bank.dollars', year) / 1e6:.0f}"),
    ("New roubles a dollar, end of year", lambda rows, year: f"{end(rows, 'usd', year) / 1e3:.3g}"),
    ("Dollars of people, billion", lambda rows, year: f"{end(rows, 'people.dollars', year) / 1e6:.1f}"),
    ("Taxes paid in goods, percent", lambda rows, year: f"{100 * mean(rows, 'tax_in_goods', year):.0f}"),
    ("Price of coal over cost", lambda rows, year: f"{mean(rows, 'price_to_cost', year):.2f}"),
    ("Coal subsidies, percent of GDP", lambda rows, year: f"{100 * mean(rows, 'subsidy[coal]', year) / mean(rows, 'gdp_value', year):.2f}"),
    ("Coal mines", lambda rows, year: f"{end(rows, 'mines_open', year):.0f}"),
    ("Real wage, opening level = 1", lambda rows, year: f"{mean(rows, 'real_wage', year):.2f}"),
    ("Unemployment, percent", lambda rows, year: f"{100 * mean(rows, 'jobless', year):.0f}"),
]


def baseline(rows):
    print("| | " + " | ".join(map(str, YEARS)) + " |\n|---|" + "--:|" * len(YEARS))
    for title, value in LINES:
        print(f"| {title} | " + " | ".join(value(rows, year) for year in YEARS) + " |")


def others(saldo, title, runs):
    print(f"\n| {title} | GDP 1992-95 | investment 1995 | consumption 1995 | price factor 1992-95 | wages owed 1995 |\n|---|---|--:|--:|---|--:|")
    for name, words in runs:
        rows = run(saldo, words)
        path = lambda value: " / ".join(value(rows, year) for year in YEARS[2:])
        print(f"| {name} | {path(LINES[0][1])} | {LINES[1][1](rows, 1995)} | {LINES[2][1](rows, 1995)} | {path(LINES[7][1])} | {LINES[8][1](rows, 1995)} |")


def claims(saldo):
    """Claims that the whole run is compared with. The only table that reads past 1995: figures of the article, in no score."""
    done = subprocess.run([saldo, "run", str(MODEL), "--json"], capture_output=True, text=True)
    rows = json.loads(done.stdout)["claims"]
    number = lambda value: f"{value:.3g}" if abs(value) < 1e5 else f"{value:,.0f}"
    print("\n| claim | when | claimed | model | |\n|---|---|--:|--:|---|")
    for row in rows:
        if row["model"] is not None:
            print(f"| {row['statement']} | {row['when']} | {number(row['claimed'])} | {number(row['model'])} | {'agrees' if row['agrees'] else 'differs'} |")
    needs = {}
    for row in rows:
        if row["needs"]:
            needs[row["needs"]] = needs.get(row["needs"], 0) + 1
    print("\n| the others need | claims |\n|---|--:|")
    for need, count in sorted(needs.items(), key=lambda pair: -pair[1]):
        print(f"| {need} | {count} |")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--saldo", default="saldo")
    saldo = options.parse_args().saldo
    baseline(run(saldo, []))
    others(saldo, "rival", RIVALS)
    names = sorted(path.stem for path in (MODEL / "scenarios").glob("*.saldo") if path.stem != "other_oil_path")
    others(saldo, "scenario", [("baseline", [])] + [(name, ["--scenario", name]) for name in names])
    claims(saldo)
