#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""draw_waves.py SPEC: timing diagrams of a run of the bench.

  draw_waves.py SPEC --signals                    names of the signals that the pictures need, one a line (for fst_cycles)
  draw_waves.py SPEC --table T --page P --out D   D/wave-<picture>.svg for each picture, and D/<name of P>: the page P with the lists
                                                  of arrows between "<!-- waves PICTURE -->" and "<!-- end -->" made anew

T is what fst_cycles prints: a line a cycle. A cycle is a column; what is drawn there are the values in it, before its last edge.
SPEC, one line each; a line that begins with "#" is a comment:

  picture NAME | TITLE
  begin ROW N BEFORE        cycle 0 is the N-th cycle of the whole wave in which ROW is active (-1: the last one); BEFORE cycles are
                            drawn in front of it
  cycles N [WIDTH]          columns, and their width in pixels (default 22)
  group TEXT
  row ID | KIND | LABEL | SIGNAL ...
  arrow ROW N -> ROW N | TEXT | PAGE     from the N-th active cycle of a row in the picture to that of another; PAGE of docs/units

KIND: hs VALID READY [DATA:DIGITS]  a handshake: full where both are 1, hollow where valid waits; the low hex digits of the data
      on SIGNAL ... [!SIGNAL ...]   a box where all are 1 (with "!": 0)
      vec SIGNAL N FIRST            the bits 0 .. N-1 of a signal, a thin row each, called ID.FIRST, ID.FIRST+1, ...
A signal that begins with "." is inside cbit_top, any other a pin of cbit_top_flat.
Errors have their line; exit code 2, and nothing is written."""
import argparse
import os
import re
import sys

from svg import Drawing, save

INSIDE = 'TOP.cbit_top_flat.u_top'
LEFT, TOP_Y, ROW_H, THIN_H, GROUP_H = 190, 66, 20, 9, 22
INK, FULL, HOLLOW, ARROW = '#1f3d5c', '#9cc3ea', '#ffffff', '#b03a2e'


class Bad(Exception):
    """place: text"""


class Row:
    """One row of a picture; active(cycle) says whether there is a box, full(cycle) whether it is a full one."""

    def __init__(self, where, ident, kind, label, signals):
        self.where, self.ident, self.kind, self.label = where, ident, kind, label
        self.data, self.digits, self.size, self.first = None, 0, 1, 0
        if kind == 'hs' and len(signals) in (2, 3):
            self.ones = signals[:2]
            if len(signals) == 3:
                m = re.match(r'(.+):(\d)$', signals[2])
                if not m:
                    raise Bad(f'{where}: error: "{signals[2]}" is not DATA:DIGITS')
                self.data, self.digits = m[1], int(m[2])
        elif kind == 'on' and signals:
            self.ones = signals
        elif kind == 'vec' and len(signals) == 3 and signals[1].isdigit() and int(signals[1]) > 0 and signals[2].isdigit():
            self.ones, self.size, self.first = signals[:1], int(signals[1]), int(signals[2])
        else:
            raise Bad(f'{where}: error: row {ident}: kind "{kind}" with {len(signals)} signals')

    @staticmethod
    def full_name(signal):
        signal = signal.lstrip('!')
        return INSIDE + signal if signal.startswith('.') else 'TOP.' + signal

    def names(self):
        return [self.full_name(s) for s in self.ones + ([self.data] if self.data else [])]

    def active(self, table, cycle, bit=0):
        if self.kind == 'vec':
            return bool(table.value(self.full_name(self.ones[0]), cycle) >> bit & 1)
        wanted = self.ones[:1] if self.kind == 'hs' else self.ones
        return all((table.value(self.full_name(s), cycle) != 0) != s.startswith('!') for s in wanted)

    def counts(self, table, cycle, bit=0):
        """For arrows and "begin": of a handshake only the cycle in which it happens."""
        return self.active(table, cycle, bit) and (self.kind != 'hs' or table.value(self.full_name(self.ones[1]), cycle) == 1)


class Table:
    """What fst_cycles printed."""

    def __init__(self, path):
        with open(path, encoding='utf-8') as f:
            lines = f.read().split('\n')
        if not lines[0].startswith('# cycle '):
            raise Bad(f'{path}:1:1: error: not a table of fst_cycles')
        self.path = path
        self.column = {name: i for i, name in enumerate(lines[0].split()[2:])}
        self.first, self.rows = None, []
        for n, text in enumerate(lines[1:], 2):
            cells = text.split()
            if not cells:
                continue
            if self.first is None:
                self.first = int(cells[0])
            if len(cells) != len(self.column) + 1 or int(cells[0]) != self.first + len(self.rows):
                raise Bad(f'{path}:{n}:1: error: not the next cycle')
            self.rows.append([int(c, 16) for c in cells[1:]])

    def value(self, name, cycle):
        if name not in self.column:
            raise Bad(f'{self.path}:1:1: error: no column {name}')
        if not 0 <= cycle - self.first < len(self.rows):
            raise Bad(f'{self.path}:1:1: error: cycle {cycle} is not in the wave')
        return self.rows[cycle - self.first][self.column[name]]

    def cycles(self):
        return range(self.first, self.first + len(self.rows))


class Picture:
    """A picture of SPEC."""

    def __init__(self, where, name, title):
        self.where, self.name, self.title = where, name, title
        self.items, self.rows, self.arrows = [], {}, []
        self.start, self.columns, self.width = None, None, 22

    def row(self, where, ref):
        ident, _, bit = ref.partition('.')
        row = self.rows.get(ident)
        if row is None or (row.kind == 'vec') != (bit != '') or (bit and not (bit.isdigit() and 0 <= int(bit) - row.first < row.size)):
            raise Bad(f'{where}: error: no row "{ref}"')
        return row, int(bit) - row.first if bit else 0

    def find(self, where, table, ref, nth, span):
        row, bit = self.row(where, ref)
        for cycle in span if nth > 0 else reversed(span):
            if row.counts(table, cycle, bit):
                nth -= 1 if nth > 0 else -1
                if nth == 0:
                    return cycle
        raise Bad(f'{where}: error: row "{ref}" is not active so often')


def read_spec(path):
    pictures = []
    with open(path, encoding='utf-8') as f:
        for n, text in enumerate(f, 1):
            where = f'{path}:{n}:1'
            text = text.strip()
            if not text or text.startswith('#'):
                continue
            word, _, rest = text.partition(' ')
            parts = [p.strip() for p in rest.split('|')]
            if word == 'picture' and len(parts) == 2:
                pictures.append(Picture(where, *parts))
                continue
            if not pictures:
                raise Bad(f'{where}: error: no picture is begun')
            p = pictures[-1]
            if word == 'begin' and re.match(r'\S+ -?[1-9]\d* \d+$', rest):
                p.start = (where, rest.split()[0], int(rest.split()[1]), int(rest.split()[2]))
            elif word == 'cycles' and re.match(r'[1-9]\d*( [1-9]\d*)?$', rest):
                numbers = [int(x) for x in rest.split()]
                p.columns, p.width = numbers[0], (numbers + [22])[1]
            elif word == 'group' and len(parts) == 1:
                p.items.append(parts[0])
            elif word == 'row' and len(parts) == 4:
                p.rows[parts[0]] = Row(where, parts[0], parts[1], parts[2], parts[3].split())
                p.items.append(p.rows[parts[0]])
            elif word == 'arrow' and len(parts) == 3 and re.match(r'\S+ [1-9]\d* -> \S+ [1-9]\d*$', parts[0]):
                a, an, _, b, bn = parts[0].split()
                p.arrows.append((where, a, int(an), b, int(bn), parts[1], parts[2]))
            else:
                raise Bad(f'{where}: error: not a line this program knows: {text}')
    for p in pictures:
        if p.start is None or p.columns is None or not p.rows:
            raise Bad(f'{p.where}: error: picture {p.name} has no begin, no cycles or no row')
    return pictures


def free_place(way, taken):
    """A point of the curve for a disc, near its middle, that covers none of the discs before."""
    best = None
    for t in (0.5, 0.35, 0.65, 0.2, 0.8):
        u = 1 - t
        x, y = (sum(c * q[k] for c, q in zip((u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t), way)) for k in (0, 1))
        room = min(((x - a) ** 2 + (y - b) ** 2 for a, b in taken), default=1e9)
        if room >= 17 * 17:
            return x, y
        if best is None or room > best[0]:
            best = (room, x, y)
    return best[1:]


def draw(p, table):
    """SVG text, and the list of arrows as Markdown."""
    where, ref, nth, before = p.start
    zero = p.find(where, table, ref, nth, table.cycles())
    span = range(zero - before, zero - before + p.columns)
    top, middle = TOP_Y, {}
    for item in p.items:
        if isinstance(item, str):
            top += GROUP_H
            continue
        height = ROW_H if item.kind != 'vec' else THIN_H * item.size + 6
        for bit in range(item.size):
            middle[item.ident, bit] = top + (ROW_H / 2 if item.kind != 'vec' else THIN_H * bit + THIN_H / 2 + 2)
        top += height
    bottom = top
    d = Drawing(max(LEFT + p.columns * p.width + 16, 760), bottom + 26 + 18 * len(p.arrows) + 10, p.title)

    def left(cycle):
        return LEFT + (cycle - span[0]) * p.width

    d.label(16, 26, p.title, size=15, bold=True)
    d.label(16, 56, 'cycle', size=11, fill='#555')
    for cycle in span:
        number = cycle - zero
        if number % 5 == 0:
            d.rect(left(cycle), TOP_Y - 4, p.width, bottom - TOP_Y + 8, fill='#f3f5f8')
        if p.width >= 20 or number % 5 == 0:
            d.label(left(cycle) + p.width / 2, 56, str(number), size=9, fill='#555', anchor='middle', mono=True)
    top = TOP_Y
    for item in p.items:
        if isinstance(item, str):
            d.label(16, top + 16, item, size=11, fill='#555', bold=True)
            top += GROUP_H
            continue
        if item.kind != 'vec':
            d.label(24, top + 14, item.label, size=11, mono=True)
        else:
            d.label(24, top + THIN_H * item.size / 2 + 4, item.label, size=11, mono=True)
        for bit in range(item.size):
            y = middle[item.ident, bit]
            if item.kind == 'vec':
                d.label(LEFT - 6, y + 3, str(bit + item.first), size=8, fill='#777', anchor='end', mono=True)
            d.path([(LEFT, y), (LEFT + p.columns * p.width, y)], line='#c9d2dc', width=1)
            for cycle in span:
                if not item.active(table, cycle, bit):
                    continue
                half = 8 if item.kind != 'vec' else 3.5
                d.rect(left(cycle) + 1, y - half, p.width - 2, 2 * half, fill=FULL if item.counts(table, cycle, bit) else HOLLOW,
                       line=INK, round_=2)
                if item.data and item.counts(table, cycle, bit):
                    value = table.value(Row.full_name(item.data), cycle) & (1 << 4 * item.digits) - 1
                    d.label(left(cycle) + p.width / 2, y + 3.5, f'{value:0{item.digits}x}', size=9, anchor='middle', mono=True)
        top += ROW_H if item.kind != 'vec' else THIN_H * item.size + 6
    rows, discs = [], []
    for i, (where, a, an, b, bn, text, page) in enumerate(p.arrows, 1):
        ca, cb = p.find(where, table, a, an, span), p.find(where, table, b, bn, span)
        (ra, ba), (rb, bb) = p.row(where, a), p.row(where, b)
        ya, yb = middle[ra.ident, ba], middle[rb.ident, bb]
        xa, xb = left(ca) + p.width / 2, left(cb) + p.width / 2
        bend = 7 if yb >= ya else -7
        way = [(xa, ya + bend), (xa, ya + (yb - ya) * 0.6), (xb, yb - (yb - ya) * 0.6), (xb, yb - bend)]
        d.path(way, line=ARROW, width=1.4, arrow=True, curve=True)
        discs.append(free_place(way, discs))
        d.dot(*discs[-1], str(i), ARROW)
        y = bottom + 26 + 18 * (i - 1)
        d.dot(26, y - 4, str(i), ARROW)
        when = f'cycle {ca - zero}' + (f' to {cb - zero}' if cb != ca else '')
        d.label(42, y, f'{when}: {text}')
        d.label(d.width - 16, y, f'units/{page}.md', size=10, fill='#555', anchor='end', mono=True)
        rows.append(f'| {i} | {ca - zero}' + (f' to {cb - zero}' if cb != ca else '') + f' | {text} | [{page}](units/{page}.md) |')
    return d.text(), '\n'.join(['| arrow | cycle | what happens | page |', '|---|---|---|---|'] + rows)


def fill_page(path, lists):
    with open(path, encoding='utf-8') as f:
        text = f.read()
    for name, rows in lists.items():
        part = re.compile(rf'(<!-- waves {re.escape(name)} -->\n).*?(<!-- end -->)', re.S)
        if len(part.findall(text)) != 1:
            raise Bad(f'{path}:1:1: error: not one place for the arrows of picture {name}')
        text = part.sub(lambda m, rows=rows: m[1] + rows + '\n' + m[2], text)
    return text


def main():
    ap = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    ap.add_argument('spec')
    ap.add_argument('--signals', action='store_true')
    ap.add_argument('--table')
    ap.add_argument('--page')
    ap.add_argument('--out')
    a = ap.parse_args()
    if not a.signals and not (a.table and a.page and a.out):
        ap.error('--signals, or --table, --page and --out')
    try:
        pictures = read_spec(a.spec)
        for p in pictures:   # every page that an arrow names is there
            for where, *_, page in p.arrows:
                if not os.path.exists(f'docs/units/{page}.md'):
                    raise Bad(f'{where}: error: no page docs/units/{page}.md')
        if a.signals:
            print('\n'.join(sorted({n for p in pictures for r in p.rows.values() for n in r.names()})))
            return 0
        table = Table(a.table)
        files, lists = {}, {}
        for p in pictures:
            files[f'wave-{p.name}.svg'], lists[p.name] = draw(p, table)
        files[os.path.basename(a.page)] = fill_page(a.page, lists)
        save(a.out, files)
    except Bad as e:
        print(e, file=sys.stderr)
        return 2
    except OSError as e:
        print(f'draw_waves: error: {e}', file=sys.stderr)
        return 2
    print(f'draw_waves: {len(files) - 1} pictures, {sum(len(p.arrows) for p in pictures)} arrows')
    return 0


if __name__ == '__main__':
    sys.exit(main())
