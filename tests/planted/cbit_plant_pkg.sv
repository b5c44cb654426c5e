// SPDX-License-Identifier: Apache-2.0
//
// cbit_plant_pkg: which planted bug is awake. Only in the copy of the RTL that tests/planted/plant.pl makes.
//
// chosen is read once, when simulation starts, from the environment variable CBIT_PLANT (plant.h); 0 = none.
package cbit_plant_pkg;
  import "DPI-C" function int unsigned cbit_plant_read();
  int unsigned chosen = cbit_plant_read();
endpackage
