# The web page: clients/web -> $(BUILD)/web, when npm is on the machine.
WEB_SRC := $(shell find clients/web -type f \
	-not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
NPM := $(shell command -v npm 2>/dev/null)

web: $(if $(wildcard clients/web/package.json),$(if $(NPM),build/web/index.html,no-npm))

build/web/index.html: $(WEB_SRC)
	cd clients/web && npm install --no-save --no-audit --no-fund --loglevel=error \
		&& npm run --silent build -- --outDir ../../build/web --emptyOutDir
	@touch $@

no-npm:
	@echo "no npm on this machine: the web page is left out (make setup-web)"

.PHONY: web no-npm
