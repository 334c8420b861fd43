# Patchbay: `make run` opens the window, `make test` tests everything.
# Both install what they need on Debian and Ubuntu; elsewhere they say what to install.

SHELL := /bin/bash
GO ?= go
BIN := bin/patchbay
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)

# -race covers everything but the two folders that link OpenGL or drive the real program.
RACED = $(shell $(GO) list ./... | grep -v -e '/app/window$$' -e '/e2e$$' -e '^patchbay$$')

GOFUMPT := mvdan.cc/gofumpt@v0.12.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0

.PHONY: help run build headless test unit e2e bench bench-window soak monkey lint fmt deps check-go record-lua clean

help: ## what there is to make
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: build ## open the window (PROJECT=folder opens that project)
	$(BIN) $(PROJECT)

build: check-go ## build bin/patchbay with the window
	@.ci/deps build
	$(GO) build -tags migrated_fynedo -ldflags "-X patchbay/app/cli.Version=$(VERSION)" -o $(BIN) .

headless: check-go ## build bin/patchbay-headless: serve, run, lua, without OpenGL
	$(GO) build -tags headless -ldflags "-X patchbay/app/cli.Version=$(VERSION)" -o $(BIN)-headless .

test: check-go ## install what tests need, then run all of them
	@.ci/deps test
	$(MAKE) unit
	$(MAKE) e2e

unit: ## tests that need no display, with the race detector
	$(GO) vet ./...
	$(GO) test -race -timeout 15m $(RACED)
	$(GO) test -timeout 15m -run TestHostileScripts ./engine/lua53

e2e: ## the real program under Xvfb, a real browser
	$(GO) test -timeout 15m -v ./app/window ./e2e

bench: check-go ## benchmarks; figures are ratios against a baseline of the same run
	$(GO) test -run '^$$' -bench . -benchmem -timeout 60m ./patchdev/... ./engine/... ./ui/...

soak: check-go ## long runs: 200 kills, a history of 1,000,000 slots, a journal of 100,000 token messages (an hour or more)
	PATCHBAY_KILL_ROUNDS=200 PATCHBAY_SOAK_SLOTS=1000000 $(GO) test -timeout 180m -v -run 'TestKilled|TestLongHistory$$' ./engine
	PATCHBAY_SLOTS=100000 $(GO) test -timeout 60m -run '^$$' -bench 'BenchmarkReopen|BenchmarkMemory' -benchtime 1x ./engine

bench-window: check-go ## the real window under Xvfb against a bare Fyne window of the same run
	@.ci/deps test
	PATCHBAY_MEASURE=1 $(GO) test -timeout 30m -count 1 -v -run TestMeasureWindow ./e2e

MINUTES ?= 60
monkey: check-go ## a monkey at the real window under Xvfb (MINUTES=60), with Fyne's thread checks
	@.ci/deps test
	PATCHBAY_MONKEY=$(MINUTES) $(GO) test -timeout 0 -count 1 -v -run TestMonkey ./e2e

lint: check-go ## gofumpt, go vet, staticcheck, govulncheck
	@out=$$($(GO) run $(GOFUMPT) -l .) || exit 1; if [ -n "$$out" ]; then echo "gofumpt would change:"; echo "$$out"; exit 1; fi
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	@.ci/vuln $(GOVULNCHECK)

fmt: check-go ## gofumpt -w
	$(GO) run $(GOFUMPT) -w .

deps: check-go ## install the system packages for run and test
	@.ci/deps test

check-go:
	@.ci/go

record-lua: ## record the Lua probes' expected output again, from the lua5.3 program
	$(GO) run ./engine/lua53/difftest/record

clean: ## remove what make made
	rm -rf bin e2e/artifacts
