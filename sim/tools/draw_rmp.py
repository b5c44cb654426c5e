#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""draw_rmp.py OUT: rmp-decisions.svg and rmp-states.svg in folder OUT, from the tables of docs/rmp.md.

rmp-decisions: tables 4.3 and 4.4, who does what and which checks are made. rmp-states: the states of table 3.1 and between them the
transitions that happen in tests/vectors/rmp/instructions.txt: a table is kept, each instruction that ended with code 0 moves it.
What is read from the page is compared with the vectors before anything is drawn: the state of every entry in states.txt, the row and
the kind of check of every line in decisions.txt. Any difference, or a table of another shape, is an error with its line, exit code 2."""
import argparse
import collections
import re
import sys

from svg import Drawing, save

RULES = 'docs/rmp.md'
VECTORS = 'tests/vectors/rmp/'


class Bad(Exception):
    """place: text"""


def bad(path, line, text):
    raise Bad(f'{path}:{line}:1: error: {text}')


def table_after(lines, heading, columns):
    """Rows of the first table with that many columns behind the heading: (line number, cells)."""
    rows, inside = [], False
    for n, text in enumerate(lines, 1):
        if text.startswith(heading):
            inside = True
        elif inside and re.match(r'#+ ', text):
            break
        elif inside and text.startswith('|---'):
            continue
        elif inside and text.startswith('|'):
            cells = [c.strip() for c in text.strip()[1:-1].split('|')]
            if len(cells) == columns:
                rows.append((n, cells))
        elif inside and rows:
            break
    if len(rows) < 2:
        bad(RULES, 1, f'no table of {columns} columns behind "{heading}"')
    return rows[1:]   # without its head


# ---- page states ----

FIELDS = ('Assigned', 'Validated', 'ASID', 'Immutable', 'Lock', 'GPA', 'VMSA')
GPA_WANTS = {'-': lambda g: True, 'all 0': lambda g: g == 0,
             'tag 1, low part > 0': lambda g: g >> 36 == 1 and g & (1 << 36) - 1 > 0,
             'tag 2, low part = 1': lambda g: g >> 36 == 2 and g & (1 << 36) - 1 == 1}


def read_states(lines):
    """[(name, code, wanted values by field)] for the states that an entry has."""
    states = []
    for n, cells in table_after(lines, '### 3.1', 9):
        m = re.match(r'([\w-]+) \((\d+)\)$', cells[1])
        if not m:
            bad(RULES, n, f'"{cells[1]}" is not a state and its code')
        if cells[3] == '':
            continue   # Invalid, Default: every other combination, no entry
        want = dict(zip(FIELDS, cells[2:]))
        if want['GPA'] not in GPA_WANTS or any(want[f] not in ('0', '1', '-', '> 0') for f in FIELDS if f != 'GPA'):
            bad(RULES, n, 'a value that this program does not know')
        states.append((m[1], int(m[2]), want))
    return states


def state_of(states, q1):
    has = {'Assigned': q1 & 1, 'Validated': q1 >> 62 & 1, 'ASID': q1 >> 51 & 1023, 'Immutable': q1 >> 2 & 1, 'Lock': q1 >> 63,
           'VMSA': q1 >> 61 & 1}
    for name, _, want in states:
        if GPA_WANTS[want['GPA']](q1 >> 12 & (1 << 39) - 1) and all(
                w == '-' or (w == '> 0' and has[f] > 0) or w == str(has[f]) for f, w in want.items() if f != 'GPA'):
            return name
    return 'Invalid'


def check_states(states):
    seen = 0
    path = VECTORS + 'states.txt'
    with open(path, encoding='utf-8') as f:
        for n, text in enumerate(f, 1):
            m = re.match(r'STATE covered=1 entry=0x([0-9a-f]+):\S+ -> state=(\w+)', text)
            if m:
                seen += 1
                have = state_of(states, int(m[1], 16)).upper().replace('-', '_')
                if have != m[2]:
                    bad(path, n, f'the table of {RULES} says {have}')
    if seen == 0:
        bad(path, 1, 'no state in it')
    return seen


class Table:
    """The reverse map table of one case or sequence of instructions.txt: q1 of every entry that is not 0."""
    ENTRY = re.compile(r'entry\[0x([0-9a-f]+)(?:\.\.0x([0-9a-f]+))?\](\+?)=0x([0-9a-f]+):0x[0-9a-f]+$')

    def __init__(self):
        self.q1 = {}

    def take(self, words):
        for w in words:
            m = self.ENTRY.match(w)
            if m:
                first = int(m[1], 16)
                for i, page in enumerate(range(first, int(m[2] or m[1], 16) + 1, 4096)):
                    self.q1[page] = int(m[4], 16) + (4096 * i if m[3] else 0)

    def auth(self, spa):
        base = self.q1.get(spa >> 21 << 21, 0)
        return base if base & 2 else self.q1.get(spa >> 12 << 12, 0)


def transitions(states):
    """Counter of (instruction, state before, state after) over the instructions that ended with code 0, and FWWRITE."""
    seen = collections.Counter()
    table = Table()
    path = VECTORS + 'instructions.txt'
    with open(path, encoding='utf-8') as f:
        for n, text in enumerate(f, 1):
            words = text.split()
            if not words or words[0].startswith(('#', 'default', 'ACCESS')):
                continue
            if words[0] == 'init':
                table = Table()
                table.take(words)
                continue
            spa = re.search(r' spa=0x([0-9a-f]+)', text)
            if not spa or '->' not in words:
                bad(path, n, 'no instruction with spa= and ->')
            page = int(spa[1], 16)
            before = state_of(states, table.auth(page))
            after = words[words.index('->'):]
            table.take(after)
            if words[0] == 'FWWRITE':
                table.q1[page >> 12 << 12] = int(re.search(r' q1=0x([0-9a-f]+)', text)[1], 16)
            if words[0] == 'FWWRITE' or 'code=0' in after:
                seen[words[0], before, state_of(states, table.auth(page))] += 1
    return seen


COLOUR = {'RMPUPDATE': '#1f5fa8', 'PVALIDATE': '#2a8a3e', 'FWWRITE': '#9a4a00'}
FILL = {'hypervisor': '#eef3fb', 'guest': '#e8f5ea', 'AMD-SP': '#fbf0e4', 'nobody': '#f2f2f2'}
# place of each state: column and row of the left group (free), or of the right one (Immutable)
FREE = {'Hypervisor': (110, 130), 'Reclaim': (110, 330), 'Guest-Invalid': (430, 130), 'Guest-Valid': (430, 330)}
KEPT = {'Firmware': (790, 116), 'Pre-Guest': (790, 206), 'Pre-Swap': (790, 330), 'Context': (990, 116), 'Metadata': (990, 188),
        'Firmware-IOMMU': (990, 260), 'HV-Fixed': (990, 336)}
BOX_W, BOX_H = 150, 62


def owner(want):
    if want['Assigned'] == '0':
        return 'hypervisor'
    if want['ASID'] == '> 0':
        return 'guest'
    return 'AMD-SP' if want['Immutable'] == '1' else 'nobody'


def edge(d, a, b, colour, shift):
    """An arrow from box a to box b (centres), moved sideways by shift."""
    (ax, ay), (bx, by) = a, b
    dx, dy = bx - ax, by - ay
    size = (dx * dx + dy * dy) ** 0.5
    ox, oy = -dy / size * shift, dx / size * shift

    def cut(x, y, sx, sy):   # where the line leaves the box
        t = min((BOX_W / 2 + 4) / abs(sx) if sx else 9e9, (BOX_H / 2 + 4) / abs(sy) if sy else 9e9)
        return (x + sx * t + ox, y + sy * t + oy)
    d.path([cut(ax, ay, dx, dy), cut(bx, by, -dx, -dy)], line=colour, width=2, arrow=True)


def draw_states(states, seen):
    names = {s[0] for s in states}
    if names != set(FREE) | set(KEPT):
        bad(RULES, 1, f'states without a place in the drawing: {sorted(names ^ (set(FREE) | set(KEPT)))}')
    moves = {}
    for (what, a, b), count in seen.items():
        if a != b and what in COLOUR:
            moves.setdefault(what, {})[a, b] = count
        elif a != b:
            bad(VECTORS + 'instructions.txt', 1, f'{what} moves a page from {a} to {b}')
    for (a, b) in list(moves['RMPUPDATE']) + list(moves['PVALIDATE']):
        if a not in FREE:
            bad(VECTORS + 'instructions.txt', 1, f'an instruction takes a page out of {a}')
    d = Drawing(1130, 560, 'Page states of the reverse map table and what moves a page from one to another')
    d.label(20, 28, 'Page states (rmp.md 3.1) and the instructions that move a page (5.3, 5.4)', size=16, bold=True)
    d.rect(20, 50, 500, 360, line='#888', round_=10)
    d.label(32, 70, 'Immutable = 0: instructions may change the entry', size=12, bold=True)
    d.rect(700, 50, 410, 360, line='#888', round_=10, dash='6 4')
    d.label(712, 70, 'Immutable = 1: the AMD-SP alone changes the entry', size=12, bold=True)
    place = {**FREE, **KEPT}
    up = dict(moves['RMPUPDATE'])
    # into these from each of the four: one arrow from the group
    group = [t for t in KEPT if all((a, t) in up for a in FREE)]
    for t in group:
        x, y = place[t]
        d.path([(520, y), (x - BOX_W / 2 - 4, y)], line=COLOUR['RMPUPDATE'], width=2, arrow=True)
        d.label(606, y - 6, 'RMPUPDATE, Immutable 1', size=10, fill=COLOUR['RMPUPDATE'], anchor='middle')
        for a in FREE:
            del up[a, t]
    for (a, b) in sorted(up):
        edge(d, place[a], place[b], COLOUR['RMPUPDATE'], 6)
        if b in KEPT:
            d.label(606, place[b][1] - 12, 'RMPUPDATE, Immutable 1', size=10, fill=COLOUR['RMPUPDATE'], anchor='middle')
    for (a, b) in sorted(moves['PVALIDATE']):
        edge(d, place[a], place[b], COLOUR['PVALIDATE'], 24)
    if any(a in KEPT for a, _ in moves['FWWRITE']):
        d.path([(700, 390), (524, 390)], line=COLOUR['FWWRITE'], width=2, dash='6 4', arrow=True)
        d.label(612, 384, 'AMD-SP, any entry', size=10, fill=COLOUR['FWWRITE'], anchor='middle')
    for name, code, want in states:
        x, y = place[name]
        d.rect(x - BOX_W / 2, y - BOX_H / 2, BOX_W, BOX_H, fill=FILL[owner(want)], line='#333', width=1.2, round_=8)
        d.label(x, y - 11, f'{name} ({code})', size=12, anchor='middle', bold=True)
        d.label(x, y + 5, f'Assigned {want["Assigned"]}  Validated {want["Validated"]}', size=10, anchor='middle')
        more = {'all 0': 'GPA 0', 'tag 1, low part > 0': 'GPA tag 1', 'tag 2, low part = 1': 'GPA tag 2'}.get(want['GPA'], '')
        vmsa = f'VMSA {want["VMSA"]}' if want['VMSA'] != '-' else ''
        d.label(x, y + 20, '  '.join(t for t in (f'ASID {want["ASID"]}', more, vmsa) if t), size=10, anchor='middle')
    y = 440
    for what, text in (('RMPUPDATE', 'RMPUPDATE by the hypervisor: Assigned 0 leads to Hypervisor, ASID 0 to Reclaim, '
                        'an ASID to Guest-Invalid'),
                       ('PVALIDATE', 'PVALIDATE by the guest at VMPL0: sets and clears Validated'),
                       ('FWWRITE', 'stores of the AMD-SP: into and out of every state')):
        d.path([(32, y - 4), (72, y - 4)], line=COLOUR[what], width=2, arrow=True, dash='6 4' if what == 'FWWRITE' else None)
        d.label(82, y, text)
        y += 20
    stays = sorted({w for (w, a, b) in seen if a == b and w not in ('RMPUPDATE', 'PVALIDATE', 'FWWRITE')}
                   - {w for (w, a, b) in seen if a != b})
    d.label(32, y, f'{", ".join(stays)} leave a page in its state. Every other entry is Invalid (0); '
            'a page outside the table is Default (1).')
    x = 32
    for who, fill in FILL.items():
        d.rect(x, y + 12, 14, 14, fill=fill, line='#333')
        d.label(x + 20, y + 23, f'owner: {who}')
        x += 150
    total = sum(c for (w, a, b), c in seen.items() if w in ('RMPUPDATE', 'PVALIDATE'))
    moved = sum(c for (w, a, b), c in seen.items() if w in ('RMPUPDATE', 'PVALIDATE') and a != b)
    d.label(32, y + 46, f'Arrows of instructions: every move in tests/vectors/rmp/instructions.txt ({total} RMPUPDATE and PVALIDATE '
            f'with code 0, {moved} of them move a page).', size=10, fill='#555')
    return d.text()


# ---- decisions ----

OPS = ('READ', 'FETCH', 'WRITE', 'PT_READ', 'PT_AD', 'NPT_READ', 'NPT_AD', 'VMSAVE', 'VMRUN_VMCB', 'HSAVE_WRMSR', 'VMRUN_VMSA 1',
       'VMRUN_VMSA 0', 'VMRUN_AVIC')
WHO = (('HOST', ''), ('GUEST_NONSNP', ''), ('GUEST_SNP', 'ec 0'), ('GUEST_SNP', 'ec 1'), ('AMD_SP', ''), ('IOMMU_HOST', ''),
       ('IOMMU_GUEST', 'TIO 0'), ('IOMMU_GUEST', 'TIO 1, ec 0'), ('IOMMU_GUEST', 'TIO 1, ec 1'), ('IOMMU_SELF', ''))
KIND = {'none': '#dff0df', 'HVO': '#fdeebd', 'private': '#cfe0f7', 'VMSA': '#e2d5f0', 'state': '#f6d9e6', 'fails': '#f2b8b0',
        '': '#f4f4f4'}
WHY = {'none': {'-'}, 'HVO': {'-', 'HVO', 'INUSE'}, 'private': {'-', 'COV', 'GOWN_A', 'GOWN', 'RMAP', 'MUT', 'SIZE', 'VAL', 'VMPL'},
       'VMSA': {'-', 'COV', 'GOWN_A', 'GOWN', 'MUT', 'SIZE', 'VMSA'}, 'state': {'-', 'STATE'}, 'fails': {'STUB'}}


def defaults(lines):
    return {c[0]: c[1] for _, c in table_after(lines, '### 0.3', 3)}


def kind_of(n, checks, op, param):
    """Kind of check under the parameters' defaults."""
    parts = dict(re.findall(r'(PT_AD|PT_READ): ([^.]+)', checks))
    if parts:
        checks = parts[op]
    m = re.match(r'(none; )?HVO if (\w+) = 1(, else none)?$', checks)
    if m:
        return 'HVO' if param[m[2]] == '1' else 'none'
    if checks == 'none':
        return 'none'
    if checks.startswith('private'):
        return 'private'
    if checks == 'always fails':
        return 'fails'
    if checks == 'HVO' or checks.startswith('INUSE (only if HV_INUSE_WR_ALLOWED = 0), HVO'):
        return 'HVO'
    if 'auth.VMSA = 1' in checks:
        return 'VMSA'
    if 'the state (3.1) must be Firmware-IOMMU' in checks:
        return 'state'
    return bad(RULES, n, f'checks this program does not know: {checks}')


def read_decisions(lines):
    """{(req, condition, op): (row, kind, failure)}; no item: the pair always fails."""
    param = defaults(lines)
    cells = {}
    for n, (row, reqs, ops, when, checks, _, failure) in table_after(lines, '### 4.3', 7):
        if row == '-':
            continue
        names = [o.strip() for o in re.split(r'[,;]', ops)] if ops != 'any' else list(OPS)
        for req in [r.strip() for r in reqs.split(',')]:
            for name in names:
                targets = [o for o in OPS if o == name or o.startswith(name + ' ')]
                if 'snp_active = 1' in when or 'snp_active = 0' in when:
                    targets = [f'{name} {when[-1]}']
                if not targets:
                    bad(RULES, n, f'op {name} has no column in the drawing')
                for who, cond in WHO:
                    tio, ec = re.search(r'TIO = (\d)', when), re.search(r'ec = (\d)', when)
                    if who != req or (tio and f'TIO {tio[1]}' not in cond) or (ec and f'ec {ec[1]}' not in cond):
                        continue
                    for op in targets:
                        if (who, cond, op) in cells:
                            bad(RULES, n, f'{who} {op} {cond} is in two rows')
                        cells[who, cond, op] = (row, kind_of(n, checks, op, param), failure)
    return cells


def check_decisions(cells):
    path = VECTORS + 'decisions.txt'
    seen = 0
    with open(path, encoding='utf-8') as f:
        for n, text in enumerate(f, 1):
            if not text.startswith('row='):
                continue
            v = dict(w.split('=', 1) for w in text.split(' -> ')[0].split())
            op = v['op'] + (' ' + v.get('snp_active', '0') if v['op'] == 'VMRUN_VMSA' else '')
            for who, cond in WHO:
                if who == v['req'] and (not cond.startswith('TIO') or f'TIO {v.get("TIO", "0")}' in cond) and (
                        'ec' not in cond or f'ec {v["ec"]}' in cond):
                    break
            else:
                bad(path, n, f'no line of the drawing for {v["req"]}')
            have = cells.get((who, cond, op))
            if have is None or have[0] != v['row']:
                bad(path, n, f'row {v["row"]}, but the table of {RULES} says {have[0] if have else "no row"}')
            other = [k for k in v if k.isupper() and k not in ('TIO', 'NPF_US_ALWAYS', 'PT_VMPL_WRITE', 'HV_INUSE_WR_ALLOWED')]
            if not other and v.get('snp', '1') == '1' and v.get('iommu_snp', '1') == '1' and v['why'] not in WHY[have[1]]:
                bad(path, n, f'the check that fails is {v["why"]}, but the table of {RULES} says {have[1]}')
            seen += 1
    if seen == 0:
        bad(path, 1, 'no decision in it')
    return seen


def draw_decisions(lines, cells, seen):
    left, top, w, h = 160, 118, 74, 34
    width = left + w * len(OPS) + 20
    below = top + h * len(WHO)
    d = Drawing(width, below + 250, 'Decision table of the reverse map table: requester, operation, checks')
    d.label(20, 28, 'Who may do what (rmp.md 4.3): row of the table, checks, how a failure is told', size=16, bold=True)
    d.label(20, 46, 'Default parameters, SNPEn = 1. VMRUN_VMSA 1 and 0: snp_active. An empty field: the pair always fails, '
            'requesters do not send it.', size=11, fill='#555')
    for i, op in enumerate(OPS):
        x = left + i * w + w / 2
        for k, word in enumerate(op.split('_', 1)):
            d.label(x, top - 26 + 13 * k, word + ('_' if k == 0 and '_' in op else ''), size=10, anchor='middle', bold=True)
    for j, (who, cond) in enumerate(WHO):
        y = top + j * h
        d.label(20, y + (14 if cond else 21), who, size=11, bold=True)
        if cond:
            d.label(20, y + 27, cond, size=10, fill='#555')
        for i, op in enumerate(OPS):
            row, kind, failure = cells.get((who, cond, op), ('', '', ''))
            d.rect(left + i * w, y, w, h, fill=KIND[kind], line='#fff', width=2)
            if kind:
                d.label(left + i * w + 6, y + 14, row, size=10, fill='#555')
                d.label(left + (i + 1) * w - 6, y + 14, kind, size=11, anchor='end', bold=True)
                if kind != 'none':
                    short = failure.replace('VMEXIT_INVALID', 'INVALID').replace('4.4', 'below')
                    d.label(left + (i + 1) * w - 6, y + 27, short, size=9, fill='#555', anchor='end')
    text = {'none': 'passes without a look at the table',
            'HVO': 'the page must be the hypervisor\'s: Assigned = 0 (2 MiB: the whole range)',
            'private': 'the page must be the guest\'s: eight steps, below', 'VMSA': 'the guest\'s, changeable, 4 KiB, VMSA = 1',
            'state': 'state Firmware-IOMMU', 'fails': 'never'}
    y = below + 24
    for i, (kind, says) in enumerate(text.items()):
        x = 20 + (i % 2) * 560
        d.rect(x, y - 11, 62, 16, fill=KIND[kind], line='#999')
        d.label(x + 31, y + 1, kind, size=10, anchor='middle', bold=True)
        d.label(x + 70, y + 1, says)
        y += 22 if i % 2 else 0
    d.label(20, y + 22, 'The private check, in this order (4.4)', size=13, bold=True)
    steps = table_after(lines, '### 4.4', 3)
    sw = (width - 40) / (len(steps) + 1)
    for i, (n, (step, check, failure)) in enumerate(steps):
        if check not in WHY['private'] or step != str(i + 1):
            bad(RULES, n, f'step {step} {check} is not one that this program knows')
        x = 20 + i * sw
        d.rect(x, y + 34, sw - 18, 40, fill=KIND['private'], line='#333', round_=6)
        d.label(x + (sw - 18) / 2, y + 51, f'{step}. {check}', size=12, anchor='middle', bold=True)
        d.path([(x + sw - 18, y + 54), (x + sw, y + 54)], line='#333', arrow=True)
        d.path([(x + (sw - 18) / 2, y + 74), (x + (sw - 18) / 2, y + 98)], line='#b03a2e', arrow=True)
        first, _, rest = failure.partition(', ')
        first, _, more = first.partition(' (')
        if ' with ' in first:
            first, _, rest = first.partition(' with ')
        d.label(x + (sw - 18) / 2, y + 112, first, size=11, fill='#b03a2e', anchor='middle', bold=True)
        d.label(x + (sw - 18) / 2, y + 126, (more.rstrip(')') or rest.split(',')[0]), size=9, fill='#b03a2e', anchor='middle')
        what = {'COV': 'in the table', 'GOWN_A': 'Assigned', 'GOWN': 'ASID', 'RMAP': 'GPA', 'MUT': 'not Immutable', 'SIZE': '4 KiB, 2 MiB',
                'VAL': 'Validated', 'VMPL': 'mask of VMPL'}[check]
        d.label(x + (sw - 18) / 2, y + 67, what, size=9, anchor='middle')
    d.rect(20 + len(steps) * sw, y + 34, sw - 18, 40, fill=KIND['none'], line='#333', round_=6)
    d.label(20 + len(steps) * sw + (sw - 18) / 2, y + 58, 'pass', size=12, anchor='middle', bold=True)
    d.label(20, y + 150, f'Row and kind of each field agree with the {seen} decisions of tests/vectors/rmp/decisions.txt.',
            size=10, fill='#555')
    return d.text()


def main():
    ap = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    ap.add_argument('out')
    a = ap.parse_args()
    try:
        with open(RULES, encoding='utf-8') as f:
            lines = f.read().split('\n')
        states = read_states(lines)
        entries = check_states(states)
        moves = transitions(states)
        cells = read_decisions(lines)
        decisions = check_decisions(cells)
        pictures = {'rmp-states.svg': draw_states(states, moves), 'rmp-decisions.svg': draw_decisions(lines, cells, decisions)}
        save(a.out, pictures)
    except Bad as e:
        print(e, file=sys.stderr)
        return 2
    except OSError as e:
        print(f'draw_rmp: error: {e}', file=sys.stderr)
        return 2
    print(f'draw_rmp: {entries} states, {sum(moves.values())} instructions and {decisions} decisions of the vectors agree with {RULES}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
