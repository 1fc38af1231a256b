# mod_spbe_guard: build, run and test
#
#   make -f apxs.mk            build everything (all)
#   make -f apxs.mk check      run every test
#
APXS     ?= apxs
CC       ?= cc
B        := build
INC      := -Imod_spbe_guard $(shell pkg-config --cflags libcjson libpcre2-8 libhs 2>/dev/null)
HTTPD    := -I$(shell $(APXS) -q INCLUDEDIR) -I$(shell $(APXS) -q APR_INCLUDEDIR) $(shell $(APXS) -q EXTRA_CPPFLAGS)
WARN     := -Wall -Wextra -Werror -Wno-unused-parameter
HARDEN   := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIC -fvisibility=hidden
CFLAGS   ?= -O2 -g
ALL      := -std=gnu11 $(CFLAGS) $(WARN) $(HARDEN) -D_GNU_SOURCE $(HTTPD) $(INC)
LIBS     := -laprutil-1 -lapr-1 -lcjson -lpcre2-8 -lhs -lz -lbrotlidec
SAN      := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

CORE     := $(wildcard mod_spbe_guard/text/*.c mod_spbe_guard/failure/*.c mod_spbe_guard/record/*.c)
STORE    := $(wildcard mod_spbe_guard/store/*.c)
MODULE   := $(wildcard mod_spbe_guard/httpd/*.c)
LOGGER   := $(wildcard mod_spbe_guard/logger/*.c)
CTL      := $(wildcard mod_spbe_guard/ctl/*.c)
UNIT     := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/*_test.c))
FUZZ     := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
DATA     := $(wildcard conf/rules/*.json conf/messages/*.json conf/pages/*)

obj       = $(patsubst %.c,$(B)/$(1)/%.o,$(2))

.PHONY: all unit
all: $(B)/mod_spbe_guard.so $(B)/spbe-guardlog $(B)/spbe-guardctl

$(B)/o/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL) -MMD -c -o $@ $<
$(B)/san/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -O2 -D_FORTIFY_SOURCE=2,$(ALL)) -O1 $(SAN) -MMD -c -o $@ $<

$(B)/o/mod_spbe_guard/failure/builtin.o $(B)/san/mod_spbe_guard/failure/builtin.o: $(DATA)

$(B)/mod_spbe_guard.so: $(call obj,o,$(CORE) $(MODULE))
	$(CC) -shared -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--no-undefined-version -o $@ $^ $(LIBS)
$(B)/spbe-guardlog: $(call obj,o,$(CORE) $(STORE) $(LOGGER))
	$(CC) -o $@ $^ $(LIBS)
$(B)/spbe-guardctl: $(call obj,o,$(CORE) $(STORE) $(CTL))
	$(CC) -o $@ $^ $(LIBS)

$(B)/tests/%: $(B)/san/tests/unit/%.o $(call obj,san,$(CORE) $(STORE))
	@mkdir -p $(@D)
	$(CC) $(SAN) -o $@ $^ $(LIBS) -lcmocka
$(B)/fuzz/fuzz_%: $(B)/san/tests/fuzz/fuzz_%.o $(B)/san/tests/fuzz/main.o $(call obj,san,$(CORE) $(STORE))
	@mkdir -p $(@D)
	$(CC) $(SAN) -o $@ $^ $(LIBS)
$(B)/tools/%: $(B)/o/tests/tools/%.o $(call obj,o,$(CORE) $(STORE))
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LIBS)

unit: $(UNIT)
	@set -e; for t in $^; do echo "== $$t"; $$t; done

-include $(shell find $(B) -name '*.d' 2>/dev/null)
