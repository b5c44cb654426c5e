// SPDX-License-Identifier: Apache-2.0
//
// main.c - the program cbit: finds the command and runs it
#include <stdio.h>
#include <string.h>

#include "cbit.h"
#include "cli/cmd.h"
#include "core/log.h"

static void list(FILE *to) {
  fprintf(to, "usage: cbit COMMAND [options]\n\ncommands:\n");
  for (const cmd_t *c = cmd_table; c->name != NULL; c++) fprintf(to, "  %-10s %s\n", c->name, c->about);
  fprintf(to, "\ncbit COMMAND --help lists the options of a command.\n");
}

int main(int argc, char **argv) {
  if (argc < 2) {
    list(stderr);
    return 2;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
    list(stdout);
    return 0;
  }
  if (strcmp(argv[1], "--version") == 0) {
    printf("cbit %s\n", cbit_version());
    return 0;
  }
  for (const cmd_t *c = cmd_table; c->name != NULL; c++) {
    if (strcmp(argv[1], c->name) != 0) continue;
    const int code = c->run(argc - 1, argv + 1);
    if (fflush(stdout) != 0) {
      log_error("cannot write the output");
      return 1;
    }
    return code;
  }
  log_error("no command '%s' (cbit help lists them)", argv[1]);
  return 2;
}
