# SPDX-License-Identifier: MIT
# The numbered migrations as C strings, in order. The text is made anew each
# time and kept only when it differs, so an added, changed or removed .sql is
# noticed and nothing else rebuilds.

MIGRATIONS = $(sort $(wildcard shelterd/store/sql/[0-9][0-9][0-9][0-9]_*.sql))

$(BUILD)/migrations.c: FORCE
	@mkdir -p $(@D)
	@{ echo '#include "shelterd/store/migrate.h"'; \
	echo 'const struct migration migrations[] = {'; \
	for f in $(MIGRATIONS); do n=$${f##*/}; \
	printf '{ "%s",\n' "$${n%.sql}"; \
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $$f; \
	echo '},'; done; echo '{ 0, 0 } };'; } >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(BUILD)/obj/migrations.o: $(BUILD)/migrations.c shelterd/store/migrate.h
	@mkdir -p $(@D)
	$(call say,CC  )
	$(Q)$(CC) $(ALLFLAGS) -c -o $@ $<

FORCE:
.PHONY: FORCE
