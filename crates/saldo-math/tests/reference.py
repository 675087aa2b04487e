"""Writes reference.csv: exp, ln, tanh and pow in 1100-bit arithmetic (mpmath).

Columns: function; the bits of x and of y in hexadecimal; the bits of the double nearest to the
result; and how far the exact result lies from that double, in units in its last place.
"""

import math
import random
import struct
from mpmath import mp, mpf

mp.prec = 1100
random.seed(1985)


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def double(b):
    return struct.unpack("<d", struct.pack("<Q", b))[0]


def nearest(value):
    """The double nearest to an exact value, and the rest in units in the last place."""
    if value == 0:
        return 0.0, 0.0
    if abs(value) >= mpf(2) ** 1024 - mpf(2) ** 970:
        return (math.inf if value > 0 else -math.inf), 0.0
    sign, man, exp, count = value._mpf_
    place = max(exp + count - 53, -1074)
    scaled = value / mpf(2) ** place
    whole = int(mp.nint(scaled))
    return math.ldexp(float(whole), place), float(scaled - whole)


rows = []


def add(name, x, y=0.0):
    X, Y = mpf(x), mpf(y)
    if name == "exp":
        exact = mp.exp(X) if x < 800 else mpf(2) ** 2000
        exact = exact if x > -800 else mpf(0)
    elif name == "ln":
        exact = mp.log(X)
    elif name == "tanh":
        exact = mp.tanh(X) if abs(x) < 400 else mpf(1 if x > 0 else -1)
    else:
        size = Y * mp.log(X) if X > 0 else Y * mp.log(-X)
        sign = -1 if x < 0 and y % 2 == 1 else 1
        exact = sign * (mp.exp(size) if -800 < size < 800 else (mpf(2) ** 2000 if size > 0 else mpf(0)))
    value, rest = nearest(exact)
    rows.append(f"{name},{bits(x):x},{bits(y):x},{bits(value):x},{rest:.6f}")


def any_double(low, high):
    """Of any size between two, evenly by exponent."""
    return math.exp(random.uniform(math.log(low), math.log(high)))


for _ in range(500):
    add("exp", random.uniform(-746, 710))
    add("ln", double(random.randrange(1, 0x7FF0000000000000)))
for _ in range(250):
    add("exp", random.choice([-1, 1]) * any_double(1e-300, 1))
    add("exp", random.uniform(-746, -707))
    add("ln", random.uniform(0.5, 2))
    add("ln", 1 + random.choice([-1, 1]) * any_double(2.0**-52, 0.1))
    add("ln", double(random.randrange(1, 0x0010000000000000)))
    add("tanh", random.choice([-1, 1]) * any_double(1e-310, 1))
    add("tanh", random.uniform(-25, 25))
    add("tanh", random.choice([-1, 1]) * random.uniform(0.01, 0.03))
    x = any_double(1e-300, 1e300)
    add("pow", x, random.uniform(-745, 709) / math.log(x))
    add("pow", any_double(1e-8, 1e8), random.uniform(-20, 20))
    add("pow", 1 + random.choice([-1, 1]) * any_double(2.0**-52, 1e-3), random.choice([-1, 1]) * any_double(1, 1e14))
    add("pow", double(random.randrange(1, 0x0010000000000000)), random.uniform(-1, 1))
    add("pow", random.uniform(0.2, 5), random.uniform(-3, 3))
    add("pow", -random.uniform(0.2, 50), float(random.randrange(-60, 60)))
    x = random.uniform(1e-3, 0.9)
    add("pow", x, random.uniform(708, 745.5) / -math.log(x))
    x = random.choice([random.uniform(1.38, 1.43), random.uniform(0.7, 0.72), random.uniform(0.7, 1.42)])
    add("pow", x, random.choice([-1, 1]) * random.uniform(600, 707) / math.log(x))
for x in [0.5, 1.0, 2.0, 10.0, 1e-320, 5e-324, 1e308, 0.1, 3.0]:
    for y in [-3.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 3.0, 1 / 3, 10.0, 1e-300, 1e10, -1e10]:
        add("pow", x, y)
for x in [709.782712893384, 709.7827128933841, 709.79, -745.1332191019411, -745.1332191019412, -745.2, -708.4, 1e-320, -1e-320, 1e300, -1e300]:
    add("exp", x)
for x in [20.0, -20.0, 19.1, 18.9, 1e300, -1e300, 5e-324, 0.02, 0.549, 22.0]:
    add("tanh", x)
for x in [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.9999999999999999, 1.0000000000000002, math.sqrt(2), 0.7071067811865475]:
    add("ln", x)

with open("reference.csv", "w", encoding="utf-8") as out:
    out.write("function,x,y,nearest,rest\n" + "\n".join(rows) + "\n")
