#!/usr/bin/env python3
"""Engine time a period against C generated from the reference equations, in one run.

    python3 benches/ratios.py [MODEL…]

Saldo: `cargo bench -p saldo-engine --bench engine`, one lane, no books kept; ENGINE=PATH takes a
benchmark that is built already. C: the equations of tests/reference/equations.csv; recursive ones
in order, circles by Newton on the torn unknowns with derivatives by differences and dense
elimination; gcc -O2. No books are kept there: Saldo's figure includes rounding, posting and
checking every period. Both sides compute the same: all quantities of period 60 are compared.
"""
import csv, json, os, pathlib, re, statistics, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SALDO = ROOT / "target/release/saldo"
MODELS = {"LP": ("LP1", "balanced", "lp", 2000), "INSOUT": ("INSOUT", "balanced", "insout", 2000),
          "PC": ("PC", "steady", "pc", 2000), "BMW": ("BMW", "published", "bmw", 2000),
          "GROWTH": ("GROWTH", "balanced", "growth", 300), "OPENFLEX": ("OPENFLEX", "balanced", "openflex", 300)}
RUNS, COMPARED = 9, 60
WORD = re.compile(r"([A-Za-z_]\w*)(\[-(\d)\])?(\()?")


def rows(name, model):
    with open(ROOT / "tests/reference" / f"{name}.csv") as file:
        return [row for row in csv.DictReader(file) if row["model"] == model]


def components(needs):
    """Strongly connected components, each after those it needs (Tarjan 1972)."""
    index, low, stack, found = {}, {}, [], []

    def visit(v):
        index[v] = low[v] = len(index)
        stack.append(v)
        for w in needs[v]:
            if w not in index:
                visit(w)
                low[v] = min(low[v], low[w])
            elif w in stack:
                low[v] = min(low[v], index[w])
        if low[v] == index[v]:
            part = []
            while not part or part[-1] != v:
                part.append(stack.pop())
            found.append(part)

    for v in needs:
        if v not in index:
            visit(v)
    return found


def circular(part, needs):
    return len(part) > 1 or part[0] in needs[part[0]]


def tear(part, needs):
    """Takes out the line with most connections until no circle is left."""
    tears = []
    while True:
        rest = {v: [w for w in needs[v] if w in part and w not in tears] for v in part if v not in tears}
        parts = components(rest)
        rings = [p for p in parts if circular(p, rest)]
        if not rings:
            return tears, [p[0] for p in parts]
        for ring in rings:
            degree = lambda v: sum(w in ring for w in rest[v]) * sum(v in rest[u] for u in ring)
            tears.append(max(ring, key=degree))


def given(model, config, kind):
    rows_given = [row for row in rows("init", model) if row["config"] in (config, "*")]
    return {row["variable"]: row["value"] for row in rows_given if row["kind"] == kind}


def c_text(model, config, periods):
    equations = {row["variable"]: row["expression"] for row in rows("equations", model)}
    params = {row["name"]: row["value"] for row in rows("params", model)}
    past, before, guess = (given(model, config, kind) for kind in ("lag1", "lag2", "first_guess"))
    names = list(equations)
    at = {name: i for i, name in enumerate(names)}

    def word(match):
        name, _, lag, call = match.groups()
        if call:
            return f"{name}("
        if name in at:
            return f"{'xlm'[int(match[3] or 0)]}[{at[name]}]"
        return f"p_{name}"

    code = {v: WORD.sub(word, re.sub(r"(?<![.\w])(\d+)(?![.\d\]])", r"\1.0", e)) for v, e in equations.items()}
    needs = {v: [m[0] for m in WORD.findall(e) if m[0] in at and not m[1]] for v, e in equations.items()}
    body, functions = [], []
    for number, part in enumerate(components(needs)):
        if not circular(part, needs):
            body.append(f"x[{at[part[0]]}]={code[part[0]]};")
            continue
        tears, chain = tear(part, needs)
        lines = "".join(f"x[{at[v]}]={code[v]};" for v in chain)
        left = "".join(f"r[{i}]={code[v]}-x[{at[v]}];" for i, v in enumerate(tears))
        functions.append(f"static void f{number}(double*x,const double*l,const double*m,double*r){{{lines}{left}}}\n"
                         f"static const int u{number}[]={{{','.join(str(at[v]) for v in tears)}}};")
        body.append(f"newton(f{number},u{number},{len(tears)},x,l,m);")
    consts = "\n".join(f"static volatile double v_{n}={v};static double p_{n};" for n, v in params.items())
    loads = "".join(f"p_{n}=v_{n};" for n in params)
    put = lambda row, values: "".join(f"{row}[{at[v]}]={value};" for v, value in values.items() if v in at)
    opening = put("x", {**guess, **past}) + put("out[0]", {**guess, **past}) + put("first", before)
    return (f"""#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#define N {len(names)}
#define ind(c) ((c)?1.0:0.0)
static double out[{periods}+1][N];
{consts}
typedef void F(double*,const double*,const double*,double*);
static void newton(F*f,const int*u,int n,double*x,const double*l,const double*m){{
 double r[32],q[32],j[32][33];
 for(int k=0;k<50;k++){{ f(x,l,m,r); double w=0;
  for(int i=0;i<n;i++){{double s=fabs(r[i])/(fabs(x[u[i]])+1e-300);if(s>w)w=s;}}
  if(w<=1e-14)return;
  for(int c=0;c<n;c++){{double k0=x[u[c]],h=fabs(k0)*1e-7+1e-9;x[u[c]]=k0+h;f(x,l,m,q);x[u[c]]=k0;
   for(int i=0;i<n;i++)j[i][c]=(q[i]-r[i])/h;}}
  for(int i=0;i<n;i++)j[i][n]=-r[i];
  for(int c=0;c<n;c++){{int b=c;for(int i=c;i<n;i++)if(fabs(j[i][c])>fabs(j[b][c]))b=i;
   for(int k=0;k<=n;k++){{double t=j[c][k];j[c][k]=j[b][k];j[b][k]=t;}}
   for(int i=0;i<n;i++)if(i!=c){{double g=j[i][c]/j[c][c];for(int k=c;k<=n;k++)j[i][k]-=g*j[c][k];}}}}
  double d=0;for(int i=0;i<n;i++){{double s=j[i][n]/j[i][i];x[u[i]]+=s;s=fabs(s)/(fabs(x[u[i]])+1e-300);if(s>d)d=s;}}
  if(d<1e-15){{f(x,l,m,r);return;}} }} }}
""" + "\n".join(functions) + f"""
int main(void){{ struct timespec a,b; double best=1e9; {loads}
 for(int rep=0;rep<20;rep++){{ double x[N]; for(int i=0;i<N;i++)x[i]=1; double first[N]; for(int i=0;i<N;i++)out[0][i]=first[i]=1; {opening}
  clock_gettime(CLOCK_MONOTONIC,&a);
  for(int t=1;t<={periods};t++){{ const double*l=out[t-1],*m=t>1?out[t-2]:first; {''.join(body)} memcpy(out[t],x,sizeof x); }}
  clock_gettime(CLOCK_MONOTONIC,&b);
  double s=(b.tv_sec-a.tv_sec)+1e-9*(b.tv_nsec-a.tv_nsec); if(s<best)best=s; }}
 printf("%.17g",best/{periods}); for(int i=0;i<N;i++)printf(" %.17g",out[{COMPARED}][i]); }}
"""), names


def compiled(folder, model, config, periods):
    source, binary = folder / f"{model}.c", folder / model
    text, names = c_text(model, config, periods)
    source.write_text(text)
    subprocess.run(["gcc", "-O2", "-o", binary, source, "-lm"], check=True)
    return binary, names


def engine():
    """The benchmark of the engine, built if need be."""
    if "ENGINE" in os.environ:
        return os.environ["ENGINE"]
    command = ["cargo", "bench", "-q", "-p", "saldo-engine", "--bench", "engine", "--no-run", "--message-format=json"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    built = [json.loads(line).get("executable") for line in told.splitlines()]
    return [path for path in built if path][-1]


def time_of(binary, *words):
    """Nanoseconds a draw and period."""
    told = subprocess.run([binary, *words], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return float(told.split()[0])


def at_period(folder, gallery):
    """What Saldo says of the compared period."""
    out = folder / "out.csv"
    subprocess.run([SALDO, "run", ROOT / "models" / gallery, "--out", out], check=True, capture_output=True)
    with open(out) as file:
        return next(row for row in csv.DictReader(file) if row["period"] == str(COMPARED))


def value(row, formula):
    """A sum of columns, as in tests/reference/names.csv."""
    terms = re.findall(r"([+-]?)([^+-]+)", formula)
    return sum((-1 if sign == "-" else 1) * float(row[name]) for sign, name in terms)


def largest_gap(folder, label, other):
    """The largest difference between the two sides, as a share of the model's largest quantity or its own."""
    model, _, gallery, _ = MODELS[label]
    own, gap = at_period(folder, gallery), 0
    whole = max(abs(value) for value in other.values())
    for row in rows("names", model):
        mine, theirs = value(own, row["own"]), other[row["reference"]]
        gap = max(gap, abs(mine - theirs) / (abs(theirs) + 1e-3 * whole))
    return gap


def main():
    wanted, binary = sys.argv[1:] or list(MODELS), engine()
    print(f"model: Saldo ns (least), C ns (least), ratio of these; ratios of {RUNS} pairs: min, median, max; largest gap")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for label in wanted:
            model, config, gallery, periods = MODELS[label]
            yardstick, names = compiled(folder, model, config, periods)
            own, other = [], []
            for _ in range(RUNS):
                own.append(time_of(binary, f"models/{gallery}", str(periods), "1"))
                told = subprocess.run([yardstick], capture_output=True, check=True, text=True).stdout.split()
                other.append(float(told[0]) * 1e9)
            gap = largest_gap(folder, label, dict(zip(names, map(float, told[1:]))))
            pairs = sorted(a / b for a, b in zip(own, other))
            print(f"{label:8} {min(own):8.0f} {min(other):8.0f} {min(own) / min(other):7.1f};"
                  f"{pairs[0]:10.1f} {statistics.median(pairs):8.1f} {pairs[-1]:8.1f};  {gap:.1e}", flush=True)
            if not gap <= 1e-9:
                sys.exit(f"{label}: the two sides compute different things")


if __name__ == "__main__":
    main()
