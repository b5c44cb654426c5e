// SPDX-License-Identifier: Apache-2.0
//
// scoreboard_image.c - the scoreboard's image of DRAM
#include <stdlib.h>
#include <string.h>

#include "chk/scoreboard_int.h"

void sb_image_init(sb_image_t *m) {
  store_init(&m->data, false);
  store_init(&m->flag, false);
}

void sb_image_free(sb_image_t *m) {
  store_free(&m->data);
  store_free(&m->flag);
}

uint8_t *sb_image_page(sb_image_t *m, const dram_t *dram, uint64_t spa) {
  if (store_find(&m->data, spa) == NULL) {
    dram_peek(dram, spa & ~(uint64_t)(STORE_PAGE - 1), store_get(&m->data, spa)->data, STORE_PAGE);
  }
  return store_get(&m->data, spa)->data;
}

uint8_t *sb_image_flags(sb_image_t *m, uint64_t spa) {
  const uint64_t at = spa / STORE_PAGE * SB_BLOCKS;
  return store_get(&m->flag, at)->data + at % STORE_PAGE;
}
