#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""replicate.py IN.json OUT.json [--most N]: copies of flip-flops and LUTs that drive more than N loads, in an ECP5 netlist of Yosys.

The open placer copies nothing: a register that hundreds of loads hang on stands somewhere in their middle, and every path through it
pays for the way. Here each such driver becomes as many as it takes, and each copy gets neighbours by name (bits of one register, of one
memory), which the placer can then bring together. Same inputs, same function: nothing but the drawing changes.
Left alone: clock and reset; what a flip-flop drives without logic in between (that wire has the cycle to itself); write controls and
write addresses of memories; clock enables that come from a flip-flop."""
import argparse
import collections
import copy
import json
import sys

FIXED = {'CLK', 'WCK', 'CLKA', 'CLKB', 'LSR', 'RSTA', 'RSTB', 'WRE', 'WAD', 'WEA', 'WEB', 'CEA', 'CEB', 'OCEA', 'OCEB'}
DIRECT = {'DI', 'M', 'CE'}   # ends of a path


def main():
    ap = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    ap.add_argument('source')
    ap.add_argument('result')
    ap.add_argument('--most', type=int, default=40, help='loads of one driver (default: 40)')
    a = ap.parse_args()
    if a.most < 1:
        ap.error('--most takes a whole number from 1')
    try:
        with open(a.source, encoding='utf-8') as f:
            design = json.load(f)
        top = next(m for m in design['modules'].values() if 'top' in m.get('attributes', {}))
    except (OSError, ValueError, KeyError, StopIteration) as e:
        sys.exit(f'replicate.py: error: {a.source}: not a netlist with a top ({e})')
    cells = top['cells']
    loads, driver, last = collections.defaultdict(list), {}, 1
    for name, cell in cells.items():
        for port, bits in cell['connections'].items():
            for i, bit in enumerate(bits):
                if isinstance(bit, int):
                    last = max(last, bit)
                    if cell['port_directions'][port] == 'output':
                        driver[bit] = (name, port)
                    else:
                        loads[bit].append((name, port, i))
    for port in top['ports'].values():
        last = max([last] + [b for b in port['bits'] if isinstance(b, int)])
    count = collections.Counter()
    for bit, all_of in loads.items():
        name, port = driver.get(bit, (None, None))
        kind = cells[name]['type'] if name else ''
        if kind not in ('TRELLIS_FF', 'LUT4'):
            continue
        skip = FIXED | (DIRECT if kind == 'TRELLIS_FF' else set())
        mine = sorted(x for x in all_of if x[1] not in skip)
        parts = -(-len(mine) // a.most)
        # a flip-flop with many loads that are left alone keeps them for itself: they stand where they like
        first = 0 if mine and kind == 'TRELLIS_FF' and len(all_of) - len(mine) > a.most else 1
        if parts <= first:
            continue
        size = -(-len(mine) // parts)
        count[kind] += 1
        for k in range(first, parts):
            last += 1
            twin = copy.deepcopy(cells[name])
            twin['connections'][port] = [last]
            cells[f'{name}$copy{k}'] = twin
            top['netnames'][f'{name}$copy{k}'] = {'hide_name': 1, 'bits': [last], 'attributes': {}}
            count[kind + ' copies'] += 1
            for load, pin, i in mine[k * size:(k + 1) * size]:
                cells[load]['connections'][pin][i] = last
    with open(a.result, 'w', encoding='utf-8') as f:
        json.dump(design, f)
    print('replicate.py: ' + ', '.join(f'{v} {k}' for k, v in sorted(count.items())), file=sys.stderr)


main()
