// SPDX-License-Identifier: Apache-2.0
//
// cmd_cover.c - merges coverage files and reports them as text and HTML
//
// Every run with coverage leaves build/cover/<config>-<pid>.txt; this adds them up.
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "chk/cover.h"
#include "cli/cmd.h"
#include "core/log.h"

int cmd_cover(int argc, char **argv);

typedef struct cover_opt {
  const char *html, *merge;
  bool missing;
  uint32_t at_least;
} cover_opt_t;

int cmd_cover(int argc, char **argv) {
  cover_opt_t o = {.html = "build/reports/cover.html"};
  const arg_option_t options[] = {
      {"html", ARG_TEXT, &o.html, "FILE", "report with all bins (default build/reports/cover.html)", NULL},
      {"merge", ARG_TEXT, &o.merge, "FILE", "write the sum as a coverage file", NULL},
      {"missing", ARG_FLAG, &o.missing, NULL, "list what was not hit", NULL},
      {"at-least", ARG_U32, &o.at_least, "PERCENT", "fail below this", NULL},
      {NULL, ARG_FLAG, NULL, NULL, NULL, NULL}};
  const arg_table_t table = {"cover FILE... [options]", "Merges coverage files and reports them.", options, 1,
                             UINT32_MAX};
  uint32_t n = 0;
  char err[TB_ERR_LEN];
  const arg_result_t r = args_parse(&table, argc, argv, &n);
  if (r != ARGS_OK) return r == ARGS_HELP ? 0 : 2;
  cover_t *c = cover_new_empty();
  int code = 0;
  for (uint32_t i = 1; i <= n && code == 0; i++) {
    if (!cover_read(c, argv[i], err)) code = 2;
  }
  if (code == 0) {
    cover_report_text(c, stdout, o.missing);
    if (strcmp(o.html, "build/reports/cover.html") == 0) {
      (void)mkdir("build", 0777);
      (void)mkdir("build/reports", 0777);
    }
    if (!cover_report_html(c, o.html, err) || (o.merge != NULL && !cover_write(c, o.merge, err))) code = 2;
  }
  if (code == 2) log_error("%s", err);
  if (code == 0 && cover_percent(c) < o.at_least) {
    log_error("coverage is %.1f %%, less than %u %%", cover_percent(c), o.at_least);
    code = 1;
  }
  cover_free(c);
  return code;
}
