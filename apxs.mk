# mod_spbe_guard: build, run, test, install.
#
#   make -f apxs.mk             build/mod_spbe_guard.so, build/spbe-guardlog, build/spbe-guardctl
#   make -f apxs.mk deps        Debian packages for building and running (through sudo when not root)
#   make -f apxs.mk run         deps, build, then a guarded httpd with a failing sample application
#                               on http://127.0.0.1:8080/ until Ctrl-C
#   make -f apxs.mk run UPSTREAM=http://127.0.0.1:3000
#                               the same in front of your own application
#   make -f apxs.mk run INCLUDE=/path/to/my.conf
#                               either of them with a file of your own directives behind its own
#   make -f apxs.mk check       deps-check, build, then every test
#   make -f apxs.mk deps-check  what the tests need besides: Debian packages, npm packages in build/npm
#   make -f apxs.mk install     into Debian's apache2 (as root; DESTDIR= is honoured); enables nothing
#   make -f apxs.mk uninstall   takes that away again; records and edited settings stay
#   make -f apxs.mk bench       throughput beside plain httpd in the same run (needs wrk: deps-bench)
#   make -f apxs.mk faults      kills, full disks and stops of the log at length (check has a short form)
#   make -f apxs.mk fuzz        libFuzzer on each parser for FUZZ_SECONDS= (needs clang: deps-fuzz)
#   make -f apxs.mk format      clang-format over the C sources
#   make -f apxs.mk clean       remove build/
#   make -f apxs.mk help        this text
#
#   PORT=8080      port of run                    MPM=event   MPM of run; of check: those to test
#   UPSTREAM=      address of your application    V=1         show whole commands
#   INCLUDE=       file of directives for run
#   CC= CFLAGS=    compiler, optimisation         DESTDIR=    root of install and uninstall

# SPDX-License-Identifier: Apache-2.0

SELF     := $(firstword $(MAKEFILE_LIST))
B        := build
APXS     ?= apxs
CC       ?= cc
PKGCONF  ?= pkg-config
CFLAGS   ?= -O2 -g
PORT     ?= 8080
UPSTREAM ?=
INCLUDE  ?=
FUZZ_SECONDS ?= 30
DESTDIR  ?=
Q        := $(if $(V),,@)

# ---- packages -------------------------------------------------------------
# apache2-bin, not apache2: building and running need no service on port 80.
# Vectorscan is packaged for amd64 and arm64; elsewhere Hyperscan's name.
PKG_RUN   := gcc libc6-dev pkg-config apache2-bin apache2-dev media-types \
             libcjson-dev libpcre2-dev libvectorscan-dev libmagic-dev libxml2-dev \
             libidn2-dev libseccomp-dev zlib1g-dev libbrotli-dev libssl-dev libaprutil1-dbd-sqlite3 libaprutil1-dbd-pgsql \
             php-fpm php-cli php-sqlite3 curl
PKG_CHECK := libcmocka-dev procps libapache2-mod-perl2 libapache2-mod-php php-cgi \
             php-mysql php-xdebug postgresql python3-cryptography strace openssl perl libcgi-pm-perl python3 python3-flask \
             python3-jsonschema \
             python3-django gunicorn uwsgi-core uwsgi-plugin-python3 \
             tomcat10-common default-jre-headless brotli nghttp2-client nodejs npm chromium
PKG_BENCH := wrk
PKG_FUZZ  := clang

# ---- flags ----------------------------------------------------------------
# All of these are empty, not errors, until deps has run; the targets that
# install packages start make anew afterwards.
cc-option = $(shell $(CC) -Werror $(1) -E -x c /dev/null >/dev/null 2>&1 && echo $(1))
query     = $(shell $(APXS) -q $(1) 2>/dev/null)
LIBNAMES := apr-util-1 apr-1 libcjson libpcre2-8 libhs libmagic libxml-2.0 libidn2 \
            libcrypto zlib libbrotlidec
LIBEXEC  := $(call query,LIBEXECDIR)

HTTPD    := $(addprefix -I,$(call query,INCLUDEDIR)) $(call query,EXTRA_CPPFLAGS)
INC      := -Imod_spbe_guard -I$(B)/gen $(shell $(PKGCONF) --cflags $(LIBNAMES) 2>/dev/null)
WARN     := -Wall -Wextra -Werror -Wno-unused-parameter -Wformat -Werror=format-security
HARDEN   := -fPIC -fvisibility=hidden -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
            $(call cc-option,-fstack-clash-protection) \
            $(or $(call cc-option,-fcf-protection),$(call cc-option,-mbranch-protection=standard))
BASE     := -std=gnu11 $(CFLAGS) $(WARN) -D_GNU_SOURCE $(HTTPD) $(INC)
ALL      := $(BASE) $(HARDEN)
LINK     := -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
LIBS     := -laprutil-1 -lapr-1 -lcjson -lpcre2-8 -lhs -lmagic -lxml2 -lidn2 -lcrypto -lz \
            -lbrotlidec
SAN      := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
SANFLAGS := $(filter-out -O% -D_FORTIFY_SOURCE%,$(BASE)) $(SAN)
FUZZCC   ?= clang
FUZZFLAGS = $(filter-out -O% -D_FORTIFY_SOURCE%,$(BASE)) -O1 -g -fsanitize=fuzzer-no-link,address,undefined

# ---- sources, found as they are -------------------------------------------
CORE     := $(wildcard mod_spbe_guard/text/*.c mod_spbe_guard/input/*.c \
              mod_spbe_guard/failure/*.c mod_spbe_guard/record/*.c)
STORE    := $(wildcard mod_spbe_guard/store/*.c)
MODULE   := $(wildcard mod_spbe_guard/httpd/*.c)
LOGGER   := $(wildcard mod_spbe_guard/logger/*.c)
LOGLIB   := $(filter-out %/main.c,$(LOGGER))
CTL      := $(wildcard mod_spbe_guard/ctl/*.c)
UNIT     := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/*_test.c))
FUZZSRC  := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ     := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(FUZZSRC))
FUZZERS  := $(patsubst tests/fuzz/%.c,$(B)/fuzzer/%,$(FUZZSRC))
TOOLS    := $(patsubst tests/tools/%.c,$(B)/tools/%,$(wildcard tests/tools/*.c))
FAULTS   := $(wildcard tests/faults/*.c)
DATA     := $(wildcard conf/rules/*.json conf/messages/*.json conf/pages/* mod_spbe_guard/web/*.js)

obj       = $(patsubst %.c,$(B)/$(1)/%.o,$(2))

.PHONY: all deps deps-check deps-bench deps-fuzz run run-now check check-now \
        unit unit-programs replay tools install uninstall bench faults fuzz format clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(B)/mod_spbe_guard.so $(B)/spbe-guardlog $(B)/spbe-guardctl

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' $(SELF)

# ---- compile --------------------------------------------------------------
# Changed flags or a changed list of sources rebuild what depends on them.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@test -n '$(HTTPD)' || { echo "apxs not found: run 'make -f $(SELF) deps' first" >&2; exit 1; }
	@echo '$(CC) $(ALL) $(LINK) $(SAN)' | cmp -s - $@ || echo '$(CC) $(ALL) $(LINK) $(SAN)' >$@
$(B)/sources: FORCE
	@mkdir -p $(@D)
	@echo '$(CORE) $(STORE) $(MODULE) $(LOGGER) $(CTL) $(DATA)' | cmp -s - $@ || \
	  echo '$(CORE) $(STORE) $(MODULE) $(LOGGER) $(CTL) $(DATA)' >$@
FORCE:

$(B)/o/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC    $<")
	$(Q)$(CC) $(ALL) -MMD -MP -c -o $@ $<
$(B)/san/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CCSAN $<")
	$(Q)$(CC) $(SANFLAGS) -MMD -MP -c -o $@ $<
$(B)/fz/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CCFUZ $<")
	$(Q)$(FUZZCC) $(FUZZFLAGS) -MMD -MP -c -o $@ $<

# The files of conf/ and web/ inside the program: number, name, path, length of each.
$(B)/gen/builtin_files.h: $(DATA) $(B)/sources
	@mkdir -p $(@D)
	@i=0; for f in $(sort $(DATA)); do \
	  n=$${f#conf/}; n=$${n#mod_spbe_guard/}; \
	  echo "SPBE_FILE($$i, \"$$n\", \"$$f\", $$(wc -c <$$f))"; i=$$((i + 1)); done >$@
$(foreach k,o san fz,$(B)/$(k)/mod_spbe_guard/failure/builtin.o): $(B)/gen/builtin_files.h $(DATA)

# ---- link -----------------------------------------------------------------
objects = $(filter %.o,$^)

$(B)/mod_spbe_guard.so: $(call obj,o,$(CORE) $(MODULE)) $(B)/sources
	$(if $(V),,@echo "  LD    $@")
	$(Q)$(CC) -shared $(CFLAGS) $(LINK) -o $@ $(objects) $(LIBS)
$(B)/spbe-guardlog: $(call obj,o,$(CORE) $(STORE) $(LOGGER)) $(B)/sources
	$(if $(V),,@echo "  LD    $@")
	$(Q)$(CC) -pie $(CFLAGS) $(LINK) -o $@ $(objects) $(LIBS) -lseccomp
$(B)/spbe-guardctl: $(call obj,o,$(CORE) $(STORE) $(CTL)) $(B)/sources
	$(if $(V),,@echo "  LD    $@")
	$(Q)$(CC) -pie $(CFLAGS) $(LINK) -o $@ $(objects) $(LIBS)

$(B)/tests/%: $(B)/san/tests/unit/%.o $(call obj,san,$(CORE) $(STORE) $(LOGLIB)) $(B)/sources
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD    $@")
	$(Q)$(CC) $(SAN) -o $@ $(objects) $(LIBS) -lseccomp -lcmocka
$(B)/fuzz/fuzz_%: $(B)/san/tests/fuzz/fuzz_%.o $(B)/san/tests/fuzz/main.o $(call obj,san,$(CORE) $(STORE)) $(B)/sources
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD    $@")
	$(Q)$(CC) $(SAN) -o $@ $(objects) $(LIBS)
$(B)/fuzzer/fuzz_%: $(B)/fz/tests/fuzz/fuzz_%.o $(call obj,fz,$(CORE) $(STORE)) $(B)/sources
	@mkdir -p $(@D)
	$(Q)$(FUZZCC) -fsanitize=fuzzer,address,undefined -o $@ $(objects) $(LIBS)
$(B)/tools/%: $(B)/o/tests/tools/%.o $(call obj,o,$(FAULTS) $(CORE) $(STORE) $(LOGLIB)) $(B)/sources
	@mkdir -p $(@D)
	$(Q)$(CC) -pie $(LINK) -o $@ $(objects) $(LIBS) -lseccomp

-include $(shell find $(B)/o $(B)/san $(B)/fz -name '*.d' 2>/dev/null)

# ---- packages -------------------------------------------------------------
deps:
	@.ci/packages $(PKG_RUN)
deps-check:
	@.ci/packages $(PKG_RUN) $(PKG_CHECK)
	@.ci/npm $(B)/npm
deps-bench:
	@.ci/packages $(PKG_RUN) $(PKG_BENCH)
deps-fuzz:
	@.ci/packages $(PKG_RUN) $(PKG_FUZZ)

# ---- run ------------------------------------------------------------------
# make is started again so that the flags above are read with apxs installed.
run:
	@$(MAKE) --no-print-directory -f $(SELF) deps
	@$(MAKE) --no-print-directory -f $(SELF) all
	@exec setpriv --pdeathsig TERM $(MAKE) --no-print-directory -f $(SELF) run-now
run-now:
	@PORT='$(PORT)' UPSTREAM='$(UPSTREAM)' INCLUDE='$(INCLUDE)' MPM='$(or $(MPM),event)' exec conf/samples/run.sh

# ---- test -----------------------------------------------------------------
check:
	@$(MAKE) --no-print-directory -f $(SELF) deps-check
	@$(MAKE) --no-print-directory -f $(SELF) check-now
check-now:
	@MAKE='$(MAKE)' SELF='$(SELF)' MPMS='$(or $(MPM),event worker prefork)' tests/check.sh
unit-programs: $(UNIT)
unit: $(UNIT)
	@set -e; for t in $^; do echo "== $$t"; $$t; done
replay: $(FUZZ)
tools: $(TOOLS)

bench: all tools
	@tests/bench/bench.sh
	@echo
	@tests/bench/log.sh

faults: all tools
	@tests/faults/run.sh --long

fuzz: $(FUZZERS)
	@tests/fuzz/run.sh $(FUZZ_SECONDS) $^

# ---- install --------------------------------------------------------------
install: all
install uninstall:
	@DESTDIR='$(DESTDIR)' LIBEXEC='$(LIBEXEC)' B='$(B)' conf/install.sh $@

format:
	clang-format -i $$(find mod_spbe_guard tests t -name '*.[ch]')

clean:
	rm -rf $(B)
