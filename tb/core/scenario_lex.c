// SPDX-License-Identifier: Apache-2.0
//
// scenario_lex.c - lines into words, with variables put in and the column of every character (scenario_int.h)
//
// A word ends at white space outside quotes and parentheses. What a variable brings in means only itself: its quotes,
// spaces, signs and '#' do not end or begin anything, so a file name may hold any of them.
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/scenario_int.h"
#include "util/bytes.h"

struct scn_mem {
  struct scn_mem *next;
  max_align_t data[];
};

void *scn_alloc(scenario_t *s, size_t size) {
  struct scn_mem *m = (struct scn_mem *)log_alloc(sizeof(struct scn_mem) + size);
  m->next = s->mem;
  s->mem = m;
  return m->data;
}

void scenario_free(scenario_t *s) {
  if (s == NULL) return;
  while (s->mem != NULL) {
    struct scn_mem *m = s->mem;
    s->mem = m->next;
    free(m);
  }
  free(s->step);
  free(s->who);
  free(s->data_name);
  free(s);
}

char *scn_text(scn_parser_t *p, uint32_t from, uint32_t to) {
  char *t = (char *)scn_alloc(p->s, (size_t)(to - from) + 1);
  for (uint32_t i = from; i < to; i++) t[i - from] = p->ch[i].c;
  t[to - from] = '\0';
  return t;
}

uint32_t scn_col(const scn_parser_t *p, uint32_t at) { return at < p->ch_n ? p->ch[at].col : p->col_end; }

void scn_error(scn_parser_t *p, uint32_t col, const char *format, ...) {
  p->errors++;
  if (p->err == NULL || p->errors > SCN_ERRORS_MAX) return;
  fprintf(p->err, "%s:%u:%u: error: ", p->s->name, p->line, col);
  va_list ap;
  va_start(ap, format);
  vfprintf(p->err, format, ap);
  va_end(ap);
  fputc('\n', p->err);
}

static bool name_first(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool name_next(char c) { return name_first(c) || (c >= '0' && c <= '9'); }

bool scn_is_name(const scn_parser_t *p, uint32_t from, uint32_t to) {
  if (from >= to || !name_first(p->ch[from].c)) return false;
  for (uint32_t i = from + 1; i < to; i++) {
    if (!name_next(p->ch[i].c)) return false;
  }
  return true;
}

bool scn_same(const scn_parser_t *p, uint32_t from, uint32_t to, const char *word) {
  for (uint32_t i = from; i < to; i++, word++) {
    if (*word == '\0' || p->ch[i].c != *word) return false;
  }
  return *word == '\0';
}

bool scn_token_is(const scn_parser_t *p, uint32_t token, const char *word) {
  return token < p->tokens && scn_same(p, p->token[token].from, p->token[token].to, word);
}

static bool put(scn_parser_t *p, char c, bool lit, uint32_t col) {
  if (p->ch_n == SCN_LINE_MAX) {
    scn_error(p, col, "line is too long (more than %u characters)", SCN_LINE_MAX);
    return false;
  }
  if (p->ch_n == p->ch_cap) {
    p->ch_cap = p->ch_cap == 0 ? 256 : p->ch_cap * 2;
    p->ch = (scn_char_t *)log_realloc(p->ch, p->ch_cap * sizeof(scn_char_t));
  }
  p->ch[p->ch_n++] = (scn_char_t){c, lit, col};
  return true;
}

// $name or ${name} at line[i]; returns the number of characters taken, 0 on error.
static size_t put_variable(scn_parser_t *p, const char *line, size_t len, size_t i) {
  const uint32_t col = (uint32_t)i + 1;
  const bool brace = i + 1 < len && line[i + 1] == '{';
  const size_t from = i + (brace ? 2 : 1);
  size_t to = from;
  while (to < len && name_next(line[to])) to++;
  if (to == from || !name_first(line[from]) || (brace && (to == len || line[to] != '}'))) {
    scn_error(p, col, "'$' must be followed by the name of a variable ($name or ${name}); write $$ for the sign");
    return 0;
  }
  for (const scn_var_t *v = p->var; v != NULL; v = v->next) {
    if (strlen(v->name) == to - from && memcmp(v->name, line + from, to - from) == 0) {
      for (const char *c = v->value; *c != '\0'; c++) {
        if (!put(p, *c, true, col)) return 0;
      }
      return to - i + (brace ? 1 : 0);
    }
  }
  scn_error(p, col, "no variable '%.*s' (set it in the scenario or with --set %.*s=value)", (int)(to - from < 64 ? to - from : 64),
            line + from, (int)(to - from < 64 ? to - from : 64), line + from);
  return 0;
}

// Characters with variables put in; stops at a comment.
static bool expand(scn_parser_t *p, const char *line, size_t len) {
  bool quoted = false;
  p->ch_n = 0;
  p->col_end = (uint32_t)len + 1;
  for (size_t i = 0; i < len; i++) {
    const char c = line[i];
    const uint32_t col = (uint32_t)i + 1;
    const unsigned char byte = (unsigned char)c;
    if (c == '#' && !quoted) {
      p->col_end = col;
      return true;
    }
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) {
      scn_error(p, col, "unexpected byte 0x%02x", (unsigned)byte);
      return false;
    }
    if (c == '$') {
      if (i + 1 < len && line[i + 1] == '$') {
        if (!put(p, '$', true, col)) return false;
        i++;
        continue;
      }
      const size_t n = put_variable(p, line, len, i);
      if (n == 0) return false;
      i += n - 1;
      continue;
    }
    if (c == '\\' && quoted && i + 1 < len) {  // the escaped sign cannot end the string
      const unsigned char next = (unsigned char)line[i + 1];
      if (next < 0x20 || next == 0x7f) {
        scn_error(p, col + 1, "unexpected byte 0x%02x", (unsigned)next);
        return false;
      }
      if (!put(p, c, false, col) || !put(p, line[i + 1], line[i + 1] == '"', col)) return false;
      i++;
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (!put(p, c, false, col)) return false;
  }
  return true;
}

bool scn_lex_line(scn_parser_t *p, const char *line, size_t len) {
  p->tokens = 0;
  if (len > SCN_LINE_MAX) {
    p->ch_n = 0;
    scn_error(p, 1, "line is too long (more than %u characters)", SCN_LINE_MAX);
    return false;
  }
  if (!expand(p, line, len)) return false;
  uint32_t i = 0;
  while (true) {
    while (i < p->ch_n && !p->ch[i].lit && (p->ch[i].c == ' ' || p->ch[i].c == '\t')) i++;
    if (i == p->ch_n) return true;
    const uint32_t from = i;
    uint32_t quote = 0, open[SCN_DEPTH_MAX * 2], depth = 0;
    bool quoted = false;
    for (; i < p->ch_n; i++) {
      const scn_char_t c = p->ch[i];
      if (c.lit) continue;
      if (c.c == '"') {
        quoted = !quoted;
        quote = i;
      } else if (!quoted && c.c == '(') {
        if (depth == SCN_DEPTH_MAX * 2) {
          scn_error(p, c.col, "too many parentheses inside each other");
          return false;
        }
        open[depth++] = i;
      } else if (!quoted && c.c == ')') {
        if (depth == 0) {
          scn_error(p, c.col, "')' without '('");
          return false;
        }
        depth--;
      } else if (!quoted && depth == 0 && (c.c == ' ' || c.c == '\t')) {
        break;
      }
    }
    if (quoted) {
      scn_error(p, scn_col(p, quote), "string without its closing '\"'");
      return false;
    }
    if (depth > 0) {
      scn_error(p, scn_col(p, open[depth - 1]), "'(' without ')'");
      return false;
    }
    if (p->tokens == SCN_TOKENS_MAX) {
      scn_error(p, scn_col(p, from), "too many words in a line");
      return false;
    }
    p->token[p->tokens++] = (scn_token_t){from, i};
  }
}

// ---- values ----

// One number: 12, 0x1_0000, 4Ki, 2M; from is moved behind it.
static bool number_term(scn_parser_t *p, uint32_t *from, uint32_t to, uint64_t *value) {
  uint32_t i = *from;
  const uint32_t start = i;
  unsigned base = 10;
  if (to - i > 2 && p->ch[i].c == '0' && (p->ch[i + 1].c == 'x' || p->ch[i + 1].c == 'X')) {
    base = 16;
    i += 2;
  }
  uint64_t v = 0;
  bool any = false;
  for (; i < to; i++) {
    if (p->ch[i].c == '_' && any) continue;
    const unsigned d = hex_digit(p->ch[i].c);
    if (d >= base) break;
    if (v > (UINT64_MAX - d) / base) {
      scn_error(p, scn_col(p, start), "number does not fit into 64 bits");
      return false;
    }
    v = v * base + d;
    any = true;
  }
  if (!any) {
    scn_error(p, scn_col(p, start), "a number is expected here");
    return false;
  }
  static const struct {
    char sign;
    unsigned bits;
    uint64_t thousand;
  } unit[] = {{'K', 10, 1000}, {'k', 10, 1000}, {'M', 20, 1000000}, {'G', 30, 1000000000}};
  for (unsigned k = 0; k < 4 && i < to; k++) {
    if (p->ch[i].c != unit[k].sign) continue;
    const bool binary = i + 1 < to && p->ch[i + 1].c == 'i';
    const uint64_t factor = binary ? UINT64_C(1) << unit[k].bits : unit[k].thousand;
    if (v > UINT64_MAX / factor) {
      scn_error(p, scn_col(p, start), "number does not fit into 64 bits");
      return false;
    }
    v *= factor;
    i += binary ? 2 : 1;
    break;
  }
  *from = i;
  *value = v;
  return true;
}

bool scn_number(scn_parser_t *p, uint32_t from, uint32_t to, uint64_t *value) {
  uint64_t sum = 0;
  char sign = '+';
  while (true) {
    uint64_t v = 0;
    const uint32_t start = from;
    if (!number_term(p, &from, to, &v)) return false;
    if (sign == '+' ? v > UINT64_MAX - sum : v > sum) {
      scn_error(p, scn_col(p, start), sign == '+' ? "sum does not fit into 64 bits" : "difference is below zero");
      return false;
    }
    sum = sign == '+' ? sum + v : sum - v;
    if (from == to) break;
    sign = p->ch[from].c;
    if (sign != '+' && sign != '-') {
      scn_error(p, scn_col(p, from), "unexpected '%c' in a number", sign >= 0x20 && sign < 0x7f ? sign : '?');
      return false;
    }
    from++;
  }
  *value = sum;
  return true;
}

bool scn_real(scn_parser_t *p, uint32_t from, uint32_t to, double *value) {
  char text[64];
  const uint32_t n = to - from;
  bool good = n > 0 && n < sizeof(text) && hex_digit(p->ch[from].c) < 10;
  for (uint32_t i = 0; good && i < n; i++) {
    text[i] = p->ch[from + i].c;
    good = hex_digit(text[i]) < 10 || text[i] == '.' || (text[i] == '%' && i + 1 == n);
  }
  if (good) {
    text[n] = '\0';
    char *end = NULL;
    *value = strtod(text, &end);
    if (*end == '%') end++;
    good = *end == '\0' && isfinite(*value);
  }
  if (!good) scn_error(p, scn_col(p, from), "a number such as 7.9 is expected here");
  return good;
}

bool scn_string(scn_parser_t *p, uint32_t from, uint32_t to, const uint8_t **bytes, size_t *len) {
  if (to - from < 2 || p->ch[from].lit || p->ch[from].c != '"' || p->ch[to - 1].lit || p->ch[to - 1].c != '"') {
    scn_error(p, scn_col(p, from), "a string in quotes is expected here");
    return false;
  }
  uint8_t *out = (uint8_t *)scn_alloc(p->s, to - from);
  size_t n = 0;
  for (uint32_t i = from + 1; i < to - 1; i++) {
    const scn_char_t c = p->ch[i];
    if (c.lit || (c.c != '\\' && c.c != '"')) {
      out[n++] = (uint8_t)c.c;
      continue;
    }
    if (c.c == '"') {
      scn_error(p, c.col, "string ends in the middle of a word");
      return false;
    }
    const char e = i + 1 < to - 1 ? p->ch[i + 1].c : '\0';
    i++;
    if (e == 'n') out[n++] = '\n';
    else if (e == 't') out[n++] = '\t';
    else if (e == '0') out[n++] = '\0';
    else if (e == '\\' || e == '"') out[n++] = (uint8_t)e;
    else if (e == 'x' && i + 2 < to - 1 && hex_digit(p->ch[i + 1].c) < 16 && hex_digit(p->ch[i + 2].c) < 16) {
      out[n++] = (uint8_t)(hex_digit(p->ch[i + 1].c) << 4 | hex_digit(p->ch[i + 2].c));
      i += 2;
    } else {
      scn_error(p, c.col, "unknown escape in a string (known: \\n \\t \\0 \\\\ \\\" \\xHH)");
      return false;
    }
  }
  *bytes = out;
  *len = n;
  return true;
}
