#!/usr/bin/env python3
"""Writes a model of about LINES lines: many islands, each with its own money and books.

    python3 benches/big_text.py LINES OUT.saldo
"""
import sys

ISLAND = """
sector households_{k} "Households of island {k}"
sector traders_{k}    "Traders of island {k}"
sector makers_{k}     "Makers of island {k}"
sector state_{k}      "Government of island {k}"

instrument cash_{k} [usd] "Money of island {k}" {{
  issued  by state_{k}
  held    by households_{k}
  through traders_{k}, makers_{k}
}}

param alpha1_{k} = 0.{a}          "propensity to consume out of income" assumed "bench"
param alpha2_{k} = 0.4 per year   "propensity to consume out of wealth" assumed "bench"
param theta_{k}  = 20%            "income tax rate" assumed "bench"
param G_{k}      = {g} usd/year   "government purchases" assumed "bench"
param share_{k}  = 0.7            "makers' share of sales" assumed "bench"

output_{k}  = consumption_{k} + purchases_{k}
income_{k}  = wages_{k} + pay_{k} - taxes_{k}
wealth_{k}  = closing households_{k}.net_worth
burden_{k}  = taxes_{k} / (wages_{k} + pay_{k})
thrift_{k}  = (income_{k} - consumption_{k}) / income_{k}
smooth_{k}  = 0.5 * output_{k} + 0.5 * opening output_{k}

flows in cash_{k} {{
  consumption_{k} : households_{k} -> traders_{k}    = alpha1_{k} * income_{k} + alpha2_{k} * opening households_{k}.cash_{k}
  purchases_{k}   : state_{k}      -> traders_{k}    = G_{k}
  stock_{k}       : traders_{k}    -> makers_{k}     = share_{k} * output_{k}
  wages_{k}       : traders_{k}    -> households_{k} until closing traders_{k}.cash_{k} == 0
  pay_{k}         : makers_{k}     -> households_{k} until closing makers_{k}.cash_{k} == 0
  taxes_{k}       : households_{k} -> state_{k}      = theta_{k} * (wages_{k} + pay_{k})
}}

start {{
  households_{k}.cash_{k} = 80 usd
  output_{k} = 100 usd/year
}}
"""


def main():
    lines, out = int(sys.argv[1]), sys.argv[2]
    text = ['model big "Many islands"', "time yearly from 1 to 10", "unit usd : money to 0.01"]
    each = ISLAND.count("\n")
    for k in range(1, max(1, (lines - 3) // each) + 1):
        text.append(ISLAND.format(k=k, a=500 + k % 100, g=10 + k % 17))
    with open(out, "w") as file:
        file.write("\n".join(text))


if __name__ == "__main__":
    main()
