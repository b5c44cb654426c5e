#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""floorplan.py IN.json OUT.json: places for the block RAMs of the AES rounds on an ECP5-85F.

The part has its block RAMs in four rows of 52. A data pipe takes eight for each of its ten rounds; a placer that finds a place
for each of them alone scatters a round over the whole die, and the wires between two rounds become longer than the logic.
Here the rounds stand side by side: a block of four columns in two rows is a round, the write pipe in the upper rows, the read
pipe in the lower ones; the tweak pipe's rounds and what the emission of writes reads stand on the right. Other block RAMs are
the placer's. A netlist with other pipes (more lanes, AES-256) is an error: it needs no floorplan or one of its own."""
import json
import re
import sys

COLUMNS = [4, 6, 8, 10, 13, 15, 17, 19, 22, 24, 26, 28, 31, 33, 35, 37, 40, 42, 44, 46, 49, 51, 53, 55, 58, 60, 62, 64,
           69, 71, 73, 75, 78, 80, 82, 84, 87, 89, 91, 93, 96, 98, 100, 102, 105, 107, 109, 111, 114, 116, 118, 120]
ROWS = [22, 46, 70, 82]
ROM = re.compile(r'u_(?P<pipe>lane|emit|tweak)\..*gen_stage\[(?P<round>\d+)\].*gen_lane\[(?P<lane>\d+)\].*gen_pair\[(?P<byte>\d+)\]')


def site(pipe, rnd, pair):
    """Column and row of a pair of S-boxes: pair 0 to 7 of the round."""
    if pipe == 'tweak' and rnd == 0:
        return 40 + pair % 4, pair // 4
    if pipe == 'tweak':
        return 44 + pair, rnd - 1
    return 36 - 4 * rnd + pair % 4, pair // 4 + (2 if pipe == 'emit' else 0)


# what the emission of writes reads beside its first round: first site of each, and the row
EMIT = re.compile(r'u_emit\.(?:gen_tweak_line\.)?u_(?P<what>tweak|data|old)\..*mem_q\.0\.(?P<part>\d)$')
EMIT_SITE = {'tweak': (40, 2), 'data': (40, 3), 'old': (44, 3)}


def main():
    with open(sys.argv[1], encoding='utf-8') as f:
        design = json.load(f)
    used = {}
    for module in design['modules'].values():
        for name, cell in module['cells'].items():
            if cell['type'] != 'DP16KD':
                continue
            rom, mem = ROM.search(name), EMIT.search(name)
            if rom is not None:
                if rom['lane'] != '0' or int(rom['round']) >= (4 if rom['pipe'] == 'tweak' else 10):
                    sys.exit(f'floorplan.py: error: {name}: not a pipe of the default configuration')
                column, row = site(rom['pipe'], int(rom['round']), int(rom['byte']) // 2)
            elif mem is not None:
                column, row = EMIT_SITE[mem['what']]
                column += int(mem['part'])
            else:
                continue
            x, y = COLUMNS[column], ROWS[row]
            if used.setdefault((x, y), name) != name:
                sys.exit(f'floorplan.py: error: {name} and {used[(x, y)]}: same site')
            cell['attributes']['BEL'] = f'X{x}/Y{y}/EBR{column % 4}'
    with open(sys.argv[2], 'w', encoding='utf-8') as f:
        json.dump(design, f)
    print(f'floorplan.py: {len(used)} block RAMs placed', file=sys.stderr)


main()
