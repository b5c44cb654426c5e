// SPDX-License-Identifier: Apache-2.0
//
// test_route.c - every row of the route tables
//
// docs/units/route.md: each row of "Effective key" and of "Faults" as hand-written cases with their near misses, then a
// sweep over all small combinations against the tables written down as data (first match wins), which also counts that
// every row was met.

#include "vec.h"

#define KEY_SLOTS 16u

// What a case says about itself; everything else is the default below.
typedef struct route_case {
  const char *what;
  uint8_t smee, tsme, mode;
  cbit_attr_t attr;
  uint8_t want_fault, want_enc;
  uint16_t want_slot;
} route_case_t;

static const cbit_route_cfg_t base_cfg = {
    .mode = 4, .cbit_pos = 51, .asid_lsb = 52, .spa_width = 48, .lanes = 1, .key_slots = KEY_SLOTS, .host_slot = 0};

static void all_active(uint8_t state[KEY_SLOTS]) { memset(state, CBIT_SLOT_ACTIVE, KEY_SLOTS); }

// One full-width beat at a harmless address.
static cbit_route_req_t plain_request(const cbit_attr_t *attr) {
  cbit_route_req_t req;
  memset(&req, 0, sizeof req);
  req.addr = 0x12340;
  req.size = 4;
  req.burst = CBIT_BURST_INCR;
  req.user = cbit_attr_pack(attr);
  return req;
}

#define HOST .requester = CBIT_REQ_HOST
#define GUEST .requester = CBIT_REQ_GUEST
#define DEVICE .requester = CBIT_REQ_DEVICE
#define SP .requester = CBIT_REQ_SP
#define NONE CBIT_FAULT_NONE

static const route_case_t key_cases[] = {
    // row 1
    {"1 host bypassed", 1, 1, 0, {HOST, .cbit = 1}, NONE, 0, 0},
    {"1 guest bypassed", 1, 1, 0, {GUEST, .cbit = 1, .asid = 5}, NONE, 0, 0},
    {"1 guest bypassed, fetch", 1, 1, 0, {GUEST, .access = CBIT_ACC_FETCH, .asid = 5}, NONE, 0, 0},
    {"1 device bypassed", 1, 1, 0, {DEVICE, .cbit = 1}, NONE, 0, 0},
    {"1 sp bypassed", 1, 1, 0, {SP, .cbit = 1, .asid = 5}, NONE, 0, 0},
    {"1 sp bypassed, asid not checked", 1, 1, 0, {SP, .cbit = 1, .asid = 900}, NONE, 0, 0},
    {"1 guest bypassed, asid checked", 1, 1, 0, {GUEST, .asid = 0}, CBIT_FAULT_ASID, 0, 0},
    {"1 device bypassed, device rule", 1, 1, 0, {DEVICE, .cbit = 1, .asid = 1}, CBIT_FAULT_DEVICE, 0, 0},
    // rows 2, 3
    {"2 host c=1", 1, 0, 4, {HOST, .cbit = 1}, NONE, 1, 0},
    {"2 host c=1, asid is no matter", 1, 0, 4, {HOST, .cbit = 1, .asid = 7}, NONE, 1, 0},
    {"2 host c=1, asid out of range is no matter", 1, 0, 4, {HOST, .cbit = 1, .asid = 1000}, NONE, 1, 0},
    {"3 host c=0", 1, 0, 4, {HOST}, NONE, 0, 0},
    {"3 host c=0 fetch", 1, 0, 4, {HOST, .access = CBIT_ACC_FETCH}, NONE, 0, 0},
    {"3 host c=0 ncbit", 1, 0, 4, {HOST, .ncbit = 1}, NONE, 0, 0},
    {"3 host c=0 tsme", 1, 1, 4, {HOST}, NONE, 1, 0},
    {"3 host c=1 without smee", 0, 0, 4, {HOST, .cbit = 1}, NONE, 0, 0},
    {"3 host c=1 without smee, tsme", 0, 1, 4, {HOST, .cbit = 1}, NONE, 1, 0},
    // row 4
    {"4 guest c=1", 1, 0, 4, {GUEST, .cbit = 1, .asid = 5}, NONE, 1, 5},
    {"4 guest c=1 before ncbit", 1, 0, 4, {GUEST, .cbit = 1, .ncbit = 1, .asid = 5}, NONE, 1, 5},
    {"4 guest c=1 before tsme", 1, 1, 4, {GUEST, .cbit = 1, .asid = 15}, NONE, 1, 15},
    {"4 guest c=0 fetch", 1, 0, 4, {GUEST, .access = CBIT_ACC_FETCH, .asid = 5}, NONE, 1, 5},
    {"4 guest c=0 table walk", 1, 0, 4, {GUEST, .access = CBIT_ACC_PT_WALK, .asid = 5}, NONE, 1, 5},
    {"4 guest c=0 vmsa", 1, 0, 4, {GUEST, .access = CBIT_ACC_VMSA, .asid = 5}, NONE, 1, 5},
    {"4 guest c=1 a/d update", 1, 0, 4, {GUEST, .access = CBIT_ACC_AD_UPDATE, .cbit = 1, .asid = 5}, NONE, 1, 5},
    // row 5
    {"5 guest c=0 ncbit", 1, 0, 4, {GUEST, .ncbit = 1, .asid = 5}, NONE, 1, 0},
    {"5 guest c=0 ncbit a/d update", 1, 0, 4, {GUEST, .access = CBIT_ACC_AD_UPDATE, .ncbit = 1, .asid = 5}, NONE, 1, 0},
    // row 6
    {"6 guest c=0", 1, 0, 4, {GUEST, .asid = 5}, NONE, 0, 0},
    {"6 guest c=0 a/d update", 1, 0, 4, {GUEST, .access = CBIT_ACC_AD_UPDATE, .asid = 5}, NONE, 0, 0},
    {"6 guest c=0 tsme", 1, 1, 4, {GUEST, .asid = 5}, NONE, 1, 0},
    {"6 guest c=1 without smee", 0, 0, 4, {GUEST, .cbit = 1, .asid = 5}, NONE, 0, 0},
    {"6 guest fetch without smee", 0, 0, 4, {GUEST, .access = CBIT_ACC_FETCH, .asid = 5}, NONE, 0, 0},
    {"6 guest ncbit without smee", 0, 0, 4, {GUEST, .ncbit = 1, .asid = 5}, NONE, 0, 0},
    {"6 guest c=1 without smee, tsme", 0, 1, 4, {GUEST, .cbit = 1, .asid = 5}, NONE, 1, 0},
    // rows 7, 8
    {"7 device c=1 asid 0", 1, 0, 4, {DEVICE, .cbit = 1}, NONE, 1, 0},
    {"8 device c=0", 1, 0, 4, {DEVICE}, NONE, 0, 0},
    {"8 device c=0, any asid", 1, 0, 4, {DEVICE, .asid = 1000}, NONE, 0, 0},
    {"8 device c=0, any asid, tsme", 1, 1, 4, {DEVICE, .asid = 9}, NONE, 1, 0},
    {"8 device c=1 without smee", 0, 0, 4, {DEVICE, .cbit = 1}, NONE, 0, 0},
    {"8 device c=1 without smee, tsme", 0, 1, 4, {DEVICE, .cbit = 1}, NONE, 1, 0},
    // rows 9, 10
    {"9 sp c=1", 1, 0, 4, {SP, .cbit = 1, .asid = 5}, NONE, 1, 5},
    {"9 sp c=1 host", 1, 0, 4, {SP, .cbit = 1}, NONE, 1, 0},
    {"10 sp c=0", 1, 0, 4, {SP, .asid = 5}, NONE, 0, 0},
    {"10 sp c=0, any asid", 1, 0, 4, {SP, .asid = 1000}, NONE, 0, 0},
    {"10 sp c=0 tsme", 1, 1, 4, {SP, .asid = 5}, NONE, 1, 0},
    {"10 sp c=1 without smee", 0, 0, 4, {SP, .cbit = 1, .asid = 5}, NONE, 0, 0},
    {"10 sp c=1 without smee, tsme", 0, 1, 4, {SP, .cbit = 1, .asid = 5}, NONE, 1, 0},
    // fault 3
    {"device c=1 asid 1", 1, 0, 4, {DEVICE, .cbit = 1, .asid = 1}, CBIT_FAULT_DEVICE, 0, 0},
    {"device c=1 asid 1023 without smee", 0, 1, 4, {DEVICE, .cbit = 1, .asid = 1023}, CBIT_FAULT_DEVICE, 0, 0},
    // fault 4
    {"guest asid 0", 1, 0, 4, {GUEST, .cbit = 1}, CBIT_FAULT_ASID, 0, 0},
    {"guest asid 0, c=0", 1, 0, 4, {GUEST}, CBIT_FAULT_ASID, 0, 0},
    {"guest last asid", 1, 0, 4, {GUEST, .cbit = 1, .asid = KEY_SLOTS - 1}, NONE, 1, KEY_SLOTS - 1},
    {"guest asid too large", 1, 0, 4, {GUEST, .cbit = 1, .asid = KEY_SLOTS}, CBIT_FAULT_ASID, 0, 0},
    {"guest asid too large, c=0", 0, 0, 4, {GUEST, .asid = 1023}, CBIT_FAULT_ASID, 0, 0},
    {"sp asid too large", 1, 0, 4, {SP, .cbit = 1, .asid = KEY_SLOTS}, CBIT_FAULT_ASID, 0, 0},
    {"sp last asid", 1, 0, 4, {SP, .cbit = 1, .asid = KEY_SLOTS - 1}, NONE, 1, KEY_SLOTS - 1},
};

static void test_key_rows(void **state) {
  (void)state;
  uint8_t slots[KEY_SLOTS];
  all_active(slots);
  for (size_t i = 0; i < sizeof key_cases / sizeof key_cases[0]; i++) {
    const route_case_t *c = &key_cases[i];
    cbit_route_cfg_t cfg = base_cfg;
    cfg.smee = c->smee;
    cfg.tsme = c->tsme;
    cfg.mode = c->mode;
    const cbit_route_req_t req = plain_request(&c->attr);
    cbit_route_rsp_t rsp;
    cbit_route(&cfg, &req, slots, &rsp);
    if (rsp.fault != c->want_fault || rsp.enc != c->want_enc || rsp.slot != c->want_slot) {
      print_error("case %s: fault %u enc %u slot %u\n", c->what, rsp.fault, rsp.enc, rsp.slot);
    }
    assert_int_equal(rsp.fault, c->want_fault);
    assert_int_equal(rsp.enc, c->want_enc);
    assert_int_equal(rsp.slot, c->want_slot);
    assert_int_equal(rsp.spa, 0x12340);
    assert_memory_equal(&rsp.attr, &c->attr, sizeof c->attr);
  }
  print_message("hand-written cases: %u\n", (unsigned)(sizeof key_cases / sizeof key_cases[0]));
}

static void test_fault_addr(void **state) {
  (void)state;
  const cbit_attr_t host = {.cbit = 1};
  uint8_t slots[KEY_SLOTS];
  cbit_route_rsp_t rsp;
  all_active(slots);
  for (uint8_t width = 32; width <= 52; width++) {
    cbit_route_cfg_t cfg = base_cfg;
    cfg.smee = 1;
    cfg.spa_width = width;
    for (unsigned bit = 12; bit < 64; bit++) {
      cbit_route_req_t req = plain_request(&host);
      req.addr = (uint64_t)1 << bit;
      cbit_route(&cfg, &req, slots, &rsp);
      assert_int_equal(rsp.fault, bit >= width ? CBIT_FAULT_ADDR : CBIT_FAULT_NONE);
      assert_int_equal(rsp.enc, bit < width);
      assert_int_equal(rsp.spa, bit < 52 ? req.addr : 0);
    }
  }
}

static uint8_t burst_fault(uint8_t lanes, uint64_t addr, uint8_t len, uint8_t size, uint8_t burst) {
  const cbit_attr_t host = {.cbit = 0};
  uint8_t slots[KEY_SLOTS];
  cbit_route_cfg_t cfg = base_cfg;
  cbit_route_req_t req = plain_request(&host);
  cbit_route_rsp_t rsp;
  all_active(slots);
  cfg.lanes = lanes;
  req.addr = addr;
  req.len = len;
  req.size = size;
  req.burst = burst;
  cbit_route(&cfg, &req, slots, &rsp);
  return rsp.fault;
}

static void test_fault_proto_bursts(void **state) {
  (void)state;
  for (unsigned lanes = 1, widest = 4; lanes <= 4; lanes *= 2, widest++) {
    for (uint8_t size = 0; size < 8; size++) {
      assert_int_equal(burst_fault((uint8_t)lanes, 0x1000, 0, size, CBIT_BURST_INCR),
                       size <= widest ? CBIT_FAULT_NONE : CBIT_FAULT_PROTO);
    }
  }
  assert_int_equal(burst_fault(1, 0x1000, 0, 4, 3), CBIT_FAULT_PROTO);
  for (unsigned len = 0; len < 256; len++) {
    const uint8_t l = (uint8_t)len;
    const int wrap_ok = len == 1 || len == 3 || len == 7 || len == 15;
    assert_int_equal(burst_fault(1, 0x1000, l, 4, CBIT_BURST_FIXED), len <= 15 ? CBIT_FAULT_NONE : CBIT_FAULT_PROTO);
    assert_int_equal(burst_fault(1, 0x1000, l, 4, CBIT_BURST_WRAP), wrap_ok ? CBIT_FAULT_NONE : CBIT_FAULT_PROTO);
    assert_int_equal(burst_fault(1, 0x1000, l, 4, CBIT_BURST_INCR), CBIT_FAULT_NONE);
  }
  for (uint8_t off = 0; off < 16; off++) {  // WRAP must be aligned to its beat, the others need not
    assert_int_equal(burst_fault(1, 0x2000u + off, 3, 3, CBIT_BURST_WRAP),
                     off % 8 == 0 ? CBIT_FAULT_NONE : CBIT_FAULT_PROTO);
    assert_int_equal(burst_fault(1, 0x2000u + off, 3, 3, CBIT_BURST_FIXED), CBIT_FAULT_NONE);
    assert_int_equal(burst_fault(1, 0x2000u + off, 3, 3, CBIT_BURST_INCR), CBIT_FAULT_NONE);
  }
  // a wrapping burst turns inside its page, a fixed one does not move
  assert_int_equal(burst_fault(4, 0x2fc0, 15, 6, CBIT_BURST_WRAP), CBIT_FAULT_NONE);
  assert_int_equal(burst_fault(4, 0x2fff, 15, 6, CBIT_BURST_FIXED), CBIT_FAULT_NONE);
}

// INCR over a page border, told by walking the beats.
static void test_fault_proto_page(void **state) {
  (void)state;
  uint64_t rnd = 6;
  unsigned met[2] = {0, 0};
  for (unsigned i = 0; i < 20000; i++) {
    const uint8_t size = (uint8_t)(vec_random(&rnd) >> 33) % 7;
    const uint8_t len = (uint8_t)(vec_random(&rnd) >> (i % 3 ? 56 : 60));
    const uint64_t page = 0x7000;
    const uint64_t addr = page + (vec_random(&rnd) >> 40) % 4096;
    uint64_t last = addr;  // last byte touched
    uint64_t at = addr;
    for (unsigned beat = 0; beat <= len; beat++) {
      last = at | (((uint64_t)1 << size) - 1);
      at = last + 1;
    }
    const int leaves = last / 4096 != page / 4096;
    met[leaves]++;
    assert_int_equal(burst_fault(4, addr, len, size, CBIT_BURST_INCR), leaves ? CBIT_FAULT_PROTO : CBIT_FAULT_NONE);
  }
  assert_true(met[0] > 1000 && met[1] > 1000);
}

static void test_fault_proto_access(void **state) {
  (void)state;
  uint8_t slots[KEY_SLOTS];
  all_active(slots);
  for (uint8_t requester = 0; requester < 4; requester++) {
    for (uint8_t access = 0; access < 8; access++) {
      const cbit_attr_t attr = {.requester = requester, .access = access, .asid = 3};
      const cbit_route_req_t req = plain_request(&attr);
      cbit_route_rsp_t rsp;
      cbit_route(&base_cfg, &req, slots, &rsp);
      assert_int_equal(rsp.fault, access > 4 ? CBIT_FAULT_PROTO : CBIT_FAULT_NONE);
      cbit_route_cfg_t rmp = base_cfg;
      rmp.rmp = 1;
      cbit_route(&rmp, &req, slots, &rsp);
      assert_int_equal(rsp.fault, CBIT_FAULT_NONE);
    }
  }
}

static void test_fault_slot(void **state) {
  (void)state;
  cbit_route_cfg_t cfg = base_cfg;
  cfg.smee = 1;
  for (uint8_t s = 0; s < 4; s++) {
    for (uint8_t requester = 0; requester < 4; requester++) {
      const cbit_attr_t attr = {
          .requester = requester, .cbit = 1, .asid = requester == CBIT_REQ_GUEST || requester == CBIT_REQ_SP ? 6 : 0};
      const cbit_attr_t plain = {.requester = requester, .asid = 6};
      const unsigned slot = attr.asid;
      uint8_t slots[KEY_SLOTS];
      cbit_route_rsp_t rsp;
      all_active(slots);
      slots[slot] = s;
      cbit_route_req_t req = plain_request(&attr);
      cbit_route(&cfg, &req, slots, &rsp);
      assert_int_equal(rsp.fault, s == CBIT_SLOT_ACTIVE ? CBIT_FAULT_NONE : CBIT_FAULT_SLOT);
      assert_int_equal(rsp.enc, s == CBIT_SLOT_ACTIVE);
      assert_int_equal(rsp.slot, s == CBIT_SLOT_ACTIVE ? slot : 0);
      // without encryption no slot is asked
      memset(slots, s, sizeof slots);
      req = plain_request(&plain);
      cbit_route(&cfg, &req, slots, &rsp);
      assert_int_equal(rsp.fault, CBIT_FAULT_NONE);
      assert_int_equal(rsp.enc, 0);
    }
  }
}

static void test_fault_excl(void **state) {
  (void)state;
  const cbit_attr_t attr[2] = {{.requester = CBIT_REQ_GUEST, .asid = 3},
                               {.requester = CBIT_REQ_GUEST, .asid = 3, .cbit = 1}};
  uint8_t slots[KEY_SLOTS];
  cbit_route_cfg_t cfg = base_cfg;
  cfg.smee = 1;
  all_active(slots);
  for (unsigned cbit = 0; cbit < 2; cbit++) {
    for (uint8_t lock = 0; lock < 2; lock++) {
      cbit_route_req_t req = plain_request(&attr[cbit]);
      cbit_route_rsp_t rsp;
      req.lock = lock;
      cbit_route(&cfg, &req, slots, &rsp);
      assert_int_equal(rsp.fault, cbit && lock ? CBIT_FAULT_EXCL : CBIT_FAULT_NONE);
      assert_int_equal(rsp.enc, cbit && !lock);
    }
  }
}

// A request with every fault at once, mended one by one in the order of the page.
static void test_fault_order(void **state) {
  (void)state;
  cbit_attr_t attr = {.requester = CBIT_REQ_DEVICE, .access = 5, .cbit = 1, .asid = 20};
  cbit_route_cfg_t cfg = base_cfg;
  uint8_t slots[KEY_SLOTS] = {0};
  cbit_route_rsp_t rsp;
  cfg.smee = 1;
  cbit_route_req_t req = plain_request(&attr);
  req.addr = (uint64_t)1 << 60;
  req.lock = 1;
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_ADDR);
  req.addr = 0x1000;
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_PROTO);
  attr.access = 0;
  req.user = cbit_attr_pack(&attr);
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_DEVICE);
  attr.requester = CBIT_REQ_GUEST;
  req.user = cbit_attr_pack(&attr);
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_ASID);
  attr.asid = 2;
  req.user = cbit_attr_pack(&attr);
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_SLOT);
  slots[2] = CBIT_SLOT_ACTIVE;
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_EXCL);
  req.lock = 0;
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_NONE);
  assert_int_equal(rsp.enc, 1);
  assert_int_equal(rsp.slot, 2);
}

static void test_carrier_address(void **state) {
  (void)state;
  uint8_t slots[KEY_SLOTS];
  cbit_route_rsp_t rsp;
  cbit_route_cfg_t cfg = base_cfg;
  all_active(slots);
  cfg.smee = 1;
  cfg.attr_from_addr = 1;
  // fields of AxUSER are replaced, the rest of it stays
  const cbit_attr_t attr = {.requester = CBIT_REQ_GUEST, .cbit = 0, .asid = 9, .vmpl = 2, .gpa_page = 0xabcde};
  cbit_route_req_t req = plain_request(&attr);
  req.addr |= (uint64_t)1 << 51 | (uint64_t)7 << 52;
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_NONE);
  assert_int_equal(rsp.enc, 1);
  assert_int_equal(rsp.slot, 7);
  assert_int_equal(rsp.spa, 0x12340);
  assert_int_equal(rsp.attr.asid, 7);
  assert_int_equal(rsp.attr.cbit, 1);
  assert_int_equal(rsp.attr.vmpl, 2);
  assert_int_equal(rsp.attr.gpa_page, 0xabcde);
  assert_int_equal(rsp.attr.requester, CBIT_REQ_GUEST);
  // the highest two bits belong to nobody
  req.addr |= (uint64_t)1 << 62;
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_ADDR);
  // C-bit and ASID in the middle of the address, and a C-bit of AxUSER that does not count
  const cbit_attr_t other = {.requester = CBIT_REQ_GUEST, .cbit = 1, .asid = 9};
  cfg.cbit_pos = 47;
  cfg.asid_lsb = 37;
  req = plain_request(&other);
  req.addr |= (uint64_t)4 << 37;
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_NONE);
  assert_int_equal(rsp.enc, 0);
  assert_int_equal(rsp.attr.asid, 4);
  assert_int_equal(rsp.attr.cbit, 0);
  assert_int_equal(rsp.spa, 0x12340);
  req.addr |= (uint64_t)1 << 47;
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.enc, 1);
  assert_int_equal(rsp.slot, 4);
  // ASID of the address is checked as the other one
  req.addr &= ~((uint64_t)0x3ff << 37);
  cbit_route(&cfg, &req, slots, &rsp);
  assert_int_equal(rsp.fault, CBIT_FAULT_ASID);
}

static void test_host_slot(void **state) {
  (void)state;
  const cbit_attr_t cases[5] = {{HOST, .cbit = 1},
                                {SP, .cbit = 1},
                                {DEVICE, .cbit = 1},
                                {GUEST, .cbit = 1, .asid = 3},
                                {GUEST, .cbit = 1, .asid = 0}};
  uint8_t slots[KEY_SLOTS];
  cbit_route_cfg_t cfg = base_cfg;
  all_active(slots);
  cfg.smee = 1;
  cfg.host_slot = 3;
  for (unsigned i = 0; i < 5; i++) {
    const int guest = cases[i].requester == CBIT_REQ_GUEST;  // never reaches the host's key
    const cbit_route_req_t req = plain_request(&cases[i]);
    cbit_route_rsp_t rsp;
    cbit_route(&cfg, &req, slots, &rsp);
    assert_int_equal(rsp.fault, guest ? CBIT_FAULT_ASID : CBIT_FAULT_NONE);
    assert_int_equal(rsp.slot, guest ? 0 : 3);
  }
}

// ---- the sweep: the page's table as data ----

#define ANY 0xff
enum { K0 = 0, HOSTKEY, BY_ASID, DEFAULT };

// A row holds if every member that is not ANY is equal.
typedef struct key_row {
  uint8_t number, bypassed, requester, nested, cbit, smee, private_access, asid_zero, ncbit, key;
} key_row_t;

static const key_row_t key_rows[] = {
    {1, 1, ANY, ANY, ANY, ANY, ANY, ANY, ANY, K0},
    {2, 0, CBIT_REQ_HOST, ANY, 1, 1, ANY, ANY, ANY, HOSTKEY},
    {3, 0, CBIT_REQ_HOST, ANY, ANY, ANY, ANY, ANY, ANY, DEFAULT},
    {4, 0, CBIT_REQ_GUEST, 0, 1, 1, ANY, ANY, ANY, BY_ASID},
    {4, 0, CBIT_REQ_GUEST, 0, ANY, 1, 1, ANY, ANY, BY_ASID},
    {5, 0, CBIT_REQ_GUEST, 0, 0, 1, ANY, ANY, 1, HOSTKEY},
    {5, 0, CBIT_REQ_GUEST, 1, ANY, 1, ANY, ANY, 1, HOSTKEY},
    {6, 0, CBIT_REQ_GUEST, ANY, ANY, ANY, ANY, ANY, ANY, DEFAULT},
    {7, 0, CBIT_REQ_DEVICE, ANY, 1, 1, ANY, 1, ANY, HOSTKEY},
    {8, 0, CBIT_REQ_DEVICE, ANY, ANY, ANY, ANY, ANY, ANY, DEFAULT},
    {9, 0, CBIT_REQ_SP, ANY, 1, 1, ANY, ANY, ANY, BY_ASID},
    {10, 0, CBIT_REQ_SP, ANY, ANY, ANY, ANY, ANY, ANY, DEFAULT},
};

static int fits(uint8_t pattern, unsigned value) { return pattern == ANY || pattern == value; }

static void test_sweep(void **state) {
  (void)state;
  static const uint16_t asids[] = {0, 1, 2, 14, 15, 16, 17, 511, 1023};
  unsigned rows_met[11] = {0};
  unsigned faults_met[7] = {0};
  unsigned total = 0;
  for (unsigned bits = 0; bits < 1u << 13; bits++) {
    const unsigned smee = bits & 1u;
    const unsigned tsme = bits >> 1 & 1u;
    const unsigned mode = (bits >> 2 & 1u) * 5u;
    const unsigned cbit = bits >> 3 & 1u;
    const unsigned ncbit = bits >> 4 & 1u;
    const unsigned requester = bits >> 5 & 3u;
    const unsigned access = bits >> 7 & 7u;
    const unsigned lock = bits >> 10 & 1u;
    const unsigned active = bits >> 11 & 1u;
    const unsigned rmp = bits >> 12 & 1u;
    for (unsigned a = 0; a < sizeof asids / sizeof asids[0]; a++) {
      const unsigned asid = asids[a];
      const int private_access = access == 1 || access == 2 || access == 4;
      const int nested = access == 5 || access == 6;
      const key_row_t *row = key_rows;
      while (!(fits(row->bypassed, mode == 0) && fits(row->nested, (unsigned)nested) && fits(row->requester, requester) && fits(row->cbit, cbit) &&
               fits(row->smee, smee) && fits(row->private_access, (unsigned)private_access) &&
               fits(row->asid_zero, asid == 0) && fits(row->ncbit, ncbit))) {
        row++;
      }
      const unsigned key = row->key == DEFAULT ? (tsme ? HOSTKEY : K0) : row->key;
      unsigned fault = 0;
      if (access > 4 && !rmp) {
        fault = 2;
      } else if (requester == CBIT_REQ_DEVICE && cbit && asid != 0) {
        fault = 3;
      } else if ((requester == CBIT_REQ_GUEST && (asid == 0 || asid >= KEY_SLOTS)) ||
                 (requester == CBIT_REQ_SP && mode != 0 && cbit && asid >= KEY_SLOTS)) {
        fault = 4;
      } else if (key != K0 && !active) {
        fault = 5;
      } else if (key != K0 && lock) {
        fault = 6;
      }
      cbit_route_cfg_t cfg = base_cfg;
      cfg.smee = (uint8_t)smee;
      cfg.tsme = (uint8_t)tsme;
      cfg.mode = (uint8_t)mode;
      cfg.rmp = (uint8_t)rmp;
      const cbit_attr_t attr = {.requester = (uint8_t)requester,
                                .access = (uint8_t)access,
                                .cbit = (uint8_t)cbit,
                                .ncbit = (uint8_t)ncbit,
                                .asid = (uint16_t)asid};
      cbit_route_req_t req = plain_request(&attr);
      req.lock = (uint8_t)lock;
      uint8_t slots[KEY_SLOTS];
      memset(slots, active ? CBIT_SLOT_ACTIVE : CBIT_SLOT_DRAIN, sizeof slots);
      cbit_route_rsp_t rsp;
      cbit_route(&cfg, &req, slots, &rsp);
      const unsigned enc = fault == 0 && key != K0;
      assert_int_equal(rsp.fault, fault);
      assert_int_equal(rsp.enc, enc);
      assert_int_equal(rsp.slot, enc && key == BY_ASID ? asid : 0);
      rows_met[row->number] += fault == 0;
      faults_met[fault]++;
      total++;
    }
  }
  for (unsigned i = 1; i <= 10; i++) {
    assert_true(rows_met[i] > 0);
  }
  for (unsigned i = 0; i <= 6; i++) {
    assert_true(i == 1 || faults_met[i] > 0);  // ADDR has its own test
  }
  print_message("sweep: %u requests\n", total);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_key_rows),
      cmocka_unit_test(test_fault_addr),
      cmocka_unit_test(test_fault_proto_bursts),
      cmocka_unit_test(test_fault_proto_page),
      cmocka_unit_test(test_fault_proto_access),
      cmocka_unit_test(test_fault_slot),
      cmocka_unit_test(test_fault_excl),
      cmocka_unit_test(test_fault_order),
      cmocka_unit_test(test_carrier_address),
      cmocka_unit_test(test_host_slot),
      cmocka_unit_test(test_sweep),
  };
  return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
