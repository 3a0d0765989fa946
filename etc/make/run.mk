# The daemon by hand, and as a service.
PREFIX ?= /usr
SHARE = $(DESTDIR)$(PREFIX)/share

run: all
	@mkdir -p $(BUILD)/run
	$(BUILD)/shelterd -c etc/shelterd.conf -o store=$(BUILD)/run/store.db \
		-o admin-token-file=$(BUILD)/run/admin.token \
		-o backup-dir=$(BUILD)/run/backup

install: all
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/sbin $(BUILD)/shelterd
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/bin $(BUILD)/shelterctl \
		$(BUILD)/shelter-field
	install -d $(SHARE)/shelterd
	cp -r etc/rules etc/mappings $(SHARE)/shelterd
	[ ! -d build/web ] || cp -r build/web $(SHARE)/shelterd
	install -D -m 644 -t $(SHARE)/man/man1 etc/man/*.1
	install -D -m 644 -t $(SHARE)/man/man8 etc/man/*.8
	install -D -m 644 -t $(SHARE)/bash-completion/completions \
		etc/completion/*
	[ -e $(DESTDIR)/etc/shelterd/shelterd.conf ] || \
		install -D -m 644 -t $(DESTDIR)/etc/shelterd etc/shelterd.conf
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/systemd/system \
		etc/shelterd.service

.PHONY: run install
