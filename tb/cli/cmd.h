// SPDX-License-Identifier: Apache-2.0
//
// cmd.h - commands of the program
//
// A command is a file tb/cli/cmd_<name>.c with
//   int cmd_<name>(int argc, char **argv);   argv[0] = its name; returns the exit code: 0 good, 1 failed, 2 wrong usage
// and, as its title line (the third), "// cmd_<name>.c - <one line for the list of commands>". tb/tb.mk makes the
// table from the files that are there.
#ifndef TB_CMD_H
#define TB_CMD_H

typedef struct cmd {
  const char *name;
  const char *about;
  int (*run)(int argc, char **argv);
} cmd_t;

extern const cmd_t cmd_table[];  // ends with name = NULL

#endif  // TB_CMD_H
