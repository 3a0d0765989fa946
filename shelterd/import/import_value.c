/* SPDX-License-Identifier: MIT */
/*
 * Texts, counts, identity, content, repetitions: what is said of a row that
 * has its position.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sodium.h>
#include "gis/hours.h"
#include "shelterd/import/import_check.h"
#include "shelterd/import/import_match.h"
#include "shelterd/rules.h"

static bool
blank_at(const char *s, bool end)
{
	static const char *const blanks[] = { " ", "\t", "\r", "\n",
		"\xe3\x80\x80", "\xc2\xa0" };
	size_t len = strlen(s);
	for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++) {
		size_t n = strlen(blanks[i]);
		if (n <= len &&
		    memcmp(end ? s + len - n : s, blanks[i], n) == 0)
			return true;
	}
	return false;
}

static void
check_texts(struct import *im, struct import_row *r)
{
	for (int t = 0; t < IMPORT_TEXTS; t++) {
		const char *s = r->text[t];
		if (*s && (blank_at(s, false) || blank_at(s, true)))
			import_warn(im, r, import_text_name(t),
			    import_text(im,
				"'%.*s' begins or ends with a blank",
				import_cut(s, 60), s));
	}
}

static void
check_counts(struct check *c, struct import_row *r)
{
	const struct rules *rules = c->rules;
	double high = 1 / rules->capacity.area_per_person;
	if (r->places < 0 && r->area < 0)
		import_warn(c->im, r, "places",
		    "neither places nor area: it takes nobody");
	if (r->places <= 0 || r->area <= 0)
		return;
	double density = (double)r->places / r->area;
	if (rules->built_density_high > high)
		high = rules->built_density_high;
	if (density < rules->built_density_low || density > high)
		import_warn(c->im, r, "places",
		    import_text(c->im,
			"%lld places on %.1f m2 are %.2f a m2; usual are"
			" %.2f to %.2f",
			(long long)r->places, r->area, density,
			rules->built_density_low, high));
}

/* Hours that are not understood would close a way for nobody knows whom. */
static void
check_hours(struct import *im, struct import_row *r)
{
	const char *text = r->text[TEXT_HOURS];
	struct gis_hours hours;
	if (!*text || gis_hours_read(text, &hours))
		return;
	import_warn(im, r, "hours",
	    import_text(im, "'%.*s' is not understood: taken as always open",
		import_cut(text, 60), text));
	r->text[TEXT_HOURS] = "";
}

static void
hash_int(crypto_generichash_state *h, int64_t v)
{
	crypto_generichash_update(h, (const void *)&v, sizeof(v));
}

/* Positions count to 1e-8 degrees, a millimetre, so that a transformation's
 * last bit does not make another row of it. */
static void
set_content(struct import *im, struct import_row *r)
{
	size_t len = r->wkb_len;
	const void *wkb = r->nlines ? import_lines_wkb(im, r, &len) : r->wkb;
	crypto_generichash_state h;
	crypto_generichash_init(&h, NULL, 0, CONTENT_HASH);
	for (int t = 0; t < IMPORT_TEXTS; t++) {
		if (t == TEXT_HOURS && !*r->text[t])
			continue; /* came later: rows without keep their hash */
		hash_int(&h, (int64_t)strlen(r->text[t]));
		crypto_generichash_update(
		    &h, (const void *)r->text[t], strlen(r->text[t]));
	}
	hash_int(&h, r->places);
	hash_int(&h, r->people);
	hash_int(&h, r->households);
	hash_int(&h, llround(r->area * 1000));
	hash_int(&h, r->hidden);
	hash_int(&h, r->steps);
	hash_int(&h, llround(r->lonlat.x * 1e8));
	hash_int(&h, llround(r->lonlat.y * 1e8));
	if (wkb)
		crypto_generichash_update(&h, wkb, len);
	else if (r->nlines)
		im->text.failed = true;
	crypto_generichash_final(&h, r->content, CONTENT_HASH);
}

static void
set_identity(struct import *im, struct import_row *r)
{
	const char *id = r->text[TEXT_REGISTER_ID];
	const char *address = r->text[TEXT_ADDRESS];
	r->identity = id;
	if (im->kind != IMPORT_SHELTERS || (!*id && !*address))
		return;
	const char *unit = r->text[TEXT_UNIT];
	size_t n = strlen(id) + strlen(address) + strlen(unit) + 3;
	char *text = rowtext_room(&im->text, n);
	if (!text)
		return;
	r->identity = text;
	text = stpcpy(text, id);
	*text++ = '\x1f';
	text = stpcpy(text, address);
	*text++ = '\x1f';
	strcpy(text, unit);
}

void
check_values(struct check *c, struct import_row *r)
{
	check_texts(c->im, r);
	if (c->im->kind == IMPORT_SHELTERS)
		check_counts(c, r);
	check_hours(c->im, r);
	set_identity(c->im, r);
	set_content(c->im, r);
}

enum repeat { EQUAL_ROW, SAME_ID, SAME_PLACE, REPEATS };

static struct match_bytes
repeat_key(
    const struct import *im, const struct import_row *r, enum repeat repeat)
{
	const char *id = r->text[TEXT_REGISTER_ID];
	if (r->outcome != OUT_PENDING)
		return (struct match_bytes){ NULL, 0 };
	switch (repeat) {
	case EQUAL_ROW:
		return (struct match_bytes){ r->content, CONTENT_HASH };
	case SAME_ID:
		if (*id)
			return (struct match_bytes){ id, strlen(id) };
		break;
	case SAME_PLACE:
		if (im->kind == IMPORT_SHELTERS)
			return (struct match_bytes){ &r->lonlat,
				sizeof(r->lonlat) };
		break;
	case REPEATS:
		break;
	}
	return (struct match_bytes){ NULL, 0 };
}

static void
mark(struct import *im, struct import_row *r, const struct import_row *first,
    enum repeat repeat)
{
	static const char *const fields[] = { "", "register_id", "at" };
	static const char *const words[] = { "an equal row",
		"the same register id", "the same place" };
	if (r->duplicate)
		return;
	r->duplicate_field = fields[repeat];
	r->duplicate = import_text(im, "%s stands in line %lld of %.*s",
	    words[repeat], (long long)first->line,
	    import_cut(im->files[first->file], 200), im->files[first->file]);
}

int
check_duplicates(struct import *im)
{
	int result = -1;
	struct match_bytes *keys = calloc(im->nrows + 1, sizeof(*keys));
	size_t *first = calloc(im->nrows + 1, sizeof(*first));
	if (!keys || !first)
		goto out;
	for (int repeat = EQUAL_ROW; repeat < REPEATS; repeat++) {
		for (size_t i = 0; i < im->nrows; i++)
			keys[i] =
			    repeat_key(im, &im->rows[i], (enum repeat)repeat);
		if (match_first(keys, im->nrows, first) < 0)
			goto out;
		for (size_t i = 0; i < im->nrows; i++)
			if (first[i] != i)
				mark(im, &im->rows[i], &im->rows[first[i]],
				    (enum repeat)repeat);
	}
	result = 0;
out:
	free(keys);
	free(first);
	return result;
}
