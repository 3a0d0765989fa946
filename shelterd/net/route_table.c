/* SPDX-License-Identifier: MIT */
/* All routes of the daemon: one array per noun, each in its api_<noun>.c. */
#include <stddef.h>
#include "shelterd/net/route.h"

extern const struct route routes_audit[];
extern const struct route routes_backup[];
extern const struct route routes_checklist[];
extern const struct route routes_closure[];
extern const struct route routes_coverage[];
extern const struct route routes_defect[];
extern const struct route routes_draw[];
extern const struct route routes_drill[];
extern const struct route routes_event[];
extern const struct route routes_explain[];
extern const struct route routes_home[];
extern const struct route routes_import[];
extern const struct route routes_inspection[];
extern const struct route routes_job[];
extern const struct route routes_login[];
extern const struct route routes_map[];
extern const struct route routes_meta[];
extern const struct route routes_notice[];
extern const struct route routes_plan[];
extern const struct route routes_rules[];
extern const struct route routes_schedule[];
extern const struct route routes_shelter[];
extern const struct route routes_siting[];
extern const struct route routes_stats[];
extern const struct route routes_task[];
extern const struct route routes_tile[];
extern const struct route routes_user[];
extern const struct route routes_whatif[];

const struct route *const route_arrays[] = {
	routes_audit,
	routes_backup,
	routes_checklist,
	routes_closure,
	routes_coverage,
	routes_defect,
	routes_draw,
	routes_drill,
	routes_event,
	routes_explain,
	routes_home,
	routes_import,
	routes_inspection,
	routes_job,
	routes_login,
	routes_map,
	routes_meta,
	routes_notice,
	routes_plan,
	routes_rules,
	routes_schedule,
	routes_shelter,
	routes_siting,
	routes_stats,
	routes_task,
	routes_tile,
	routes_user,
	routes_whatif,
	NULL,
};
