#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sdf_paths.py SDF [--limit NS] [--groups N] [--paths N] [--match REGEX]: slow paths of a placed or routed design.

nextpnr names one worst path; this lists all endpoints slower than the limit, grouped by the register they
come from and the register they go to, and the worst path of each group pin by pin. SDF is what nextpnr writes
with --sdf (worst-case delays, ps). Constants start no path. One clock: set-up only, no hold.
"""
import argparse
import collections
import re
import sys

WIRE = re.compile(r"\(INTERCONNECT (\S+)/(\S+) (\S+)/(\S+) \(\d+:\d+:(\d+)\)")
CELL = re.compile(r"\(IOPATH (\(posedge )?(\w+)\)? (\w+) \(\d+:\d+:(\d+)\)")
SETUP = re.compile(r"\(SETUPHOLD \((\w+) (\w+)\) \(\w+ (\w+)\) \((-?\d+):(-?\d+):(-?\d+)\)")
CLOCKS = ("CLK", "CLKA", "CLKB", "WCK")
LOGIC = re.compile(r"_(?:TRELLIS_FF|LUT4|PFUMX|L6MUX21|CCU2C|D[IO]|Q)(?:_|$)|\$")


def read(name):
    """Edges (pin -> [(pin, ps)]), launch delays, set-up times."""
    edges, launch, setup = collections.defaultdict(list), {}, {}
    inst = ""
    with open(name, encoding="utf-8") as f:
        for line in f:
            if "(INTERCONNECT" in line:
                m = WIRE.search(line.replace("\\", ""))
                if not m[1].startswith("$PACKER_"):
                    edges[f"{m[1]}/{m[2]}"].append((f"{m[3]}/{m[4]}", int(m[5])))
            elif "(INSTANCE" in line:
                inst = line.strip()[10:-1].replace("\\", "")
            elif "(IOPATH" in line:
                m = CELL.search(line)
                out, ps = f"{inst}/{m[3]}", int(m[4])
                if m[2] in CLOCKS:
                    launch[out] = max(launch.get(out, 0), ps)
                else:
                    edges[f"{inst}/{m[2]}"].append((out, ps))
            elif "(SETUPHOLD" in line:
                m = SETUP.search(line)
                setup[f"{inst}/{m[2]}"] = int(m[6])
    return edges, launch, setup


def arrivals(edges, launch):
    """Latest arrival at every pin and the pin before it, in topological order."""
    waits = collections.Counter(b for out in edges.values() for b, _ in out)
    arrival, before = dict(launch), {}
    ready = [n for n in set(edges) | set(launch) if waits[n] == 0]
    for pin in ready:   # grows while it is walked
        now = arrival.setdefault(pin, 0)
        for b, ps in edges.get(pin, ()):
            if now + ps > arrival.get(b, -1):
                arrival[b], before[b] = now + ps, pin
            waits[b] -= 1
            if waits[b] == 0:
                ready.append(b)
    return arrival, before


def trace(before, pin):
    path = [pin]
    while path[-1] in before:
        path.append(before[path[-1]])
    return path[::-1]


def unit(pin):
    """The register or memory a pin belongs to, without the bit."""
    name = LOGIC.split(pin.rsplit("/", 1)[0])[0]
    name = re.sub(r"(u_top\.)+", "", name)
    return re.sub(r"(\.gen_\w+)*\.mem_q.*|\[.*", "", name)


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("sdf")
    ap.add_argument("--limit", type=float, default=1000 / 60, help="ns; default: a period of 60 MHz")
    ap.add_argument("--groups", type=int, default=25)
    ap.add_argument("--paths", type=int, default=0, help="groups of which the worst path is listed")
    ap.add_argument("--match", default="", help="only groups 'from -> to' that match")
    a = ap.parse_args()
    try:
        edges, launch, setup = read(a.sdf)
    except (OSError, TypeError) as e:
        sys.exit(f"sdf_paths.py: {a.sdf}: not an SDF of nextpnr ({e})")
    if not setup:
        sys.exit(f"sdf_paths.py: {a.sdf}: no set-up times in it")
    arrival, before = arrivals(edges, launch)
    ends = sorted(((arrival.get(e, 0) + s, e) for e, s in setup.items()), reverse=True)
    slow = [x for x in ends if x[0] > 1000 * a.limit]
    print(f"worst {ends[0][0] / 1000:.2f} ns = {1e6 / ends[0][0]:.2f} MHz; {len(slow)} of {len(ends)} endpoints above {a.limit:.2f} ns")
    groups = collections.OrderedDict()
    for ps, e in slow:
        groups.setdefault((unit(trace(before, e)[0]), unit(e)), []).append((ps, e))
    rows = [(k, v) for k, v in groups.items() if re.search(a.match, f"{k[0]} -> {k[1]}")]
    print(f"{'ns':>7} {'ends':>5}  from -> to")
    for (start, end), v in rows[: a.groups]:
        print(f"{v[0][0] / 1000:7.2f} {len(v):5d}  {start} -> {end}")
    for (start, end), v in rows[: a.paths]:
        print(f"\n{start} -> {end}\n{'at ns':>7} {'ns':>6} {'loads':>5}  pin")
        last = 0
        for pin in trace(before, v[0][1]):
            print(f"{arrival[pin] / 1000:7.2f} {(arrival[pin] - last) / 1000:6.2f} {len(edges.get(pin, ())):5d}  {pin}")
            last = arrival[pin]


if __name__ == "__main__":
    main()
