#!/usr/bin/env python3
"""Engine time a period against C generated from the reference equations, in one run.

    cargo build --release && python3 benches/ratios.py

C: equations of tests/reference/equations.csv; recursive ones in order, circles by Newton on the
torn unknowns with derivatives by differences and dense elimination; gcc -O2. No books are kept
there: Saldo's figure includes rounding, posting and checking every period.
"""
import csv, json, pathlib, re, statistics, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SALDO = ROOT / "target/release/saldo"
MODELS = {"LP": ("LP1", "lp", 2000), "INSOUT": ("INSOUT", "insout", 2000), "PC": ("PC", "pc", 2000),
          "BMW": ("BMW", "bmw", 2000), "GROWTH": ("GROWTH", "growth", 500)}
RUNS = 9
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


def c_text(model, periods):
    equations = {row["variable"]: row["expression"] for row in rows("equations", model)}
    params = {row["name"]: row["value"] for row in rows("params", model)}
    init, start = rows("init", model), {}
    for row in init:
        if row["config"] == init[0]["config"]:
            start[row["variable"]] = row["value"]
    names = list(equations)
    at = {name: i for i, name in enumerate(names)}

    def word(match):
        name, _, lag, call = match.groups()
        if call:
            return f"{name}("
        if name in at:
            return f"l[{at[name]}]" if lag else f"x[{at[name]}]"
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
        functions.append(f"static void f{number}(double*x,const double*l,double*r){{{lines}{left}}}\n"
                         f"static const int u{number}[]={{{','.join(str(at[v]) for v in tears)}}};")
        body.append(f"newton(f{number},u{number},{len(tears)},x,l);")
    consts = "\n".join(f"static volatile double v_{n}={v};static double p_{n};" for n, v in params.items())
    loads = "".join(f"p_{n}=v_{n};" for n in params)
    opening = "".join(f"x[{at[v]}]={value};" for v, value in start.items() if v in at)
    return (f"""#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#define N {len(names)}
#define ind(c) ((c)?1.0:0.0)
static double out[{periods}+1][N];
{consts}
typedef void F(double*,const double*,double*);
static void newton(F*f,const int*u,int n,double*x,const double*l){{
 double r[32],q[32],j[32][33];
 for(int k=0;k<50;k++){{ f(x,l,r); double w=0;
  for(int i=0;i<n;i++){{double s=fabs(r[i])/(fabs(x[u[i]])+1e-300);if(s>w)w=s;}}
  if(w<=1e-14)return;
  for(int c=0;c<n;c++){{double k0=x[u[c]],h=fabs(k0)*1e-7+1e-9;x[u[c]]=k0+h;f(x,l,q);x[u[c]]=k0;
   for(int i=0;i<n;i++)j[i][c]=(q[i]-r[i])/h;}}
  for(int i=0;i<n;i++)j[i][n]=-r[i];
  for(int c=0;c<n;c++){{int b=c;for(int i=c;i<n;i++)if(fabs(j[i][c])>fabs(j[b][c]))b=i;
   for(int m=0;m<=n;m++){{double t=j[c][m];j[c][m]=j[b][m];j[b][m]=t;}}
   for(int i=0;i<n;i++)if(i!=c){{double g=j[i][c]/j[c][c];for(int m=c;m<=n;m++)j[i][m]-=g*j[c][m];}}}}
  double d=0;for(int i=0;i<n;i++){{double s=j[i][n]/j[i][i];x[u[i]]+=s;s=fabs(s)/(fabs(x[u[i]])+1e-300);if(s>d)d=s;}}
  if(d<1e-15){{f(x,l,r);return;}} }} }}
""" + "\n".join(functions) + f"""
int main(void){{ struct timespec a,b; double best=1e9; {loads}
 for(int rep=0;rep<20;rep++){{ double x[N]; for(int i=0;i<N;i++)x[i]=1; {opening} memcpy(out[0],x,sizeof x);
  clock_gettime(CLOCK_MONOTONIC,&a);
  for(int t=1;t<={periods};t++){{ const double*l=out[t-1]; {''.join(body)} memcpy(out[t],x,sizeof x); }}
  clock_gettime(CLOCK_MONOTONIC,&b);
  double s=(b.tv_sec-a.tv_sec)+1e-9*(b.tv_nsec-a.tv_nsec); if(s<best)best=s; }}
 double sum=0;for(int i=0;i<N;i++)sum+=out[{periods}][i]; printf("%.17g %.17g\\n",best/{periods},sum); }}
""")


def compiled(folder, model, periods):
    source, binary = folder / f"{model}.c", folder / model
    source.write_text(c_text(model, periods))
    subprocess.run(["gcc", "-O2", "-o", binary, source, "-lm"], check=True)
    return binary


def saldo(folder, gallery, periods):
    text = (ROOT / "models" / gallery / "model.saldo").read_text()
    place = folder / gallery
    place.mkdir(exist_ok=True)
    (place / "model.saldo").write_text(re.sub(r"from 1 to \d+", f"from 1 to {periods}", text, count=1))
    return [SALDO, "run", place, "--json", "--out", folder / "out.csv"]


def main():
    wanted = sys.argv[1:] or list(MODELS)
    print(f"model: Saldo ns (least), C ns (least), ratio of these; ratios of {RUNS} pairs: min, median, max")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for label in wanted:
            model, gallery, periods = MODELS[label]
            binary, command = compiled(folder, model, periods), saldo(folder, gallery, periods)
            own, other = [], []
            for _ in range(RUNS):
                told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
                own.append(told["seconds"]["run"] / told["periods"] * 1e9)
                told = subprocess.run([binary], capture_output=True, check=True, text=True).stdout.split()
                other.append(float(told[0]) * 1e9)
            pairs = sorted(a / b for a, b in zip(own, other))
            print(f"{label:8} {min(own):8.0f} {min(other):8.0f} {min(own) / min(other):7.1f};"
                  f"{pairs[0]:10.1f} {statistics.median(pairs):8.1f} {pairs[-1]:8.1f}", flush=True)


if __name__ == "__main__":
    main()
