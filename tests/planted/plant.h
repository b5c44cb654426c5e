// SPDX-License-Identifier: Apache-2.0
//
// plant.h - number of the planted bug that is awake: environment variable CBIT_PLANT, 0 or nothing = none
//
// Put in front of the shim of the planted RTL (-include; DPI function) and of every file of the planted model.
#ifndef CBIT_PLANT_H
#define CBIT_PLANT_H

#ifdef __cplusplus
#include <cstdlib>
extern "C" unsigned int cbit_plant_read(void) {
  const char *text = std::getenv("CBIT_PLANT");
  return text != nullptr ? static_cast<unsigned int>(std::strtoul(text, nullptr, 10)) : 0u;
}
#else
extern unsigned cbit_plant_chosen;  // plant.c
#endif

#endif  // CBIT_PLANT_H
