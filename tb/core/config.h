// SPDX-License-Identifier: Apache-2.0
//
// config.h - names and defaults of the engine's parameters (docs/interfaces.md, "Parameters"), for C and C++
//
// Used by the configuration list (core/config.c) and by the shim, which tells the parameters it was built with.
#ifndef TB_CONFIG_H
#define TB_CONFIG_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cbit_cyc.h"

typedef struct config_param {
  const char *name;
  size_t offset;  // of the member in cbit_cyc_cfg_t
  uint32_t def;
} config_param_t;

#define CONFIG_PARAMS 26u

static const config_param_t config_params[CONFIG_PARAMS] = {
    {"Lanes", offsetof(cbit_cyc_cfg_t, lanes), 1},
    {"KeyBits", offsetof(cbit_cyc_cfg_t, key_bits), 128},
    {"RoundsPerStage", offsetof(cbit_cyc_cfg_t, rounds_per_stage), 1},
    {"Sbox", offsetof(cbit_cyc_cfg_t, sbox), 1},
    {"TweakSbox", offsetof(cbit_cyc_cfg_t, tweak_sbox), 2},
    {"KeySlots", offsetof(cbit_cyc_cfg_t, key_slots), 16},
    {"IdWidth", offsetof(cbit_cyc_cfg_t, id_width), 4},
    {"NumRd", offsetof(cbit_cyc_cfg_t, num_rd), 32},
    {"NumWr", offsetof(cbit_cyc_cfg_t, num_wr), 64},
    {"NumRow", offsetof(cbit_cyc_cfg_t, num_row), 64},
    {"SpaWidth", offsetof(cbit_cyc_cfg_t, spa_width), 40},
    {"ModesMask", offsetof(cbit_cyc_cfg_t, modes_mask), 17},
    {"DefaultMode", offsetof(cbit_cyc_cfg_t, default_mode), 4},
    {"AttrFromAddr", offsetof(cbit_cyc_cfg_t, attr_from_addr), 0},
    {"CbitPos", offsetof(cbit_cyc_cfg_t, cbit_pos), 51},
    {"AsidLsb", offsetof(cbit_cyc_cfg_t, asid_lsb), 52},
    {"TestTweak", offsetof(cbit_cyc_cfg_t, test_tweak), 0},
    {"Rmp", offsetof(cbit_cyc_cfg_t, rmp), 0},
    {"RmpLines", offsetof(cbit_cyc_cfg_t, rmp_lines), 32},
    {"RmpMiss", offsetof(cbit_cyc_cfg_t, rmp_miss), 4},
    {"RmpConst", offsetof(cbit_cyc_cfg_t, rmp_const), 0},
    {"RmpInsn", offsetof(cbit_cyc_cfg_t, rmp_insn), 0},
    {"RmpUse", offsetof(cbit_cyc_cfg_t, rmp_use), 4},
    {"RmpChk", offsetof(cbit_cyc_cfg_t, rmp_chk), 0},
    {"RmpInuse", offsetof(cbit_cyc_cfg_t, rmp_inuse), 0},
    {"RmpSeg", offsetof(cbit_cyc_cfg_t, rmp_seg), 0},
};

static inline void config_set(cbit_cyc_cfg_t *cfg, size_t offset, uint32_t value) {
  memcpy((char *)cfg + offset, &value, sizeof(value));
}

// Defaults, then the parameters of text ("Lanes=2 KeySlots=64", "-" or empty for none). Returns NULL, or a pointer to
// the word of text that cannot be used.
static inline const char *config_parse(cbit_cyc_cfg_t *cfg, const char *text) {
  memset(cfg, 0, sizeof(*cfg));
  cfg->struct_size = (uint32_t)sizeof(*cfg);
  for (uint32_t i = 0; i < CONFIG_PARAMS; i++) config_set(cfg, config_params[i].offset, config_params[i].def);
  while (*text != '\0') {
    const size_t gap = strspn(text, " \t");
    text += gap;
    const size_t len = strcspn(text, " \t");
    if (len == 0 || (len == 1 && *text == '-')) {
      text += len;
      continue;
    }
    const char *eq = (const char *)memchr(text, '=', len);
    if (eq == NULL) return text;
    char *end = NULL;
    const unsigned long value = strtoul(eq + 1, &end, 0);
    if (end != text + len || end == eq + 1 || value > UINT32_MAX) return text;
    const size_t name_len = (size_t)(eq - text);
    uint32_t i = 0;
    while (i < CONFIG_PARAMS &&
           !(strlen(config_params[i].name) == name_len && strncmp(text, config_params[i].name, name_len) == 0)) {
      i++;
    }
    if (i == CONFIG_PARAMS) return text;
    config_set(cfg, config_params[i].offset, (uint32_t)value);
    text += len;
  }
  return NULL;
}

#endif  // TB_CONFIG_H
