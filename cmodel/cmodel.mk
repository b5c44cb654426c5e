# SPDX-License-Identifier: Apache-2.0
#
# cmodel.mk - the golden model as a library, and its tests
#
# Run from the top of the project, alone (make -f cmodel/cmodel.mk) or included by the Makefile.
#
#   model            build $(BUILD)/libcbit.a, $(BUILD)/libcbit.so.1 and $(BUILD)/cbit.pc (default)
#   model-tests      build and run tests/model/test_*.c; last line "model: N passed, N failed"
#   model-asan       the same under the address and undefined-behaviour sanitizers, in $(BUILD)/asan
#   model-speed      measure the functional layer beside OpenSSL
#   install          install headers, libraries and cbit.pc; honours DESTDIR, PREFIX, LIBDIR, INCLUDEDIR
#   uninstall        remove them again
#   model-clean      remove what was built
#
# A new unit needs no change here: cmodel/<folder>/*.c is taken as it is, functional (x.c) and cycle (x_cyc.c) alike.

BUILD      ?= build
PREFIX     ?= /usr/local
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
CC         ?= cc
CXX        ?= c++
AR         ?= ar
INSTALL    ?= install
CFLAGS     ?= -O2 -g

CBIT_VERSION := 0.1.0
CBIT_SONAME  := libcbit.so.1

CBIT_WARN     := -Wall -Wextra -Wconversion -Werror
CBIT_CPPFLAGS := -Icmodel/include -Icmodel
CBIT_CSTD     := -std=c11 $(CBIT_WARN) -fPIC -fvisibility=hidden -MMD -MP
CBIT_SAN      ?=

CBIT_FUNC_SRC ?= $(filter-out %_cyc.c,$(sort $(wildcard cmodel/*/*.c)))
CBIT_CYC_SRC  ?= $(sort $(wildcard cmodel/*/*_cyc.c))
CBIT_SRC      := $(CBIT_FUNC_SRC) $(CBIT_CYC_SRC)
CBIT_OBJ      := $(patsubst cmodel/%.c,$(BUILD)/cmodel/%.o,$(CBIT_SRC))
CBIT_HDR      := $(sort $(wildcard cmodel/include/*.h))

MODEL_TEST_SRC ?= $(sort $(wildcard tests/model/test_*.c))
MODEL_TEST_BIN := $(patsubst tests/model/%.c,$(BUILD)/model/%,$(MODEL_TEST_SRC))
MODEL_TEST_OBJ := $(MODEL_TEST_BIN:=.o) $(BUILD)/model/vec.o $(BUILD)/model/speed_crypt.o

.PHONY: model model-tests model-asan model-speed model-cxx model-clean
.PHONY: install uninstall model-install model-uninstall

model: $(BUILD)/libcbit.a $(BUILD)/$(CBIT_SONAME) $(BUILD)/libcbit.so $(BUILD)/cbit.pc ## builds the golden model as a library

$(BUILD)/cmodel/%.o: cmodel/%.c
	@mkdir -p $(@D)
	$(CC) $(CBIT_CPPFLAGS) $(CPPFLAGS) $(CBIT_CSTD) $(CFLAGS) $(CBIT_SAN) -c $< -o $@

$(BUILD)/libcbit.a: $(CBIT_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/$(CBIT_SONAME): $(CBIT_OBJ)
	$(CC) -shared -Wl,-soname,$(CBIT_SONAME) $(LDFLAGS) $(CBIT_SAN) $^ -o $@

$(BUILD)/libcbit.so: $(BUILD)/$(CBIT_SONAME)
	ln -sf $(CBIT_SONAME) $@

# Written anew each time: it holds PREFIX, which is not a file.
.PHONY: $(BUILD)/cbit.pc
$(BUILD)/cbit.pc: cmodel/cbit.pc.in
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	  -e 's|@VERSION@|$(CBIT_VERSION)|' $< > $@

# ---- tests ----

.SECONDARY: $(MODEL_TEST_OBJ)

$(BUILD)/model/%.o: tests/model/%.c
	@mkdir -p $(@D)
	$(CC) $(CBIT_CPPFLAGS) $(CPPFLAGS) -std=c11 $(CBIT_WARN) -MMD -MP $(CFLAGS) $(CBIT_SAN) -c $< -o $@

$(BUILD)/model/test_%: $(BUILD)/model/test_%.o $(BUILD)/model/vec.o $(BUILD)/libcbit.a
	$(CC) $(LDFLAGS) $(CBIT_SAN) $^ -lcmocka -lcrypto -o $@

$(BUILD)/model/speed_crypt: $(BUILD)/model/speed_crypt.o $(BUILD)/libcbit.a
	$(CC) $(LDFLAGS) $(CBIT_SAN) $^ -lcrypto -o $@

# The public header must stand alone, in C and in C++.
model-cxx:
	@mkdir -p $(BUILD)/model
	@printf '#include "cbit.h"\n#include "cbit_rmp.h"\nint f(void);\nint f(void) { return CBIT_CHECK_ABI() != CBIT_OK; }\n' > $(BUILD)/model/header.c
	@$(CC) -std=c11 -pedantic $(CBIT_WARN) -Icmodel/include -fsyntax-only $(BUILD)/model/header.c
	@$(CXX) -x c++ -std=c++11 -pedantic $(CBIT_WARN) -Icmodel/include -fsyntax-only $(BUILD)/model/header.c

model-tests: $(MODEL_TEST_BIN) model-cxx ## tests of the model alone: standard vectors, OpenSSL, every table row
	@sh tests/model/run.sh $(MODEL_TEST_BIN)

model-asan: ## the same under the address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory -f cmodel/cmodel.mk model-tests BUILD=$(BUILD)/asan CFLAGS="-O1 -g" \
	  CBIT_SAN="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"

model-speed: $(BUILD)/model/speed_crypt ## speed of the model beside OpenSSL
	@$<

# ---- installation ----

# Other parts add their own prerequisites to these two.
install: model-install ## installs (DESTDIR=, PREFIX=/usr/local)
uninstall: model-uninstall ## removes what install put there

model-install: model
	$(INSTALL) -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)
	$(INSTALL) -m 644 $(CBIT_HDR) $(DESTDIR)$(INCLUDEDIR)
	$(INSTALL) -m 644 $(BUILD)/libcbit.a $(DESTDIR)$(LIBDIR)
	$(INSTALL) -m 755 $(BUILD)/$(CBIT_SONAME) $(DESTDIR)$(LIBDIR)
	ln -sf $(CBIT_SONAME) $(DESTDIR)$(LIBDIR)/libcbit.so
	$(INSTALL) -m 644 $(BUILD)/cbit.pc $(DESTDIR)$(LIBDIR)/pkgconfig

model-uninstall:
	rm -f $(addprefix $(DESTDIR)$(INCLUDEDIR)/,$(notdir $(CBIT_HDR)))
	rm -f $(DESTDIR)$(LIBDIR)/libcbit.a $(DESTDIR)$(LIBDIR)/$(CBIT_SONAME) $(DESTDIR)$(LIBDIR)/libcbit.so
	rm -f $(DESTDIR)$(LIBDIR)/pkgconfig/cbit.pc

model-clean:
	rm -rf $(BUILD)/cmodel $(BUILD)/model $(BUILD)/asan
	rm -f $(BUILD)/libcbit.a $(BUILD)/$(CBIT_SONAME) $(BUILD)/libcbit.so $(BUILD)/cbit.pc

-include $(CBIT_OBJ:.o=.d) $(MODEL_TEST_OBJ:.o=.d)
