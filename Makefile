# SPDX-License-Identifier: GPL-2.0
# The targets are listed by `make help`. What is built goes to $(BUILD); what
# is fetched, to a cache outside the checkout (tests/lab/cache.sh).

BUILD	?= build
KERNEL	?= 6.1
KDIR	?=
PREFIX	?= /usr/local
DESTDIR	?=
ifeq ($(origin CC),default)
CC	:= gcc
endif
CFLAGS	?= -O2 -g
LAB	:= tests/lab
cache	= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/vmwalk

# Where the cache is, even in the bare environment of a service.
export HOME ?= $(shell getent passwd $$(id -u) | cut -d: -f6)

ifneq ($(V),1)
MAKEFLAGS += --no-print-directory
Q := @
say = @printf '  %-8s%s\n' '$(1)' '$(2)'
endif

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' \
		$(MAKEFILE_LIST)
	@echo 'Variables: KERNEL=6.1 (lab, module), MEM= CPUS= APPEND= TIMEOUT='
	@echo '  (lab), TESTS=pattern (check), BUILD=build, V=1 (print commands)'
	@echo 'Environment: VMWALK_MIRROR=http://host/debian, VMWALK_ACCEL=kvm'

all: user module

deps: ## install what is missing from Debian, or name it
	@$(LAB)/deps.sh

# The client. Flags are looked up when first needed, after deps.
# Those of OPENED are not linked, but opened when they are needed.
PACKAGES := libnl-3.0 libnl-genl-3.0 yajl
OPENED := libkmod libdw libelf ncursesw sqlite3
pkg_cflags = $(eval pkg_cflags := $$(shell pkg-config --cflags $(PACKAGES) \
	$(OPENED)))$(pkg_cflags)
pkg_libs = $(eval pkg_libs := $$(shell pkg-config --libs $(PACKAGES)))$(pkg_libs)

user_cflags = -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -MMD -MP \
	-Iinclude/uapi -Iinclude -Iuser -I$(BUILD)/gen $(pkg_cflags) $(CPPFLAGS) $(CFLAGS)
sanitize := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer

user_sources := $(wildcard user/*.c user/*/*.c)
user_objects := $(user_sources:%.c=$(BUILD)/obj/%.o)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(user_cflags) -c -o $@ $<

$(BUILD)/asan/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$< [asan])
	$(Q)$(CC) $(user_cflags) $(sanitize) -c -o $@ $<

$(BUILD)/vmwalk: $(user_objects)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(pkg_libs)

user: $(BUILD)/vmwalk $(BUILD)/vmwalk-explain.7 ## build/vmwalk, the client

# One table of explanations, for the client and for the manual.
explain := user/model/explain.awk user/model/explain.tbl
$(BUILD)/obj/user/model/explain.o $(BUILD)/asan/user/model/explain.o: $(BUILD)/gen/explain_table.h

$(BUILD)/gen/explain_table.h: $(explain)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)awk -v to=c -f $^ >$@

$(BUILD)/vmwalk-explain.7: $(explain) man/vmwalk-explain.7.in
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)awk -v to=man -f $^ >$@

# The page of `vmwalk report`: its scripts are one, in this order.
report := $(addprefix user/report/,page.html page.css $(addsuffix .js,format dom \
	model picture map table tree go diff keys page))
$(BUILD)/obj/user/render/report.o $(BUILD)/asan/user/render/report.o: \
	$(BUILD)/gen/report_page.h

$(BUILD)/gen/report_page.h: user/report/page.pl $(report)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)perl $^ >$@

# Kbuild knows what changed. The default KDIR is fetched when first needed.
module: ## build/module/RELEASE/vmwalk.ko for the lab's KERNEL, or for KDIR=
	@kdir='$(KDIR)'; \
	[ "$$kdir" ] || kdir=$$($(LAB)/kernel.sh $(KERNEL))/build && \
	$(LAB)/module.sh "$$kdir" $(BUILD)/module

# The others build on the first.
include $(LAB)/lab.mk $(filter-out %/lab.mk,$(wildcard $(LAB)/*.mk))

# The module only if it was built for the running kernel.
man := $(DESTDIR)$(PREFIX)/share/man
share := $(DESTDIR)$(PREFIX)/share/vmwalk
completions := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
zsh_completions := $(DESTDIR)$(PREFIX)/share/zsh/$(if $(filter \
	/usr,$(PREFIX)),vendor-completions,site-functions)
fish_completions := $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
running := $(shell uname -r)
updates := $(DESTDIR)/lib/modules/$(running)/updates

install: user ## client, manual and module into PREFIX=/usr/local, DESTDIR=
	install -D -m 755 $(BUILD)/vmwalk $(DESTDIR)$(PREFIX)/bin/vmwalk
	install -D -m 644 -t $(man)/man1 man/vmwalk.1
	install -D -m 644 -t $(man)/man4 man/vmwalk.4
	install -D -m 644 -t $(man)/man7 $(BUILD)/vmwalk-explain.7
	install -D -m 644 user/completion/vmwalk.bash $(completions)/vmwalk
	install -D -m 644 -t $(zsh_completions) user/completion/_vmwalk
	install -D -m 644 -t $(fish_completions) user/completion/vmwalk.fish
	install -D -m 644 -t $(share) user/gdb/vmwalk.py
	$(if $(wildcard $(BUILD)/module/$(running)/vmwalk.ko),install -D -m 644 \
		$(BUILD)/module/$(running)/vmwalk.ko $(updates)/vmwalk.ko)
	$(if $(DESTDIR),,$(if $(wildcard $(BUILD)/module/$(running)/vmwalk.ko),depmod))

uninstall: ## undo install
	rm -f $(DESTDIR)$(PREFIX)/bin/vmwalk $(completions)/vmwalk \
		$(share)/vmwalk.py $(zsh_completions)/_vmwalk \
		$(fish_completions)/vmwalk.fish \
		$(man)/man1/vmwalk.1 $(man)/man4/vmwalk.4 \
		$(man)/man7/vmwalk-explain.7 $(updates)/vmwalk.ko
	$(if $(DESTDIR),,$(if $(wildcard $(updates)),depmod))

clean: ## remove what was built
	rm -rf $(BUILD)

-include $(user_objects:.o=.d)

.PHONY: help all deps user module install uninstall clean
.DELETE_ON_ERROR:
