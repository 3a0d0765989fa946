/* SPDX-License-Identifier: MIT */
/* The bounded search: see reach_search.h. */
#include "gis/reach_search.h"

#include <stdlib.h>
#include <string.h>

int
gis_search_init(struct gis_search *s, const struct gis_ways *r, uint32_t limit)
{
	size_t buckets = (limit >> GIS_BUCKET_BITS) + 1;

	*s = (struct gis_search){
		.ways = r, .room = 1024, .limit = limit, .widest = limit
	};
	s->dm = malloc((r->nodes + 1) * sizeof(*s->dm));
	s->met = malloc((r->nodes + 1) * sizeof(*s->met));
	s->head = malloc(buckets * sizeof(*s->head));
	s->waiting = malloc(s->room * sizeof(*s->waiting));
	if (s->dm == NULL || s->met == NULL || s->head == NULL ||
	    s->waiting == NULL)
		return -1;
	for (size_t i = 0; i < r->nodes; i++)
		s->dm[i] = GIS_REACH_FAR;
	memset(s->head, 0xff, buckets * sizeof(*s->head));
	return 0;
}

void
gis_search_release(struct gis_search *s)
{
	free(s->dm);
	free(s->met);
	free(s->head);
	free(s->waiting);
}

static bool
make_room(struct gis_search *s)
{
	void *p = realloc(s->waiting, s->room * 2 * sizeof(*s->waiting));

	if (p == NULL) {
		s->failed = true;
		return false;
	}
	s->waiting = p;
	s->room *= 2;
	return true;
}

static inline void
offer(struct gis_search *s, uint32_t node, uint32_t dm)
{
	uint32_t *head;

	if (dm > s->limit || dm >= s->dm[node] ||
	    (s->bound != NULL && dm > s->bound[node]))
		return;
	if (s->nwaiting == s->room && !make_room(s))
		return;
	head = &s->head[dm >> GIS_BUCKET_BITS];
	if (s->dm[node] == GIS_REACH_FAR)
		s->met[s->nmet++] = node;
	s->dm[node] = dm;
	s->waiting[s->nwaiting] = (struct gis_waiting){ node, dm, *head };
	*head = (uint32_t)s->nwaiting++;
}

static void
clear(struct gis_search *s)
{
	for (size_t i = 0; i < s->nmet; i++)
		s->dm[s->met[i]] = GIS_REACH_FAR;
	s->nmet = s->nwaiting = 0;
}

void
gis_search_from(struct gis_search *s, const struct gis_stop *from,
    const struct gis_hooks *hooks, gis_search_visit *visit, void *arg)
{
	const struct gis_ways *r = s->ways;
	uint32_t last = s->limit >> GIS_BUCKET_BITS;
	struct gis_waiting e;

	offer(s, from->node[0], from->to[0]);
	offer(s, from->node[1], from->to[1]);
	for (uint32_t b = 0; b <= last; b++)
		while (s->head[b] != GIS_NONE) {
			e = s->waiting[s->head[b]];
			s->head[b] = e.next;
			if (e.dm != s->dm[e.node] || e.dm > s->limit)
				continue;
			s->settled++;
			if (gis_hooks_at(hooks, e.node))
				visit(arg, e.node, e.dm);
			for (uint32_t i = r->first[e.node];
			     i < r->first[e.node + 1]; i++)
				offer(s, r->way[i].node, e.dm + r->way[i].dm);
		}
	clear(s);
}

int
gis_search_spread(struct gis_search *s, uint32_t *bound)
{
	const struct gis_ways *r = s->ways;
	uint32_t last = s->widest >> GIS_BUCKET_BITS;
	struct gis_waiting e;

	s->limit = s->widest;
	s->bound = NULL;
	for (uint32_t v = 0; v < r->nodes; v++)
		if (bound[v] < GIS_REACH_FAR)
			offer(s, v, bound[v]);
	for (uint32_t b = 0; b <= last; b++)
		while (s->head[b] != GIS_NONE) {
			e = s->waiting[s->head[b]];
			s->head[b] = e.next;
			if (e.dm != s->dm[e.node])
				continue;
			for (uint32_t i = r->first[e.node];
			     i < r->first[e.node + 1]; i++)
				offer(s, r->way[i].node, e.dm + r->way[i].dm);
		}
	for (uint32_t v = 0; v < r->nodes; v++)
		bound[v] = s->dm[v];
	clear(s);
	return s->failed ? -1 : 0;
}
