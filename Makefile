# Klar's build. "make run" builds, fetches the embedded engine and starts; "make test" runs every test.
.DEFAULT_GOAL := build
SHELL := /bin/bash

include assets/assets.mk

WEB := dashboards/web
DIST := $(WEB)/dist/index.html
TRACKER := collector/beacon/dist/script.js
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public $(WEB)/index.html $(WEB)/*.ts $(WEB)/*.json -type f 2>/dev/null)
GO_SOURCES := $(shell find . -name '*.go' -not -path '*/node_modules/*' -not -name '*_test.go') go.mod go.sum $(wildcard storage/*/*.sql alert/rules/*.yaml)
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo dev)

# What the tests and the program find the fetched files by.
export KLAR_ASSETS := $(CURDIR)/$(ASSETS)
KLAR_NGINX ?= $(or $(shell command -v nginx),$(CURDIR)/bin/nginx/usr/sbin/nginx)
export KLAR_NGINX
KLAR_PROMTOOL ?= $(or $(shell command -v promtool),$(CURDIR)/bin/prometheus/usr/bin/promtool)
export KLAR_PROMTOOL
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

DATA ?= data
SITE ?= example.org

.PHONY: build run test test-go test-web check fuzz chaos attack accuracy detect bench seed clean

build: assets bin/klar

bin/klar: $(GO_SOURCES) $(DIST) $(TRACKER) $(BOTS)
	@command -v go >/dev/null || { echo "make needs Go 1.26 or newer: https://go.dev/dl" >&2; exit 1; }
	@echo "Building bin/klar ..."
	@go build -trimpath -ldflags '-X main.version=$(VERSION)' -o $@ ./cmd/klar

$(WEB)/node_modules/.fetched: $(WEB)/package.json $(WEB)/package-lock.json
	@echo "Fetching the web packages ..."
	@cd $(WEB) && npm ci --no-audit --no-fund --progress --loglevel=error
	@touch $@

$(DIST): $(WEB)/node_modules/.fetched $(WEB_SOURCES)
	@echo "Building the dashboard ..."
	@cd $(WEB) && npm run --silent build
	@touch $@

$(TRACKER): $(WEB)/node_modules/.fetched $(wildcard $(WEB)/tracker/*.ts) $(WEB)/vite.tracker.config.ts
	@echo "Building the tracker ..."
	@cd $(WEB) && npm run --silent build:tracker
	@touch $@

# make run                       starts Klar on loopback and says which address to open
# make run LOG=access.log        imports the log first, as the site SITE
run: build
ifdef LOG
	@bin/klar import --data $(DATA) --site $(SITE) $(LOG)
endif
	@exec bin/klar serve --data $(DATA)

test: build test-go test-web

test-go:
	@cmd/klar/install-nginx
	@dashboards/prometheus/install-promtool
	@cmd/klar/install-alertmanager >/dev/null
	KLAR_WRK=$$(cmd/klar/install-wrk) KLAR_ALERTMANAGER=$$(cmd/klar/install-alertmanager) go test -race -count=1 -timeout 30m ./...

test-web: build
	@$(WEB)/e2e/install-browser
	@$(WEB)/e2e/run

check: assets $(WEB)/node_modules/.fetched
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not formatted:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go test -count=1 -run 'Boundary|Compile|Documented' .
	cd $(WEB) && npm run --silent check

# Half a minute for each parser; FUZZTIME=1m for longer.
FUZZTIME ?= 30s
fuzz:
	@for pkg in $$(go list ./...); do \
	  for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; done; done

# Kills klar and its engine again and again, and worse: TestChaos, but longer. Another SEED takes another course.
KILLS ?= 200
SEED ?= 20261123
chaos: assets $(BOTS) $(TRACKER) $(DIST)
	go test -count=1 -v -timeout 60m -run '^TestChaos$$' ./cmd/klar -args -kills $(KILLS) -seed $(SEED)

# Attacks on what is stored, and the tables of docs/attacks.md, of the real log or of LOG=access.log (combined).
attack: assets $(BOTS)
	go test -count=1 -v -timeout 30m ./bench/attack -args -report $(if $(LOG),-log $(abspath $(LOG)))

# Counts logs the classic way, with identifiers, asks Klar the same, and prints the differences (some three minutes).
# UPDATE=-update writes them into docs/metrics.md.
accuracy: assets $(BOTS)
	@go test -count=1 -v -timeout 30m -run '^TestAccuracy$$' ./accuracy -args -everything $(UPDATE)

# What is recognised of attacks, by class and set of data, and how much that is none; what alerts find and whom they name at
# several prefix lengths. CI holds the same figures.
detect:
	@go test -count=1 -v -run '^Test' ./anonymize/threat
	@go test -count=1 -v ./bench/shortening -args -busy

# Side by side in one run: klar import, GoAccess, ClickHouse's own regular expression; beacons and a bare net/http
# handler; what an ordinary request costs to be known as harmless, and libinjection. Then klar serve by itself: a log that
# grows fast, and one at rest. At last the dashboard over a year of data.
# LINES and RUNS may be given.
LINES ?= 1000000
RUNS ?= 3
bench: build
	@command -v goaccess >/dev/null || { echo "make bench needs GoAccess: apt-get install goaccess" >&2; exit 1; }
	go test -run '^$$' -bench . -benchmem ./collector/... ./anonymize/... ./storage/...
	go run ./bench -lines $(LINES) -runs $(RUNS)
	go run ./bench/beacons -runs $(RUNS)
	go run ./bench/classify
	go run ./bench/live
	rm -rf build/bench/seed
	go run ./bench/seed -hits $(LINES) -data build/bench/seed
	go run ./bench/panels -data build/bench/seed

# A year of one large site in a data directory of its own: make seed HITS=100000000 SEEDED=/var/tmp/year
HITS ?= 1000000
SEEDED ?= build/seed
seed: build
	go run ./bench/seed -hits $(HITS) -data $(SEEDED)

clean:
	rm -rf bin build $(NODE_MODULES) $(WEB)/node_modules $(WEB)/dist/assets $(DIST) collector/beacon/dist/*.js $(BOTS)
