# Arrows of the house, formatting, both compilers with -Werror, analysers.
C_FILES = $(shell git ls-files '*.c' '*.h' '*.cc' 2>/dev/null)

format:
	clang-format -i $(C_FILES)

lint: setup-test lint-arrows
	clang-format --dry-run -Werror $(C_FILES)
	$(MAKE) BUILD=build-gcc CC=gcc WERROR=-Werror $(subst $(BUILD)/,build-gcc/,$(BIN))
	$(MAKE) BUILD=build-clang CC=clang WERROR=-Werror $(subst $(BUILD)/,build-clang/,$(BIN))
	cd clients/web && npm run --silent lint

lint-arrows:
	@tests/arrows.sh

.PHONY: format lint lint-arrows
