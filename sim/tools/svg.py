# SPDX-License-Identifier: Apache-2.0
"""svg.py: a drawing as SVG text, the same bytes for the same calls (draw_waves.py, draw_rmp.py).

Units: pixels of the drawing. Text is escaped here. Nothing depends on the machine: no fonts measured, no date."""
import os
from xml.sax.saxutils import escape

SANS = 'Helvetica, Arial, sans-serif'
MONO = 'DejaVu Sans Mono, Menlo, Consolas, monospace'


def num(x):
    """A coordinate with at most one decimal."""
    text = f'{x:.1f}'
    return text[:-2] if text.endswith('.0') else text


def save(folder, files):
    """Writes files, a text by name; all of them are drawn before the first is written."""
    os.makedirs(folder, exist_ok=True)
    for name, text in files.items():
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
            f.write(text)


class Drawing:
    """Collects shapes; text() gives the whole file."""

    def __init__(self, width, height, title):
        self.width, self.height, self.title = width, height, title
        self.parts = []

    def rect(self, x, y, w, h, fill='none', line='none', width=1, round_=0, dash=None):
        self.parts.append(f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}" fill="{fill}" stroke="{line}"'
                          f' stroke-width="{num(width)}"' + (f' rx="{num(round_)}"' if round_ else '')
                          + (f' stroke-dasharray="{dash}"' if dash else '') + '/>')

    def path(self, points, line='#333', width=1.5, dash=None, arrow=False, curve=False):
        """A line through points; with curve the points are start, two controls, end of a Bezier curve."""
        d = f'M{num(points[0][0])} {num(points[0][1])}'
        rest = ' '.join(f'{num(x)} {num(y)}' for x, y in points[1:])
        d += (' C' if curve else ' L') + rest
        self.parts.append(f'<path d="{d}" fill="none" stroke="{line}" stroke-width="{num(width)}"'
                          + (f' stroke-dasharray="{dash}"' if dash else '')
                          + (f' marker-end="url(#{self.marker(line)})"' if arrow else '') + '/>')

    @staticmethod
    def marker(colour):
        return 'a' + colour.lstrip('#')

    def label(self, x, y, text, size=11, fill='#222', anchor='start', bold=False, mono=False):
        self.parts.append(f'<text x="{num(x)}" y="{num(y)}" font-family="{MONO if mono else SANS}" font-size="{num(size)}" fill="{fill}"'
                          f' text-anchor="{anchor}"' + (' font-weight="bold"' if bold else '') + f'>{escape(text)}</text>')

    def dot(self, x, y, text, fill):
        """A number in a disc."""
        self.parts.append(f'<circle cx="{num(x)}" cy="{num(y)}" r="8" fill="{fill}"/>')
        self.label(x, y + 3.5, text, size=10, fill='#fff', anchor='middle', bold=True)

    def text(self):
        body = '\n'.join(self.parts)
        colours = sorted({p.split('url(#a')[1].split(')')[0] for p in self.parts if 'url(#a' in p})
        heads = ''.join(f'<marker id="a{c}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
                        f'<path d="M0 0 L8 4 L0 8 z" fill="#{c}"/></marker>' for c in colours)
        return ('<?xml version="1.0" encoding="UTF-8"?>\n<!-- SPDX-License-Identifier: Apache-2.0 -->\n'
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{num(self.width)}" height="{num(self.height)}"'
                f' viewBox="0 0 {num(self.width)} {num(self.height)}" role="img">\n<title>{escape(self.title)}</title>\n'
                + (f'<defs>{heads}</defs>\n' if heads else '')
                + f'<rect width="{num(self.width)}" height="{num(self.height)}" fill="#fff"/>\n{body}\n</svg>\n')
