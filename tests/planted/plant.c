// SPDX-License-Identifier: Apache-2.0
//
// plant.c - cbit_plant_chosen of the planted model, set before main() (plant.h)

#include <stdlib.h>

#include "plant.h"

unsigned cbit_plant_chosen = 0;

__attribute__((constructor)) static void plant_choose(void) {
  const char *text = getenv("CBIT_PLANT");
  if (text != NULL) cbit_plant_chosen = (unsigned)strtoul(text, NULL, 10);
}
