// SPDX-License-Identifier: Apache-2.0
//
// scenario.c - steps out of lines by the table of scenario_spec.c; the whole file before anything runs (scenario.h)
#include "core/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/scenario_int.h"
#include "util/file.h"

#define VALUE_MAX 4096u  // characters of a variable

// ---- lists ----

static void *grow(void *list, uint32_t n, uint32_t *cap, size_t size) {
  if (n < *cap) return list;
  *cap = *cap == 0 ? 16 : *cap * 2;
  return log_realloc(list, (size_t)*cap * size);
}

static void add_who(scenario_t *s, const char *name, scn_pos_t pos, const cbit_attr_t *attr) {
  s->who = (scn_who_t *)grow(s->who, s->whos, &s->whos_cap, sizeof(scn_who_t));
  s->who[s->whos++] = (scn_who_t){name, pos, *attr};
}

static uint32_t add_data_name(scenario_t *s, const char *name) {
  for (uint32_t i = 0; i < s->data_names; i++) {
    if (strcmp(s->data_name[i], name) == 0) return i;  // made anew: the same place
  }
  s->data_name = (const char **)grow(s->data_name, s->data_names, &s->data_names_cap, sizeof(char *));
  s->data_name[s->data_names] = name;
  return s->data_names++;
}

static void add_var(scn_parser_t *p, const char *name, const char *value, bool fixed) {
  for (scn_var_t *v = p->var; v != NULL; v = v->next) {
    if (strcmp(v->name, name) == 0) {
      if (!v->fixed || fixed) v->value = value;
      v->fixed = v->fixed || fixed;
      return;
    }
  }
  scn_var_t *v = (scn_var_t *)scn_alloc(p->s, sizeof(scn_var_t));
  *v = (scn_var_t){name, value, fixed, p->var};
  p->var = v;
}

// ---- names ----

bool scn_who_find(const scn_parser_t *p, uint32_t from, uint32_t to, uint32_t *index) {
  for (uint32_t i = 0; i < p->s->whos; i++) {
    if (scn_same(p, from, to, p->s->who[i].name)) {
      *index = i;
      return true;
    }
  }
  return false;
}

bool scn_slot(scn_parser_t *p, uint32_t from, uint32_t to, uint64_t *slot) {
  uint32_t who = 0;
  if (scn_who_find(p, from, to, &who)) {
    *slot = p->s->who[who].attr.asid;
    return true;
  }
  if (scn_is_name(p, from, to)) {
    scn_error(p, scn_col(p, from), "no requester '%s' (a slot is a number or the name of a requester)", scn_text(p, from, to));
    return false;
  }
  if (!scn_number(p, from, to, slot)) return false;
  if (*slot >= CBIT_KEY_SLOTS_MAX) {
    scn_error(p, scn_col(p, from), "slot is above 1023");
    return false;
  }
  return true;
}

// Letters to change, drop or add to come from a to b, at most `most`.
static unsigned distance(const char *a, const char *b, unsigned most) {
  while (*a != '\0' && *a == *b) a++, b++;
  if (*a == '\0') return (unsigned)strlen(b) <= most ? (unsigned)strlen(b) : most + 1;
  if (*b == '\0') return (unsigned)strlen(a) <= most ? (unsigned)strlen(a) : most + 1;
  if (most == 0) return 1;
  unsigned best = distance(a + 1, b + 1, most - 1);
  const unsigned drop = distance(a + 1, b, most - 1), add = distance(a, b + 1, most - 1);
  if (drop < best) best = drop;
  if (add < best) best = add;
  return best + 1;
}

static void error_unknown(scn_parser_t *p) {
  const scn_token_t t = p->token[0];
  const bool expect = scn_token_is(p, 0, "expect");
  const uint32_t at = expect && p->tokens > 1 ? 1 : 0;
  if (t.to - t.from > 40 || (at == 1 && p->token[1].to - p->token[1].from > 40)) {
    scn_error(p, scn_col(p, t.from), "unknown step");
    return;
  }
  const char *word = scn_text(p, p->token[at].from, p->token[at].to);
  const char *near = NULL;
  for (const scn_spec_t *s = scn_spec_table; s->words != NULL && near == NULL; s++) {
    const char *known = s->words;
    const bool is_expect = strncmp(known, "expect ", 7) == 0;
    if (is_expect != (at == 1)) continue;
    if (is_expect) known += 7;
    char first[32];
    snprintf(first, sizeof(first), "%.*s", (int)strcspn(known, " "), known);
    if (distance(word, first, 2) <= 2 && strcmp(word, first) != 0) near = known;
  }
  if (near != NULL) {
    scn_error(p, scn_col(p, p->token[at].from), "unknown %s '%s' (did you mean '%s'?)", at == 1 ? "expectation" : "step", word, near);
  } else if (p->tokens == 1 && at == 0 && strchr("kdplce", word[0]) != NULL) {
    scn_error(p, scn_col(p, p->token[at].from), "unknown or incomplete step '%s'", word);
  } else {
    scn_error(p, scn_col(p, p->token[p->tokens > 1 && near == NULL && at == 0 ? 0 : at].from), "unknown %s '%s'",
              at == 1 ? "expectation" : "step", word);
  }
}

// ---- values ----

static bool find_word(const char *words, const scn_parser_t *p, uint32_t from, uint32_t to, uint64_t *index) {
  *index = 0;
  while (*words != '\0') {
    const size_t n = strcspn(words, " ");
    bool same = n == to - from;
    for (size_t i = 0; same && i < n; i++) {
      const char c = p->ch[from + i].c;
      same = (c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) == words[i];
    }
    if (same) return true;
    words += n;
    if (*words == ' ') words++;
    (*index)++;
  }
  return false;
}

static bool parse_size(scn_parser_t *p, uint32_t from, uint32_t to, scn_val_t *v) {
  if (scn_is_name(p, from, to)) {
    v->data = scn_data_parse(p, from, to, 0);
    return v->data != NULL;
  }
  if (!scn_number(p, from, to, &v->num)) return false;
  if (v->num == 0 || v->num > SCN_LENGTH_MAX) {
    scn_error(p, scn_col(p, from), v->num == 0 ? "length is 0" : "length is above 1 GiB");
    return false;
  }
  return true;
}

static bool parse_text(scn_parser_t *p, uint32_t from, uint32_t to, bool raw, scn_val_t *v) {
  const uint8_t *bytes = NULL;
  size_t n = 0;
  const bool string = !p->ch[from].lit && p->ch[from].c == '"';
  if (raw && !string) {
    v->text = scn_text(p, from, to);
    return true;
  }
  if (!scn_string(p, from, to, &bytes, &n)) return false;
  if (memchr(bytes, 0, n) != NULL) {
    scn_error(p, scn_col(p, from), "a zero byte is not allowed here");
    return false;
  }
  char *t = (char *)scn_alloc(p->s, n + 1);
  memcpy(t, bytes, n);
  t[n] = '\0';
  v->text = t;
  return true;
}

static bool parse_value(scn_parser_t *p, const scn_param_t *param, uint32_t from, uint32_t to, scn_val_t *v) {
  static const char *const cmps = "== != < <= > >=";
  uint32_t who = 0;
  v->set = true;
  v->pos = (scn_pos_t){p->line, scn_col(p, from)};
  if (from == to) {
    scn_error(p, v->pos.col, "a value is expected after '%s='", param->name);
    return false;
  }
  switch (param->type) {
    case SCN_T_NUM:
      return scn_number(p, from, to, &v->num);
    case SCN_T_REAL:
      return scn_real(p, from, to, &v->real);
    case SCN_T_BOOL:
      if (!find_word("off on 0 1 no yes false true", p, from, to, &v->num)) {
        scn_error(p, v->pos.col, "on or off is expected here");
        return false;
      }
      v->num &= 1;
      return true;
    case SCN_T_WORD:
      if (!find_word(param->words, p, from, to, &v->num)) {
        scn_error(p, v->pos.col, "unknown word for '%s' (known: %s)", param->name, param->words);
        return false;
      }
      return true;
    case SCN_T_CMP:
      if (!find_word(cmps, p, from, to, &v->num)) {
        scn_error(p, v->pos.col, "a comparison is expected here (%s)", cmps);
        return false;
      }
      return true;
    case SCN_T_IS:
      if (scn_same(p, from, to, "=")) return true;
      scn_error(p, v->pos.col, "'=' is expected here, with spaces around it");
      return false;
    case SCN_T_WHO:
      if (!scn_who_find(p, from, to, &who)) {
        scn_error(p, v->pos.col, "no requester '%s' (make it with: guest NAME asid=N, device NAME; host and sp are there)",
                  to - from < 64 ? scn_text(p, from, to) : "...");
        return false;
      }
      v->num = who;
      return true;
    case SCN_T_SLOT:
      return scn_slot(p, from, to, &v->num);
    case SCN_T_SIZE:
      return parse_size(p, from, to, v);
    case SCN_T_DATA:
      v->data = scn_data_parse(p, from, to, 0);
      return v->data != NULL;
    case SCN_T_NAME:
    case SCN_T_NEW:
      if (!scn_is_name(p, from, to)) {
        scn_error(p, v->pos.col, "a name is expected here (letters, digits, '_')");
        return false;
      }
      v->text = scn_text(p, from, to);
      return true;
    case SCN_T_TEXT:
      return parse_text(p, from, to, false, v);
    case SCN_T_RAW:
    default:
      return parse_text(p, from, to, true, v);
  }
}

// ---- steps ----

static const scn_spec_t *find_spec(const scn_parser_t *p, uint32_t *used) {
  for (const scn_spec_t *s = scn_spec_table; s->words != NULL; s++) {
    const char *w = s->words;
    uint32_t n = 0;
    bool same = true;
    while (same && *w != '\0') {
      char word[32];
      const size_t len = strcspn(w, " ");
      snprintf(word, sizeof(word), "%.*s", (int)len, w);
      same = scn_token_is(p, n, word);
      n++;
      w += len;
      if (*w == ' ') w++;
    }
    if (same) {
      *used = n;
      return s;
    }
  }
  return NULL;
}

// name=value: position of the sign, or token.to.
static uint32_t find_sign(const scn_parser_t *p, scn_token_t t) {
  for (uint32_t i = t.from; i < t.to; i++) {
    if (p->ch[i].lit) break;
    if (p->ch[i].c != '=') continue;
    if (scn_is_name(p, t.from, i)) return i;
    break;
  }
  return t.to;
}

static const char *about(const scn_param_t *param) {
  switch (param->type) {
    case SCN_T_WHO: return "a requester";
    case SCN_T_SLOT: return "a slot (number or requester)";
    case SCN_T_DATA: return "data";
    case SCN_T_TEXT: return "a string in quotes";
    case SCN_T_CMP: return "a comparison (== != < <= > >=)";
    case SCN_T_IS: return "'='";
    case SCN_T_BOOL: return "on or off";
    case SCN_T_WORD: return param->words;
    case SCN_T_NUM:
    case SCN_T_REAL:
    case SCN_T_SIZE: return strcmp(param->name, "address") == 0 || strcmp(param->name, "to") == 0 ? "an address" : "a number";
    case SCN_T_NEW:
    case SCN_T_NAME:
    case SCN_T_RAW:
    default: return "a name or value";
  }
}

static bool parse_arguments(scn_parser_t *p, scn_step_t *st, uint32_t token) {
  const scn_param_t *param = st->spec->param;
  uint32_t params = 0, next = 0;
  while (params < SCN_ARGS && param[params].name != NULL) params++;
  for (; token < p->tokens; token++) {
    const scn_token_t t = p->token[token];
    const uint32_t sign = find_sign(p, t);
    if (sign < t.to) {
      uint32_t k = 0;
      while (k < params && ((param[k].flags & SCN_POSITIONAL) != 0 || !scn_same(p, t.from, sign, param[k].name))) k++;
      if (k == params) {
        scn_error(p, scn_col(p, t.from), "'%s' has no option '%s='", st->spec->words,
                  sign - t.from < 64 ? scn_text(p, t.from, sign) : "...");
        return false;
      }
      if (st->val[k].set) {
        scn_error(p, scn_col(p, t.from), "option '%s=' is given twice", param[k].name);
        return false;
      }
      if (!parse_value(p, &param[k], sign + 1, t.to, &st->val[k])) return false;
    } else {
      if (next == params || (param[next].flags & SCN_POSITIONAL) == 0) {
        scn_error(p, scn_col(p, t.from), "unexpected word after '%s'", st->spec->words);
        return false;
      }
      if (!parse_value(p, &param[next], t.from, t.to, &st->val[next])) return false;
      next++;
    }
  }
  for (uint32_t k = 0; k < params; k++) {
    if ((param[k].flags & SCN_REQUIRED) == 0 || st->val[k].set) continue;
    if ((param[k].flags & SCN_POSITIONAL) != 0) {
      scn_error(p, p->col_end, "'%s' needs %s here", st->spec->words, about(&param[k]));
    } else {
      scn_error(p, p->col_end, "'%s' needs %s=", st->spec->words, param[k].name);
    }
    return false;
  }
  return true;
}

static bool limit(scn_parser_t *p, const scn_val_t *v, uint64_t max, const char *what) {
  if (!v->set || v->num <= max) return true;
  scn_error(p, v->pos.col, "%s is above %llu", what, (unsigned long long)max);
  return false;
}

// Rules between arguments that the table cannot say.
static bool check_step(scn_parser_t *p, const scn_step_t *st) {
  const scn_val_t *size = scn_arg(st, "size");
  const bool beat = st->spec->op == SCN_OP_READ || st->spec->op == SCN_OP_WRITE;  // of instructions: a word
  if (beat && size->set && (size->num == 0 || size->num > 64 || (size->num & (size->num - 1)) != 0)) {
    scn_error(p, size->pos.col, "bytes of a beat must be 1, 2, 4, 8, 16, 32 or 64");
    return false;
  }
  const scn_val_t *len = scn_arg(st, "len");
  if (len->set && (len->num == 0 || len->num > 256)) {
    scn_error(p, len->pos.col, "beats of a burst must be 1 to 256");
    return false;
  }
  const scn_val_t *addr = scn_arg(st, "address");
  if (addr->set && st->spec->op >= SCN_OP_DRAM_READ && st->spec->op <= SCN_OP_DRAM_SAVE &&
      addr->num >= UINT64_C(1) << CBIT_SPA_BITS) {
    scn_error(p, addr->pos.col, "address is above 52 bits");
    return false;
  }
  const scn_val_t *other = scn_arg(st, "other");
  if (other->set && other->num >= UINT64_C(1) << CBIT_SPA_BITS) {
    scn_error(p, other->pos.col, "address is above 52 bits");
    return false;
  }
  const bool insn = st->spec->op >= SCN_OP_RMP_START && st->spec->op <= SCN_OP_RMPQUERY;
  const scn_val_t *asid = scn_arg(st, "asid");
  if (insn && !(limit(p, scn_arg(st, "slot"), CBIT_MAX_USE - 1, "slot of a mark") && limit(p, scn_arg(st, "cpl"), 3, "cpl") &&
                limit(p, scn_arg(st, "port"), CBIT_MAX_INSN - 1, "port") && limit(p, scn_arg(st, "target"), 255, "target") &&
                limit(p, scn_arg(st, "perms"), 31, "perms") && limit(p, asid, UINT32_MAX, "asid"))) {
    return false;
  }
  if (st->spec->op >= SCN_OP_PVALIDATE && st->spec->op <= SCN_OP_RMPQUERY &&
      (addr->num >= UINT64_C(1) << CBIT_SPA_BITS || scn_arg(st, "gpa")->num >= UINT64_C(1) << 51)) {
    scn_error(p, addr->num >= UINT64_C(1) << CBIT_SPA_BITS ? addr->pos.col : scn_arg(st, "gpa")->pos.col,
              addr->num >= UINT64_C(1) << CBIT_SPA_BITS ? "address is above 52 bits" : "guest address is above 51 bits");
    return false;
  }
  if (st->spec->op >= SCN_OP_NESTED_TABLES && st->spec->op <= SCN_OP_VMEXIT && !scn_cpu_check(p, st)) return false;
  if (!scn_boot_check(p, st)) return false;
  if (st->spec->op >= SCN_OP_IOMMU_TABLE && st->spec->op <= SCN_OP_IO_WRITE && !scn_iommu_check(p, st)) return false;
  if (st->spec->op == SCN_OP_READ && !scn_arg(st, "length")->set) {
    scn_error(p, p->col_end, "'read' needs length=");
    return false;
  }
  const scn_val_t *stall = scn_arg(st, "stall");
  return limit(p, scn_arg(st, "id"), 255, "id") && limit(p, stall, 99, "stall (percent)") &&
         limit(p, scn_arg(st, "cycles"), 100000000, "number of cycles") && limit(p, scn_arg(st, "min"), 100000, "latency") &&
         limit(p, scn_arg(st, "max"), 100000, "latency") && limit(p, scn_arg(st, "turnaround"), 1000, "turnaround") &&
         limit(p, scn_arg(st, "reads"), 100000, "number of reads") && limit(p, scn_arg(st, "bit"), 1u << 30, "bit") &&
         limit(p, scn_arg(st, "width"), 16384, "width") && limit(p, scn_arg(st, "height"), 16384, "height") &&
         limit(p, scn_arg(st, "pixel"), 4, "bytes of a pixel") && limit(p, scn_arg(st, "lines"), 65536, "number of lines");
}

static bool define_who(scn_parser_t *p, const scn_step_t *st) {
  const scn_val_t *name = scn_arg(st, "name"), *asid = scn_arg(st, "asid"), *vmpl = scn_arg(st, "vmpl");
  static const uint8_t kind[] = {CBIT_REQ_GUEST, CBIT_REQ_HOST, CBIT_REQ_DEVICE, CBIT_REQ_SP};
  cbit_attr_t a;
  memset(&a, 0, sizeof(a));
  for (uint32_t i = 0; i < p->s->whos; i++) {
    if (strcmp(p->s->who[i].name, name->text) != 0) continue;
    if (p->s->who[i].pos.line == 0) scn_error(p, name->pos.col, "requester '%s' is always there", name->text);
    else scn_error(p, name->pos.col, "requester '%s' was made in line %u already", name->text, p->s->who[i].pos.line);
    return false;
  }
  if (!limit(p, asid, 1023, "asid") || !limit(p, vmpl, 3, "vmpl")) return false;
  a.requester = kind[st->spec->op - SCN_OP_GUEST];
  a.asid = (uint16_t)asid->num;
  a.vmpl = (uint8_t)vmpl->num;
  a.user_mode = (uint8_t)scn_arg(st, "user")->num;
  a.snp = (uint8_t)scn_arg(st, "snp")->num;
  const scn_val_t *cbit = scn_arg(st, "cbit");
  a.cbit = cbit->set ? (uint8_t)cbit->num : a.requester == CBIT_REQ_GUEST;
  add_who(p->s, name->text, name->pos, &a);
  return true;
}

// The action that an expectation speaks of. False: there is none.
static bool link_expect(scn_parser_t *p, const scn_step_t *st) {
  uint32_t i = p->s->steps;
  while (i > 0 && p->s->step[i - 1].spec->op >= SCN_OP_EXPECT_DATA) i--;
  const bool free_standing =
      (st->spec->op >= SCN_OP_EXPECT_COUNTER && st->spec->op <= SCN_OP_EXPECT_IRQ) || st->spec->op == SCN_OP_EXPECT_OUTCOME;
  if (free_standing) return true;
  while (i > 0 && (p->s->step[i - 1].spec->op == SCN_OP_SHOW || p->s->step[i - 1].spec->op == SCN_OP_KEEP ||
                   p->s->step[i - 1].spec->op == SCN_OP_PANEL || p->s->step[i - 1].spec->op >= SCN_OP_EXPECT_DATA)) {
    i--;
  }
  if (i == 0 || p->s->step[i - 1].spec->op == SCN_OP_SAY) {
    scn_error(p, st->pos.col, "'%s' has no step before it to speak of", st->spec->words);
    return false;
  }
  const scn_op_t op = st->spec->op;
  if (op == SCN_OP_EXPECT_FAULT || op == SCN_OP_EXPECT_RESP || op == SCN_OP_EXPECT_ERROR || op == SCN_OP_EXPECT_REFUSED ||
      op == SCN_OP_EXPECT_RECORD || op == SCN_OP_EXPECT_CODE || op == SCN_OP_EXPECT_END || op == SCN_OP_EXPECT_TRAP ||
      op == SCN_OP_EXPECT_EVENT || op == SCN_OP_EXPECT_DMA || op >= SCN_OP_OBSERVE_ATTACKER) {
    p->s->step[i - 1].expects_bad = true;
  }
  return true;
}

// `when BOOL STEP`: takes both words away. False: an error, printed.
static bool parse_when(scn_parser_t *p, bool *on) {
  scn_val_t v;
  memset(&v, 0, sizeof(v));
  *on = true;
  if (!scn_token_is(p, 0, "when")) return true;
  const scn_param_t param = {"when", SCN_T_BOOL, SCN_POSITIONAL, NULL};
  if (p->tokens < 3) {
    scn_error(p, p->col_end, p->tokens < 2 ? "'when' needs on or off here" : "'when' needs a step here");
    return false;
  }
  if (!parse_value(p, &param, p->token[1].from, p->token[1].to, &v)) return false;
  *on = v.num != 0;
  p->tokens -= 2;
  memmove(p->token, p->token + 2, p->tokens * sizeof(p->token[0]));
  return true;
}

static void parse_step(scn_parser_t *p, const char *line, size_t len) {
  uint32_t used = 0;
  bool on = true;
  scn_step_t st;
  const bool conditional = scn_token_is(p, 0, "when");
  if (!parse_when(p, &on)) return;
  memset(&st, 0, sizeof(st));
  st.spec = find_spec(p, &used);
  st.pos = (scn_pos_t){p->line, scn_col(p, p->token[0].from)};
  if (st.spec == NULL) {
    error_unknown(p);
    return;
  }
  if (!parse_arguments(p, &st, used) || !check_step(p, &st)) return;
  if (conditional && st.spec->op <= SCN_OP_SP) {
    scn_error(p, st.pos.col, "'when' cannot stand before '%s'", st.spec->words);
    return;
  }
  switch (st.spec->op) {
    case SCN_OP_SET:
      if (strlen(st.val[2].text) > VALUE_MAX) scn_error(p, st.val[2].pos.col, "value is too long");
      else add_var(p, st.val[0].text, st.val[2].text, false);
      return;
    case SCN_OP_CONFIG:
      if (p->s->config != NULL) scn_error(p, st.pos.col, "the configuration is named in line %u already", p->s->config_pos.line);
      else if (p->s->steps > 0) scn_error(p, st.pos.col, "'config' must stand before the first step");
      p->s->config = st.val[0].text;
      p->s->config_pos = st.val[0].pos;
      return;
    case SCN_OP_GUEST:
    case SCN_OP_HOST:
    case SCN_OP_DEVICE:
    case SCN_OP_SP:
      define_who(p, &st);
      return;
    case SCN_OP_DATA:
    case SCN_OP_KEEP:
      st.val[0].num = add_data_name(p->s, st.val[0].text);
      break;
    default:
      if (on && st.spec->op >= SCN_OP_EXPECT_DATA && !link_expect(p, &st)) return;
      break;
  }
  if (!on) return;
  if (p->s->steps == SCN_STEPS_MAX) {
    scn_error(p, st.pos.col, "more than %u steps", SCN_STEPS_MAX);
    return;
  }
  // The line as written, from its first word to its comment.
  size_t from = st.pos.col - 1, to = p->col_end - 1;
  if (to > len) to = len;
  while (to > from && (line[to - 1] == ' ' || line[to - 1] == '\t')) to--;
  char *text = (char *)scn_alloc(p->s, to - from + 1);
  memcpy(text, line + from, to - from);
  text[to - from] = '\0';
  st.text = text;
  p->s->step = (scn_step_t *)grow(p->s->step, p->s->steps, &p->s->steps_cap, sizeof(scn_step_t));
  p->s->step[p->s->steps++] = st;
}

scenario_t *scenario_parse(const char *name, const char *buf, size_t len, const scn_define_t *define, uint32_t defines,
                           FILE *err) {
  static const struct {
    const char *name;
    uint8_t kind;
  } known[] = {{"host", CBIT_REQ_HOST}, {"sp", CBIT_REQ_SP}};
  scn_parser_t p;
  memset(&p, 0, sizeof(p));
  p.s = (scenario_t *)log_alloc(sizeof(scenario_t));
  p.err = err;
  char *own = (char *)scn_alloc(p.s, strlen(name) + 1);
  strcpy(own, name);
  p.s->name = own;
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
    cbit_attr_t a;
    memset(&a, 0, sizeof(a));
    a.requester = known[i].kind;
    add_who(p.s, known[i].name, (scn_pos_t){0, 0}, &a);
  }
  for (uint32_t i = 0; i < defines; i++) add_var(&p, define[i].name, define[i].value, true);
  for (size_t at = 0; at < len && p.errors < SCN_ERRORS_MAX;) {
    const char *nl = (const char *)memchr(buf + at, '\n', len - at);
    const size_t n = nl == NULL ? len - at : (size_t)(nl - (buf + at));
    size_t used = n;
    if (used > 0 && buf[at + used - 1] == '\r') used--;
    p.line++;
    if (scn_lex_line(&p, buf + at, used) && p.tokens > 0) parse_step(&p, buf + at, used);
    at += n + 1;
  }
  if (p.errors == 0 && p.s->steps == 0) {
    p.line = p.line == 0 ? 1 : p.line;
    scn_error(&p, 1, "a scenario without a step");
  }
  free(p.ch);
  if (p.errors >= SCN_ERRORS_MAX && err != NULL) fprintf(err, "%s: too many errors\n", name);
  if (p.errors > 0) {
    scenario_free(p.s);
    return NULL;
  }
  return p.s;
}

int scenario_parse_buffer(const char *name, const char *buf, size_t len, FILE *err) {
  scenario_t *s = scenario_parse(name, buf, len, NULL, 0, err);
  const int rc = s == NULL;
  scenario_free(s);
  return rc;
}

scenario_t *scenario_parse_file(const char *path, const scn_define_t *define, uint32_t defines, FILE *err) {
  uint8_t *buf = NULL;
  size_t len = 0;
  char text[FILE_ERR_LEN];
  if (!file_read(path, 16u << 20, &buf, &len, NULL, text)) {
    fprintf(err, "cbit: error: %s\n", text);
    return NULL;
  }
  scenario_t *s = scenario_parse(path, (const char *)buf, len, define, defines, err);
  free(buf);
  return s;
}
