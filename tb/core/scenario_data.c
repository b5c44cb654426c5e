// SPDX-License-Identifier: Apache-2.0
//
// scenario_data.c - reads data sources: "text", hex(...), file("..."), pattern(seed), ... (scenario_int.h)
#include <string.h>

#include "core/scenario_int.h"
#include "util/bytes.h"

#define DATA_ARGS 3u

typedef struct range {
  uint32_t from, to;
} range_t;

static void trim(const scn_parser_t *p, range_t *r) {
  while (r->from < r->to && (p->ch[r->from].c == ' ' || p->ch[r->from].c == '\t') && !p->ch[r->from].lit) r->from++;
  while (r->from < r->to && (p->ch[r->to - 1].c == ' ' || p->ch[r->to - 1].c == '\t') && !p->ch[r->to - 1].lit) r->to--;
}

// Cuts the inside of a pair of parentheses at its commas. False: error printed.
static bool split(scn_parser_t *p, range_t inside, range_t arg[DATA_ARGS], uint32_t *args) {
  uint32_t depth = 0;
  bool quoted = false;
  uint32_t start = inside.from;
  *args = 0;
  for (uint32_t i = inside.from; i <= inside.to; i++) {
    if (i < inside.to) {
      const scn_char_t c = p->ch[i];
      if (c.lit) continue;
      if (c.c == '"') quoted = !quoted;
      if (quoted) continue;
      if (c.c == '(') depth++;
      if (c.c == ')') depth--;
      if (c.c != ',' || depth > 0) continue;
    }
    range_t r = {start, i};
    trim(p, &r);
    if (i == inside.to && *args == 0 && r.from == r.to) return true;  // ()
    if (*args == DATA_ARGS) {
      scn_error(p, scn_col(p, r.from), "too many arguments");
      return false;
    }
    if (r.from == r.to) {
      scn_error(p, scn_col(p, r.from), "an argument is missing here");
      return false;
    }
    arg[(*args)++] = r;
    start = i + 1;
  }
  return true;
}

static bool parse_hex(scn_parser_t *p, range_t r, scn_data_t *d) {
  uint8_t *out = (uint8_t *)scn_alloc(p->s, (size_t)(r.to - r.from) / 2 + 1);
  uint32_t digits = 0;
  for (uint32_t i = r.from; i < r.to; i++) {
    const char c = p->ch[i].c;
    if (c == ' ' || c == '\t' || c == '_') continue;
    const unsigned v = hex_digit(c);
    if (v > 15) {
      scn_error(p, scn_col(p, i), "not a hexadecimal digit");
      return false;
    }
    out[digits / 2] = (uint8_t)((unsigned)out[digits / 2] << 4 | v);
    digits++;
  }
  if (digits == 0 || digits % 2 != 0) {
    scn_error(p, scn_col(p, r.from), digits == 0 ? "hex() needs at least one byte" : "odd number of hexadecimal digits");
    return false;
  }
  d->bytes = out;
  d->length = digits / 2;
  d->has_length = true;
  return true;
}

// How each source is written: letters of its arguments: n number, t text (quotes or not), d data, s slot; after '|' optional.
static const struct {
  const char *name;
  scn_data_kind_t kind;
  const char *args, *usage;
} source[] = {{"file", SCN_DATA_FILE, "t", "file(\"name\")"},
              {"pattern", SCN_DATA_PATTERN, "n|l", "pattern(seed) or pattern(seed, length)"},
              {"fill", SCN_DATA_FILL, "n|l", "fill(byte) or fill(byte, length)"},
              {"drawing", SCN_DATA_DRAWING, "", "drawing()"},
              {"pages", SCN_DATA_PAGES, "d", "pages(data)"},
              {"part", SCN_DATA_PART, "dnl", "part(data, offset, length)"},
              {"ecb", SCN_DATA_ECB, "sd", "ecb(slot, data)"},
              {"cipher", SCN_DATA_CIPHER, "sad", "cipher(slot, address, data)"}};

static bool parse_length(scn_parser_t *p, range_t r, scn_data_t *d) {
  if (!scn_number(p, r.from, r.to, &d->length)) return false;
  if (d->length > SCN_LENGTH_MAX) {
    scn_error(p, scn_col(p, r.from), "length is above 1 GiB");
    return false;
  }
  d->has_length = true;
  return true;
}

static bool parse_argument(scn_parser_t *p, char what, range_t r, scn_data_t *d, unsigned depth) {
  switch (what) {
    case 'n':
      return scn_number(p, r.from, r.to, &d->number);
    case 'l':
      return parse_length(p, r, d);
    case 'a':
      return scn_number(p, r.from, r.to, &d->addr);
    case 's':
      return scn_slot(p, r.from, r.to, &d->number);
    case 'd':
      d->sub = scn_data_parse(p, r.from, r.to, depth + 1);
      return d->sub != NULL;
    default: {
      const uint8_t *bytes = NULL;
      size_t n = 0;
      if (p->ch[r.from].lit || p->ch[r.from].c != '"') {
        d->text = scn_text(p, r.from, r.to);
        return true;
      }
      if (!scn_string(p, r.from, r.to, &bytes, &n)) return false;
      if (n == 0 || memchr(bytes, 0, n) != NULL) {
        scn_error(p, scn_col(p, r.from), "not a file name");
        return false;
      }
      char *t = (char *)scn_alloc(p->s, n + 1);
      memcpy(t, bytes, n);
      t[n] = '\0';
      d->text = t;
      return true;
    }
  }
}

static bool parse_call(scn_parser_t *p, uint32_t from, uint32_t paren, uint32_t to, scn_data_t *d, unsigned depth) {
  const range_t inside = {paren + 1, to - 1};
  if (scn_same(p, from, paren, "hex")) {
    d->kind = SCN_DATA_BYTES;
    return parse_hex(p, inside, d);
  }
  for (size_t k = 0; k < sizeof(source) / sizeof(source[0]); k++) {
    if (!scn_same(p, from, paren, source[k].name)) continue;
    d->kind = source[k].kind;
    range_t arg[DATA_ARGS];
    uint32_t n = 0, i = 0;
    if (!split(p, inside, arg, &n)) return false;
    bool optional = false;
    for (const char *a = source[k].args; *a != '\0'; a++) {
      if (*a == '|') {
        optional = true;
        continue;
      }
      if (i == n && !optional) break;
      if (i < n && !parse_argument(p, *a, arg[i], d, depth)) return false;
      if (i < n) i++;
      else if (optional) continue;
    }
    const uint32_t least = (uint32_t)strcspn(source[k].args, "|");
    if (n < least || i < n) {
      scn_error(p, scn_col(p, from), "wrong number of arguments: %s", source[k].usage);
      return false;
    }
    if (d->kind == SCN_DATA_FILL && d->number > 255) {
      scn_error(p, scn_col(p, from), "fill() takes a byte, 0 to 255");
      return false;
    }
    return true;
  }
  scn_error(p, scn_col(p, from),
            "unknown data source (known: \"text\", hex, file, pattern, fill, drawing, pages, part, ecb, cipher, or a name)");
  return false;
}

const scn_data_t *scn_data_parse(scn_parser_t *p, uint32_t from, uint32_t to, unsigned depth) {
  range_t r = {from, to};
  trim(p, &r);
  scn_data_t *d = (scn_data_t *)scn_alloc(p->s, sizeof(scn_data_t));
  d->pos = (scn_pos_t){p->line, scn_col(p, r.from)};
  if (r.from == r.to) {
    scn_error(p, scn_col(p, r.from), "data is expected here");
    return NULL;
  }
  if (depth >= SCN_DEPTH_MAX) {
    scn_error(p, scn_col(p, r.from), "data sources are nested too deeply");
    return NULL;
  }
  const scn_char_t first = p->ch[r.from];
  if (!first.lit && first.c == '"') {
    size_t n = 0;
    if (!scn_string(p, r.from, r.to, &d->bytes, &n)) return NULL;
    if (n == 0) {
      scn_error(p, first.col, "empty string");
      return NULL;
    }
    d->kind = SCN_DATA_BYTES;
    d->length = n;
    d->has_length = true;
    return d;
  }
  uint32_t paren = r.from;
  while (paren < r.to && (p->ch[paren].lit || p->ch[paren].c != '(')) paren++;
  if (paren < r.to) {
    if (p->ch[r.to - 1].lit || p->ch[r.to - 1].c != ')') {
      scn_error(p, scn_col(p, r.to), "')' is expected here");
      return NULL;
    }
    return parse_call(p, r.from, paren, r.to, d, depth) ? d : NULL;
  }
  if (!scn_is_name(p, r.from, r.to)) {
    scn_error(p, first.col, "data is expected here: \"text\", hex(...), file(\"...\"), pattern(seed), fill(byte), ... or a name");
    return NULL;
  }
  for (uint32_t i = p->s->data_names; i-- > 0;) {
    if (scn_same(p, r.from, r.to, p->s->data_name[i])) {
      d->kind = SCN_DATA_NAME;
      d->number = i;
      return d;
    }
  }
  scn_error(p, first.col, "no data '%s' (make it with: data %s = ..., or keep it)", scn_text(p, r.from, r.to),
            scn_text(p, r.from, r.to));
  return NULL;
}
