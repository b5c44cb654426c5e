// SPDX-License-Identifier: Apache-2.0
//
// fuzz_play.c - a recorded run of any content, played on the golden model with all drivers and checks around it
//
// Whatever acts a file holds, the bench may refuse or fail, but neither it nor the model may break. Short runs only.
#include "fuzz_file.h"
#include "gen/act.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static fuzz_file_t in = {.fd = -1};
  char err[TB_ERR_LEN];
  act_list_t list = {0};
  if (act_list_read(&list, fuzz_file(&in, data, size), err) && list.n <= 64) {
    bench_opt_t opt = {0};
    opt.engine.kind = ENGINE_MODEL;
    opt.engine.config = "full";
    opt.seed = list.seed;
    opt.scoreboard = true;
    opt.timeout = 500;
    if (list.cycles > 600) list.cycles = 600;
    bench_t *b = bench_open(&opt, err);
    if (b != NULL) {
      (void)act_list_run(b, &list, NULL);
      (void)bench_close(b);
    }
  }
  act_list_clear(&list);
  return 0;
}
