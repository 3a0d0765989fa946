/* SPDX-License-Identifier: MIT */
/*
 * Recursive descent into an array of nodes; children stand before their
 * parents, the last node is the root.  Depth and size are bounded, so that an
 * expression from outside can neither exhaust the stack nor the clock.
 */
#include "shelterd/net/where.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum type { NODE_ALL, NODE_ANY, NODE_NOT, NODE_NUMBER, NODE_TEXT };
enum op { OP_EQ, OP_NE, OP_LE, OP_GE, OP_LT, OP_GT, OPS };

/* Longer spellings first: "<=" must not be read as "<". */
static const char *const op_words[OPS] = { "=", "!=", "<=", ">=", "<", ">" };

enum field_kind { FIELD_TEXT, FIELD_INT, FIELD_PLACES, FIELD_NUM, FIELD_BOOL };

#define AT(m) offsetof(struct snap_shelter, m)
static const struct field_row {
	const char *name;
	enum field_kind kind;
	size_t offset;
} fields[] = {
	{ "id", FIELD_INT, AT(id) },
	{ "register_id", FIELD_TEXT, AT(register_id) },
	{ "name", FIELD_TEXT, AT(name) },
	{ "address", FIELD_TEXT, AT(address) },
	{ "kind", FIELD_TEXT, AT(kind) },
	{ "precinct", FIELD_TEXT, AT(precinct) },
	{ "org", FIELD_TEXT, AT(org) },
	{ "floors", FIELD_TEXT, AT(floors) },
	{ "places", FIELD_PLACES, AT(places) },
	{ "area", FIELD_NUM, AT(area) },
	{ "usable", FIELD_INT, AT(usable) },
	{ "closed", FIELD_BOOL, AT(closed) },
};
#undef AT

struct node {
	enum type type;
	enum op op;
	const struct field_row *field;
	double number;
	const char *text;
	size_t left, right;
};

struct where {
	struct node *nodes;
	size_t n;
	char *texts; /* unescaped literals, one after the other */
};

struct parser {
	const char *text, *p;
	struct where *where;
	char *free_text;
	int depth;
	struct where_wrong *wrong;
};

/* Position of a node, or WRONG. */
static const size_t WRONG = (size_t)-1;

static size_t parse_any(struct parser *);

static size_t wrong_at(struct parser *, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static size_t
wrong_at(struct parser *p, const char *at, const char *fmt, ...)
{
	va_list ap;
	p->wrong->byte = (size_t)(at - p->text);
	va_start(ap, fmt);
	vsnprintf(p->wrong->why, sizeof(p->wrong->why), fmt, ap);
	va_end(ap);
	return WRONG;
}

static size_t
add(struct parser *p, struct node node)
{
	if (p->where->n == WHERE_NODES)
		return wrong_at(p, p->p, "more than %d parts", WHERE_NODES);
	p->where->nodes[p->where->n] = node;
	return p->where->n++;
}

static void
blanks(struct parser *p)
{
	p->p += strspn(p->p, " \t\r\n");
}

static size_t
word_length(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789_");
}

/* Reads over the word if it stands here. */
static bool
word(struct parser *p, const char *w)
{
	blanks(p);
	size_t n = word_length(p->p);
	if (n != strlen(w) || strncasecmp(p->p, w, n) != 0)
		return false;
	p->p += n;
	return true;
}

static const struct field_row *
parse_field(struct parser *p)
{
	blanks(p);
	size_t n = word_length(p->p);
	if (n == 0) {
		wrong_at(p, p->p, "a field is missing here");
		return NULL;
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (strlen(fields[i].name) == n &&
		    strncasecmp(fields[i].name, p->p, n) == 0) {
			p->p += n;
			return &fields[i];
		}
	wrong_at(p, p->p, "no field '%.*s'", n > 40 ? 40 : (int)n, p->p);
	return NULL;
}

static bool
parse_op(struct parser *p, enum op *op)
{
	blanks(p);
	for (int i = 0; i < OPS; i++)
		if (strncmp(p->p, op_words[i], strlen(op_words[i])) == 0) {
			p->p += strlen(op_words[i]);
			*op = (enum op)i;
			return true;
		}
	wrong_at(p, p->p, "= != < <= > or >= is missing here");
	return false;
}

static bool
parse_text(struct parser *p, const char **out)
{
	const char *begin = p->p++;
	*out = p->free_text;
	for (; *p->p; p->p++) {
		if (*p->p == '\'' && *++p->p != '\'') {
			*p->free_text++ = '\0';
			return true;
		}
		*p->free_text++ = *p->p;
	}
	wrong_at(p, begin, "this text is never closed");
	return false;
}

static bool
parse_number(struct parser *p, double *out)
{
	char *end = NULL;
	if (word(p, "true") || word(p, "false")) {
		*out = p->p[-2] == 'u' || p->p[-2] == 'U';
		return true;
	}
	size_t n = strspn(p->p, "+-.0123456789eE");
	*out = strtod(p->p, &end);
	if (n == 0 || end != p->p + n || !isfinite(*out)) {
		wrong_at(p, p->p, "a number is missing here");
		return false;
	}
	p->p = end;
	return true;
}

static size_t
parse_comparison(struct parser *p)
{
	struct node node = { .type = NODE_NUMBER };
	node.field = parse_field(p);
	if (!node.field || !parse_op(p, &node.op))
		return WRONG;
	blanks(p);
	bool quoted = *p->p == '\'';
	if (quoted != (node.field->kind == FIELD_TEXT))
		return wrong_at(p, p->p,
		    quoted ? "%s is a number, not a text"
			   : "%s is a text: a value in '…' is missing here",
		    node.field->name);
	if (quoted ? !parse_text(p, &node.text)
		   : !parse_number(p, &node.number))
		return WRONG;
	if (quoted)
		node.type = NODE_TEXT;
	return add(p, node);
}

static size_t
parse_bracket(struct parser *p)
{
	const char *begin = p->p++;
	size_t inner = parse_any(p);
	if (inner == WRONG)
		return WRONG;
	blanks(p);
	if (*p->p != ')')
		return *p->p ? wrong_at(p, p->p, "and, or or ) is missing here")
			     : wrong_at(p, begin, "this ( is never closed");
	p->p++;
	return inner;
}

static size_t
parse_one(struct parser *p)
{
	size_t result = WRONG;
	if (p->depth == WHERE_DEPTH)
		return wrong_at(p, p->p, "nested deeper than %d", WHERE_DEPTH);
	p->depth++;
	blanks(p);
	if (word(p, "not")) {
		size_t of = parse_one(p);
		result =
		    of == WRONG
			? WRONG
			: add(p, (struct node){ .type = NODE_NOT, .left = of });
	} else if (*p->p == '(')
		result = parse_bracket(p);
	else
		result = parse_comparison(p);
	p->depth--;
	return result;
}

/* one { joint one }, to the left. */
static size_t
parse_chain(struct parser *p, const char *joint, enum type type,
    size_t (*part)(struct parser *))
{
	size_t left = part(p);
	while (left != WRONG && word(p, joint)) {
		size_t right = part(p);
		if (right == WRONG)
			return WRONG;
		left = add(p, (struct node){
				  .type = type, .left = left, .right = right });
	}
	return left;
}

static size_t
parse_all(struct parser *p)
{
	return parse_chain(p, "and", NODE_ALL, parse_one);
}

static size_t
parse_any(struct parser *p)
{
	return parse_chain(p, "or", NODE_ANY, parse_all);
}

static size_t
parse_whole(struct parser *p)
{
	size_t length = strnlen(p->text, WHERE_MAX + 1);
	if (length > WHERE_MAX)
		return wrong_at(
		    p, p->text + WHERE_MAX, "longer than %d bytes", WHERE_MAX);
	blanks(p);
	if (!*p->p)
		return 0;
	if (parse_any(p) == WRONG)
		return WRONG;
	blanks(p);
	if (*p->p)
		return wrong_at(p, p->p, "and or or is missing here");
	return 0;
}

struct where *
where_parse(const char *text, struct where_wrong *wrong)
{
	struct where *w = calloc(1, sizeof(*w));
	struct parser p = {
		.text = text, .p = text, .where = w, .wrong = wrong
	};
	*wrong = (struct where_wrong){ .why = "out of memory" };
	if (w) {
		w->nodes = calloc(WHERE_NODES, sizeof(*w->nodes));
		w->texts = malloc(WHERE_MAX + 1);
		p.free_text = w->texts;
	}
	if (!w || !w->nodes || !w->texts || parse_whole(&p) == WRONG) {
		where_free(w);
		return NULL;
	}
	return w;
}

void
where_free(struct where *w)
{
	if (!w)
		return;
	free(w->nodes);
	free(w->texts);
	free(w);
}

/* NAN: not known. */
static double
number_of(const struct field_row *f, const struct snap_shelter *s)
{
	const char *at = (const char *)s + f->offset;
	double v = 0;
	switch (f->kind) {
	case FIELD_INT:
		return (double)*(const int64_t *)(const void *)at;
	case FIELD_PLACES:
		v = (double)*(const int64_t *)(const void *)at;
		return v < 0 ? NAN : v;
	case FIELD_NUM:
		v = *(const double *)(const void *)at;
		return v < 0 ? NAN : v;
	case FIELD_BOOL:
		return *(const bool *)(const void *)at;
	case FIELD_TEXT:
		break;
	}
	return NAN;
}

static bool
holds(enum op op, int order)
{
	switch (op) {
	case OP_EQ:
		return order == 0;
	case OP_NE:
		return order != 0;
	case OP_LE:
		return order <= 0;
	case OP_GE:
		return order >= 0;
	case OP_LT:
		return order < 0;
	case OP_GT:
		return order > 0;
	case OPS:
		break;
	}
	return false;
}

static bool
node_picks(const struct where *w, size_t i, const struct snap_shelter *s)
{
	const struct node *n = &w->nodes[i];
	switch (n->type) {
	case NODE_ALL:
		return node_picks(w, n->left, s) && node_picks(w, n->right, s);
	case NODE_ANY:
		return node_picks(w, n->left, s) || node_picks(w, n->right, s);
	case NODE_NOT:
		return !node_picks(w, n->left, s);
	case NODE_TEXT: {
		const char *const *at =
		    (const void *)((const char *)s + n->field->offset);
		return holds(n->op, strcmp(*at ? *at : "", n->text));
	}
	case NODE_NUMBER: {
		double v = number_of(n->field, s);
		return !isnan(v) &&
		       holds(n->op, (v > n->number) - (v < n->number));
	}
	}
	return false;
}

bool
where_picks(const struct where *w, const struct snap_shelter *s)
{
	return !w || w->n == 0 || node_picks(w, w->n - 1, s);
}
