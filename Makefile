# The two commands that matter: `make demo` shows what trawl does, `make test` proves it. Both install what is missing
# (Debian packages, as root or with sudo), build the release program and need no network the second time.

SHELL := /bin/bash
TRAWL := build/release/trawl
# Of the system, not of a virtual environment: the tests need the standard library alone.
PYTHON := $(firstword $(wildcard /usr/bin/python3) python3)

.PHONY: all setup release demo docs test sanitize race fuzz soak bench format format-check lint check clean help

all: release

help:
	@echo "make            install what is missing, build $(TRAWL)"
	@echo "make demo       scan the example account and show the findings"
	@echo "make test       build the release program and run all tests"
	@echo "make sanitize   run the tests under AddressSanitizer and UndefinedBehaviorSanitizer"
	@echo "make race       run the tests under ThreadSanitizer"
	@echo "make fuzz       fuzz every parser and decoder for FUZZ_SECONDS (default 60) each"
	@echo "make soak       the long tests: fuzzing, threads, large inputs"
	@echo "make bench      measure speed and memory beside other programs (BENCH_MB, default 1024)"
	@echo "make docs       write docs/CLI.md and docs/kinds/ anew from what the program says of itself"
	@echo "make format     lay out the code with clang-format; make lint runs clang-tidy"

setup:
	@tools/setup.sh build
	@tools/fetch_arrow.sh

release: setup
	@tools/build.sh release

demo: release
	@tools/demo.sh $(TRAWL)

docs: release
	@tools/docs.sh $(TRAWL)

test: setup
	@tools/setup.sh test
	@tools/build.sh release
	@tools/run_tests.sh build/release

sanitize: setup
	@tools/setup.sh test
	@tools/build.sh asan
	@tools/run_tests.sh build/asan

race: setup
	@tools/setup.sh test
	@tools/build.sh tsan
	@TSAN_OPTIONS=suppressions=$(CURDIR)/test/sanitizers/thread.supp tools/run_tests.sh build/tsan

FUZZ_SECONDS ?= 60
fuzz: setup
	@tools/setup.sh fuzz
	@tools/build.sh fuzz
	@tools/fuzz.sh build/fuzz $(FUZZ_SECONDS)

soak: race
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=600
	@tools/build.sh release
	@tools/run_tests.sh build/release soak

BENCH_MB ?= 1024
bench: setup
	@tools/setup.sh bench
	@tools/build.sh release
	@$(PYTHON) test/bench/run.py --trawl $(TRAWL) --programs build/release --megabytes $(BENCH_MB)

format:
	@tools/setup.sh lint
	@git ls-files 'src/*.h' 'src/*.cpp' 'test/*.h' 'test/*.cpp' | xargs -r clang-format-19 -i

format-check:
	@tools/setup.sh lint
	@git ls-files 'src/*.h' 'src/*.cpp' 'test/*.h' 'test/*.cpp' | xargs -r clang-format-19 --dry-run -Werror

lint: setup
	@tools/setup.sh lint
	@$(PYTHON) tools/check_layers.py
	@tools/lint.sh

# What a change must pass before it is shown to others.
check: format-check lint test

clean:
	rm -rf build/release build/asan build/tsan build/fuzz build/dev
