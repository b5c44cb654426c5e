// SPDX-License-Identifier: Apache-2.0
//
// args.c - command line options from a table (args.h)
#include "core/args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"

bool args_number(const char *text, uint64_t *value) {
  static const struct {
    const char *suffix;
    uint64_t factor;
  } units[] = {{"", 1},          {"k", 1000},       {"M", 1000000},          {"G", 1000000000},
               {"Ki", 1u << 10}, {"Mi", 1u << 20}, {"Gi", 1u << 30}};
  if (text[0] < '0' || text[0] > '9') return false;
  errno = 0;
  char *end = NULL;
  const int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
  const unsigned long long v = strtoull(text, &end, base);
  if (errno != 0 || end == text) return false;
  for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
    if (strcmp(end, units[i].suffix) == 0) {
      if (v > UINT64_MAX / units[i].factor) return false;
      *value = v * units[i].factor;
      return true;
    }
  }
  return false;
}

static void help(const arg_table_t *t) {
  printf("usage: cbit %s\n%s\n", t->usage, t->about);
  if (t->options->name != NULL) printf("\noptions:\n");
  for (const arg_option_t *o = t->options; o->name != NULL; o++) {
    char left[64];
    snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value_name != NULL ? " " : "",
             o->value_name != NULL ? o->value_name : "");
    printf("  %-26s %s\n", left, o->help);
  }
  printf("  %-26s %s\n", "--help", "this text");
}

static bool store(const arg_option_t *o, const char *value) {
  uint64_t v = 0;
  char err[512] = "";
  switch (o->kind) {
    case ARG_TEXT:
      *(const char **)o->to = value;
      return true;
    case ARG_CALL:
      if (o->parse(o->to, value, err)) return true;
      log_error("option --%s: %s", o->name, err);
      return false;
    case ARG_U64:
    case ARG_U32:
      if (!args_number(value, &v)) {
        log_error("option --%s: '%s' is not a number", o->name, value);
        return false;
      }
      if (o->kind == ARG_U64) {
        *(uint64_t *)o->to = v;
        return true;
      }
      if (v > UINT32_MAX) {
        log_error("option --%s: %s is too large", o->name, value);
        return false;
      }
      *(uint32_t *)o->to = (uint32_t)v;
      return true;
    case ARG_FLAG:
    default:
      return false;
  }
}

// One argument that begins with "--". Moves *i over a value taken from the next argument.
static bool take(const arg_table_t *t, int argc, char **argv, int *i) {
  const char *name = argv[*i] + 2;
  const char *eq = strchr(name, '=');
  const size_t len = eq != NULL ? (size_t)(eq - name) : strlen(name);
  const arg_option_t *o = t->options;
  while (o->name != NULL && !(strlen(o->name) == len && strncmp(o->name, name, len) == 0)) o++;
  if (o->name == NULL) {
    log_error("unknown option --%.*s (cbit %.*s --help lists them)", (int)len, name, (int)strcspn(t->usage, " "),
              t->usage);
    return false;
  }
  if (o->kind == ARG_FLAG) {
    if (eq != NULL) {
      log_error("option --%s takes no value", o->name);
      return false;
    }
    *(bool *)o->to = true;
    return true;
  }
  if (eq != NULL) return store(o, eq + 1);
  if (*i + 1 >= argc) {
    log_error("option --%s needs a value (%s)", o->name, o->value_name);
    return false;
  }
  (*i)++;
  return store(o, argv[*i]);
}

arg_result_t args_parse(const arg_table_t *t, int argc, char **argv, uint32_t *operands) {
  uint32_t n = 0;
  bool options = true;
  for (int i = 1; i < argc; i++) {
    char *a = argv[i];
    if (options && (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0)) {
      help(t);
      return ARGS_HELP;
    }
    if (options && strcmp(a, "--") == 0) {
      options = false;
    } else if (options && strncmp(a, "--", 2) == 0) {
      if (!take(t, argc, argv, &i)) return ARGS_ERROR;
    } else if (options && a[0] == '-' && a[1] != '\0') {
      log_error("unknown option %s", a);
      return ARGS_ERROR;
    } else {
      argv[1 + n++] = a;
    }
  }
  if (n < t->operands_min || n > t->operands_max) {
    log_error("%s, usage: cbit %s", n < t->operands_min ? "an operand is missing" : "too many operands", t->usage);
    return ARGS_ERROR;
  }
  if (operands != NULL) *operands = n;
  return ARGS_OK;
}
