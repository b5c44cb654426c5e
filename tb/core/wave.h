// SPDX-License-Identifier: Apache-2.0
//
// wave.h - the GTKWave save file that goes with a dumped window
#ifndef TB_WAVE_H
#define TB_WAVE_H

#include "core/engine.h"

// Parses "FROM:TO" (cycles). False: text in err.
bool wave_window_parse(const char *text, uint64_t *from, uint64_t *to, char err[TB_ERR_LEN]);
// Name of the wave file: opt->wave_file, or build/waves/<config>-<from>.fst. Makes missing folders.
bool wave_file_name(char *buf, size_t size, const engine_opt_t *opt, char err[TB_ERR_LEN]);
// Writes <file without .fst>.gtkw from sim/gtkw/cbit_top_flat.gtkw: the same signals with the widths of cfg, the file
// and the window filled in. False: text in err.
bool wave_save_file(const char *fst, const cbit_cyc_cfg_t *cfg, uint64_t from, uint64_t to, char err[TB_ERR_LEN]);

#endif  // TB_WAVE_H
