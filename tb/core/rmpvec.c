// SPDX-License-Identifier: Apache-2.0
//
// rmpvec.c - known answers of the reverse map table (rmpvec.h)
//
// One pass, a line at a time, a token at a time. What a token may be stands in the tables of rmpvec_spec.c.
#include "core/rmpvec.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/rmpvec_spec.h"

#define LINE_MAX_BYTES ((size_t)1 << 16)
#define FILE_ITEMS_MAX ((size_t)1 << 22)

// ---- values --------------------------------------------------------------------------------------------------------------

typedef struct token {
  const char *at;
  size_t len;
} token_t;

typedef struct reader {
  rmpvec_file_t *f;
  char *err;
  uint32_t line;
  size_t cap, item_cap;
  bool any;
  token_t preset[2];  // rest of the "default" and of the "default_access" line
  bool has_preset[2];
  rmpvec_record_t r;  // the line that is being read
} reader_t;

static bool fail(reader_t *x, token_t token, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool fail(reader_t *x, token_t token, const char *format, ...) {
  char what[160];
  char shown[64];
  va_list ap;
  va_start(ap, format);
  vsnprintf(what, sizeof(what), format, ap);
  va_end(ap);
  const int n = token.len < 48 ? (int)token.len : 48;
  for (int i = 0; i < n; i++) shown[i] = token.at[i] >= ' ' && token.at[i] <= '~' ? token.at[i] : '?';
  shown[n] = '\0';
  snprintf(x->err, RMPVEC_ERR_LEN, "%.200s:%u: error: token '%s%s': %s", x->f->name, x->line, shown, token.len > 48 ? "..." : "", what);
  return false;
}

static bool is(token_t t, const char *word) { return t.len == strlen(word) && memcmp(t.at, word, t.len) == 0; }
static bool begins(token_t t, const char *word) { return t.len >= strlen(word) && memcmp(t.at, word, strlen(word)) == 0; }

// The next token of a line; false at its end.
static bool next(token_t *line, token_t *t) {
  while (line->len > 0 && *line->at == ' ') {
    line->at++;
    line->len--;
  }
  if (line->len == 0) return false;
  t->at = line->at;
  while (line->len > 0 && *line->at != ' ') {
    line->at++;
    line->len--;
  }
  t->len = (size_t)(line->at - t->at);
  return true;
}

// The part of t before the first c; *rest is what follows it. False: there is no c.
static bool cut(token_t t, const char *c, token_t *head, token_t *rest) {
  const size_t n = strlen(c);
  for (size_t i = 0; i + n <= t.len; i++) {
    if (memcmp(t.at + i, c, n) != 0) continue;
    *head = (token_t){t.at, i};
    *rest = (token_t){t.at + i + n, t.len - i - n};
    return true;
  }
  return false;
}

static bool number(token_t t, unsigned bits, uint64_t *value) {
  unsigned base = 10;
  uint64_t v = 0;
  if (begins(t, "0x")) {
    base = 16;
    t.at += 2;
    t.len -= 2;
  }
  if (t.len == 0) return false;
  for (size_t i = 0; i < t.len; i++) {
    const char c = t.at[i];
    const unsigned d = c >= '0' && c <= '9' ? (unsigned)(c - '0') : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
    if (d >= base || v > (UINT64_MAX - d) / base) return false;
    v = v * base + d;
  }
  if (bits < 64 && v >> bits != 0) return false;
  *value = v;
  return true;
}

static bool entry_value(token_t t, uint64_t *q1, uint64_t *q2) {
  token_t a;
  token_t b;
  return cut(t, ":", &a, &b) && number(a, 64, q1) && number(b, 64, q2);
}

static bool add_item(reader_t *x, token_t t, const rmpvec_item_t *item, size_t *count) {
  if (*count == RMPVEC_ITEMS_MAX || x->f->items == FILE_ITEMS_MAX) return fail(x, t, "too many entries, counters or pages");
  if (x->f->items == x->item_cap) {
    x->item_cap = x->item_cap != 0 ? 2 * x->item_cap : 256;
    x->f->item = log_realloc(x->f->item, x->item_cap * sizeof(*x->f->item));
  }
  x->f->item[x->f->items++] = *item;
  ++*count;
  return true;
}

// entry[A]=q1:q2, entry[A..B]=q1:q2, entry[A..B]+=q1:q2, asid_cnt[N]=V.
static bool item(reader_t *x, token_t t, size_t *count) {
  rmpvec_item_t item;
  token_t left;
  token_t right;
  token_t inner;
  token_t a;
  token_t b;
  memset(&item, 0, sizeof(item));
  if (!cut(t, "]", &inner, &right) || !cut(inner, "[", &left, &inner)) return fail(x, t, "not entry[page]=q1:q2 or asid_cnt[n]=v");
  item.steps = begins(right, "+=");
  if (!item.steps && !begins(right, "=")) return fail(x, t, "'=' or '+=' wanted after ']'");
  right = (token_t){right.at + 1 + item.steps, right.len - 1 - item.steps};
  if (is(left, "asid_cnt")) {
    item.kind = RVI_COUNTER;
    if (item.steps || !number(inner, 11, &item.from) || !number(right, 64, &item.q1)) return fail(x, t, "not a counter and its value");
    item.to = item.from;
    return add_item(x, t, &item, count);
  }
  if (!cut(inner, "..", &a, &b)) a = b = inner;
  if (!number(a, 52, &item.from) || !number(b, 52, &item.to) || item.from % 4096 != 0 || item.to % 4096 != 0) {
    return fail(x, t, "not the address of a page, or two of them");
  }
  if (item.from > item.to || (item.to - item.from) / 4096 >= RMPVEC_RANGE_MAX) {
    return fail(x, t, "not 1 to %u pages", RMPVEC_RANGE_MAX);
  }
  if (!entry_value(right, &item.q1, &item.q2)) return fail(x, t, "not an entry q1:q2");
  return add_item(x, t, &item, count);
}

// inuse=- or inuse=A,B,...
static bool pages(reader_t *x, token_t t, token_t value) {
  rmpvec_item_t page = {.kind = RVI_PAGE};
  if (is(value, "-")) return true;
  for (bool more = true; more;) {
    token_t one = value;
    more = cut(value, ",", &one, &value);
    if (!number(one, 52, &page.from)) return fail(x, t, "not '-' or a list of pages");
    page.to = page.from;
    if (!add_item(x, t, &page, &x->r.in_items)) return false;
  }
  return true;
}

// Value of a key into its slot.
static bool key_value(reader_t *x, token_t t, const rmpvec_key_spec_t *key, token_t value, uint64_t *slots, uint64_t *has) {
  uint64_t *to = &slots[key->slot];
  *has |= RV_BIT(key->slot);
  switch (key->type) {
    case T_ENTRY:
      *has |= RV_BIT(key->slot + 1u);
      return entry_value(value, to, to + 1) || fail(x, t, "not an entry q1:q2");
    case T_NAME: {
      char name[RMPVEC_NAME_LEN + 1] = {0};
      if (value.len == 0 || value.len > RMPVEC_NAME_LEN) return fail(x, t, "not a name of 1 to %u characters", RMPVEC_NAME_LEN);
      memcpy(name, value.at, value.len);
      *to = rmpvec_name_value(name);
      return true;
    }
    case T_WORD:
      for (unsigned i = 0; key->words[i] != NULL; i++) {
        if (!is(value, key->words[i])) continue;
        *to = i;
        return true;
      }
      return fail(x, t, "no such word here");
    case T_PAGES:
      *to = 0;
      return pages(x, t, value);
    case T_ADDR:
      *to = RMPVEC_NO_ADDR;
      return is(value, "-") || number(value, key->bits, to) || fail(x, t, "not '-' or a number");
    default:
      if (number(value, key->bits, to)) return true;
      return fail(x, t, "not a number of %u bit%s (0x for hexadecimal, lower case)", key->bits, key->bits == 1 ? "" : "s");
  }
}

static const rmpvec_key_spec_t *find_key(bool behind, token_t name, uint32_t kinds) {
  return rmpvec_find_key(behind, name.at, name.len, kinds);
}

// ---- lines ---------------------------------------------------------------------------------------------------------------

// Values of a default line for a record of this kind; keys of other kinds are passed over.
static bool preset(reader_t *x, token_t line) {
  token_t t;
  while (next(&line, &t)) {
    token_t name;
    token_t value;
    if (!cut(t, "=", &name, &value)) return fail(x, t, "key=value wanted");
    const rmpvec_key_spec_t *key = find_key(false, name, 1u << x->r.kind);
    if (key != NULL && !key_value(x, t, key, value, x->r.in, &x->r.in_has)) return false;
  }
  return true;
}

static bool inputs(reader_t *x, token_t *line, bool *arrow) {
  token_t t;
  uint64_t given = 0;
  *arrow = false;
  while (next(line, &t)) {
    token_t name;
    token_t value;
    if (is(t, "->")) {
      *arrow = true;
      return true;
    }
    if (x->r.kind == RV_INIT && (begins(t, "entry[") || begins(t, "asid_cnt["))) {
      if (!item(x, t, &x->r.in_items)) return false;
      continue;
    }
    if (!cut(t, "=", &name, &value)) return fail(x, t, "key=value wanted");
    const rmpvec_key_spec_t *key = find_key(false, name, 1u << x->r.kind);
    if (key == NULL) return fail(x, t, "no such key in a line '%s'", rmpvec_kind_name(x->r.kind));
    if ((given & RV_BIT(key->slot)) != 0) return fail(x, t, "key given twice");
    given |= RV_BIT(key->slot);
    if (key->type == T_PAGES) x->r.in_items = 0;  // in place of the default
    if (!key_value(x, t, key, value, x->r.in, &x->r.in_has)) return false;
  }
  return true;
}

static bool answer(reader_t *x, token_t *line) {
  token_t t;
  bool first = true;
  x->r.out_item = x->f->items;
  while (next(line, &t)) {
    token_t name;
    token_t value;
    if (begins(t, "entry[") || begins(t, "asid_cnt[")) {
      if (((1u << x->r.kind) & (RV_INSN | RV_K(FWWRITE))) == 0) return fail(x, t, "this line changes no entry");
      if (!item(x, t, &x->r.out_items)) return false;
    } else if (cut(t, "=", &name, &value)) {
      const rmpvec_key_spec_t *key = find_key(true, name, 1u << x->r.kind);
      if (key == NULL) return fail(x, t, "no such key in the answer of '%s'", rmpvec_kind_name(x->r.kind));
      if ((x->r.out_has & RV_BIT(key->slot)) != 0) return fail(x, t, "key given twice");
      if (!key_value(x, t, key, value, x->r.out, &x->r.out_has)) return false;
    } else {
      unsigned v = 1;
      while (v < RVV_COUNT && !is(t, rmpvec_verdict_name((rmpvec_verdict_t)v))) v++;
      if (!first || v == RVV_COUNT || (rmpvec_verdict_specs[v].kinds & (1u << x->r.kind)) == 0) return fail(x, t, "no such verdict here");
      x->r.verdict = (rmpvec_verdict_t)v;
    }
    first = false;
  }
  return true;
}

// Items that an answer without a verdict must have; *may: those that it may have.
static uint64_t wanted_items(const rmpvec_record_t *r, uint64_t *may) {
  uint64_t want = 0;
  *may = 0;
  const uint32_t kind = 1u << r->kind;
  if (r->verdict != RVV_NONE) return rmpvec_verdict_specs[r->verdict].items;
  if ((kind & RV_INSN) != 0) {
    if (r->kind == RV_RMPQUERY) *may = RV_BIT(RO_RDX) | RV_BIT(RO_RCX);
    if (r->kind == RV_RMPREAD) *may = RV_BIT(RO_OUT0) | RV_BIT(RO_OUT1);
    return RV_BIT(RO_CODE) | RV_BIT(RO_CF) | RV_BIT(RO_ZF);
  }
  const rmpvec_key_spec_t *key;
  for (size_t i = 0; (key = rmpvec_key_row(true, i)) != NULL; i++) {
    if ((key->kinds & kind) != 0) want |= RV_BIT(key->slot);
  }
  return want;
}

static bool complete(reader_t *x, token_t head, bool arrow) {
  rmpvec_record_t *r = &x->r;
  const rmpvec_key_spec_t *key;
  for (size_t i = 0; (key = rmpvec_key_row(false, i)) != NULL; i++) {
    if ((key->kinds & ~key->optional & (1u << r->kind)) == 0 || (r->in_has & RV_BIT(key->slot)) != 0) continue;
    return fail(x, head, "the line has no '%s' and there is no default", key->name);
  }
  if (r->kind == RV_INIT) {
    const bool one = ((r->in_has & RV_BIT(RK_CASE)) != 0) != ((r->in_has & RV_BIT(RK_SEQ)) != 0);
    return (one && !arrow) || fail(x, head, arrow ? "an init line has no answer" : "either case= or seq= wanted");
  }
  if (!arrow) return fail(x, head, "the line has no '->'");
  if (r->kind == RV_FWWRITE) return true;
  uint64_t may;
  const uint64_t want = wanted_items(r, &may);
  if (r->verdict == RVV_NONE && (RV_CHECK & (1u << r->kind)) != 0) return fail(x, head, "no verdict after '->'");
  const uint64_t missing = want & ~r->out_has;
  const uint64_t surplus = r->out_has & ~want & ~may;
  for (unsigned i = 0; i < RO_COUNT; i++) {
    if ((missing & RV_BIT(i)) != 0) return fail(x, head, "the answer has no '%s'", rmpvec_out_name((rmpvec_out_t)i));
    if ((surplus & RV_BIT(i)) != 0) return fail(x, head, "'%s' does not belong to this answer", rmpvec_out_name((rmpvec_out_t)i));
  }
  if (r->verdict != RVV_NONE && r->out_items != 0) return fail(x, head, "a fault changes no entry");
  return true;
}

static bool record_line(reader_t *x, token_t line, rmpvec_kind_t kind) {
  const token_t whole = line;
  token_t head;
  bool arrow;
  memset(&x->r, 0, sizeof(x->r));
  x->r.line = x->line;
  x->r.kind = kind;
  x->r.in_item = x->f->items;
  if (x->any && x->f->set != rmpvec_set_of(kind)) {
    (void)next(&line, &head);
    return fail(x, head, "a line of another set than %s", rmpvec_set_name(x->f->set));
  }
  x->f->set = rmpvec_set_of(kind);
  x->any = true;
  const int which = kind == RV_ACCESS ? 1 : 0;
  if (x->has_preset[which] && !preset(x, x->preset[which])) return false;
  x->f->items = x->r.in_item + x->r.in_items;
  if (kind != RV_DECISION) {
    (void)next(&line, &head);
  } else {
    head = (token_t){whole.at, 3};
  }
  const size_t before = x->f->items;
  if (!inputs(x, &line, &arrow)) return false;
  if (x->r.in_items == x->f->items - before) x->r.in_item = before;  // a list in place of the default one
  if (arrow && !answer(x, &line)) return false;
  if (!complete(x, head, arrow)) return false;
  if (x->f->n == x->cap) {
    x->cap = x->cap != 0 ? 2 * x->cap : 64;
    x->f->record = log_realloc(x->f->record, x->cap * sizeof(*x->f->record));
  }
  x->f->record[x->f->n++] = x->r;
  return true;
}

// Keys are checked against all kinds here, values when they are used.
static bool default_line(reader_t *x, token_t line, int which) {
  token_t t;
  token_t name;
  token_t value;
  (void)next(&line, &t);
  if (x->has_preset[which]) return fail(x, t, "a second line of this name");
  if (x->any) return fail(x, t, "after the first record");
  x->preset[which] = line;
  x->has_preset[which] = true;
  while (next(&line, &t)) {
    if (!cut(t, "=", &name, &value)) return fail(x, t, "key=value wanted");
    if (find_key(false, name, UINT32_MAX) == NULL) return fail(x, t, "no such key");
  }
  return true;
}

static bool one_line(reader_t *x, token_t line) {
  token_t rest = line;
  token_t word;
  if (memchr(line.at, '\0', line.len) != NULL) return fail(x, (token_t){line.at, 0}, "not a text file");
  if (line.len > LINE_MAX_BYTES) return fail(x, (token_t){line.at, line.len}, "line too long");
  if (!next(&rest, &word) || *word.at == '#') return true;
  if (is(word, "default")) return default_line(x, line, 0);
  if (is(word, "default_access")) return default_line(x, line, 1);
  if (begins(word, "row=")) return record_line(x, line, RV_DECISION);
  for (unsigned k = RV_INIT; k < RV_KINDS; k++) {
    if (is(word, rmpvec_kind_name((rmpvec_kind_t)k))) return record_line(x, line, (rmpvec_kind_t)k);
  }
  return fail(x, word, "no such kind of line");
}

// One line of text at *at; false at the end of the text.
static bool line_of(const char *text, size_t len, size_t *at, token_t *line) {
  if (*at >= len) return false;
  const char *end = memchr(text + *at, '\n', len - *at);
  line->at = text + *at;
  line->len = end != NULL ? (size_t)(end - line->at) : len - *at;
  *at += line->len + 1;
  while (line->len > 0 && (line->at[line->len - 1] == '\r' || line->at[line->len - 1] == ' ')) line->len--;
  return true;
}

bool rmpvec_is(const char *text, size_t len) {
  token_t line;
  token_t word;
  for (size_t at = 0; line_of(text, len, &at, &line);) {
    if (!next(&line, &word) || *word.at == '#') continue;
    token_t after;
    const bool more = next(&line, &after);
    if (is(word, "default") || is(word, "default_access") || begins(word, "row=")) return true;
    if (is(word, "KEY") && (!more || is(after, "="))) return false;  // "KEY = " of a NIST file
    for (unsigned k = RV_INIT; k < RV_KINDS; k++) {
      if (is(word, rmpvec_kind_name((rmpvec_kind_t)k))) return true;
    }
    return false;
  }
  return false;
}

bool rmpvec_parse(rmpvec_file_t *f, const char *name, const char *text, size_t len, char err[RMPVEC_ERR_LEN]) {
  memset(f, 0, sizeof(*f));
  const size_t name_len = strlen(name);
  f->name = log_alloc(name_len + 1);
  memcpy(f->name, name, name_len);
  reader_t x = {.f = f, .err = err};
  token_t line;
  bool good = true;
  for (size_t at = 0; good && line_of(text, len, &at, &line);) {
    x.line++;
    good = one_line(&x, line);
  }
  if (good && f->n == 0) good = fail(&x, (token_t){text, 0}, "no record in this file");
  if (good && f->set == RVS_INSTRUCTIONS && f->record[0].kind != RV_INIT) {
    x.line = f->record[0].line;
    good = fail(&x, (token_t){text, 0}, "an instruction before the first init");
  }
  if (!good) rmpvec_free(f);
  return good;
}

void rmpvec_free(rmpvec_file_t *f) {
  free(f->name);
  free(f->record);
  free(f->item);
  memset(f, 0, sizeof(*f));
}
