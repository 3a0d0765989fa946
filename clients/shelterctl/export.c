/* SPDX-License-Identifier: MIT */
/*
 * The columns are those of all items in the order they first appear; a column
 * is a number when every value of it is one.  Tables get lon and lat instead
 * of a geometry.
 */
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <cpl_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "clients/shelterctl/export.h"

enum { EXPORT_COLUMNS = 64 };

struct format {
	const char *end, *driver;
	bool spatial;
};

static const struct format formats[] = { { ".csv", "CSV", false },
	{ ".xlsx", "XLSX", false }, { ".geojson", "GeoJSON", true },
	{ ".gpkg", "GPKG", true }, { NULL, NULL, false } };

struct export_column {
	const char *name;
	OGRFieldType type;
};

struct export
{
	const struct format *format;
	const cJSON *items;
	bool features; /* items are GeoJSON features */
	bool placed;   /* some item has a place */
	struct export_column column[EXPORT_COLUMNS];
	int n;
	OGRLayerH layer;
};

static const struct format *
format_of(const char *path)
{
	size_t n = strlen(path);

	for (const struct format *f = formats; f->end; f++) {
		size_t e = strlen(f->end);
		if (n > e && !strcasecmp(path + n - e, f->end))
			return f;
	}
	return NULL;
}

bool
export_knows(const char *path)
{
	return format_of(path) != NULL;
}

static const cJSON *
member(const cJSON *o, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(o, name);
}

static const cJSON *
values_of(const struct export *e, const cJSON *item)
{
	return e->features ? member(item, "properties") : item;
}

static OGRFieldType
type_of(const cJSON *v)
{
	if (cJSON_IsBool(v))
		return OFTInteger;
	if (!cJSON_IsNumber(v))
		return OFTString;
	return v->valuedouble == floor(v->valuedouble) ? OFTInteger64 : OFTReal;
}

static OGRFieldType
wider(OGRFieldType a, OGRFieldType b)
{
	if (a == b)
		return a;
	if (a == OFTString || b == OFTString)
		return OFTString;
	return a == OFTReal || b == OFTReal ? OFTReal : OFTInteger64;
}

static void
note_column(struct export *e, const cJSON *v)
{
	int i = 0;

	if (!strcmp(v->string, "at") || !strcmp(v->string, "geometry")) {
		e->placed = true;
		return;
	}
	while (i < e->n && strcmp(e->column[i].name, v->string))
		i++;
	if (i == EXPORT_COLUMNS)
		return;
	if (i < e->n) {
		if (!cJSON_IsNull(v))
			e->column[i].type =
			    wider(e->column[i].type, type_of(v));
		return;
	}
	/* an absent number is still a number: start from the narrowest */
	e->column[i] = (struct export_column){ v->string,
		cJSON_IsNull(v) ? OFTInteger : type_of(v) };
	e->n++;
}

static void
find_columns(struct export *e)
{
	const cJSON *item, *v;

	e->placed = e->features;
	cJSON_ArrayForEach(item, e->items)
	{
		cJSON_ArrayForEach(v, values_of(e, item)) note_column(e, v);
	}
}

static bool
create_columns(struct export *e)
{
	static const char *const place[] = { "lon", "lat", NULL };

	for (int i = 0; i < e->n; i++) {
		OGRFieldDefnH d =
		    OGR_Fld_Create(e->column[i].name, e->column[i].type);
		OGRErr got = OGR_L_CreateField(e->layer, d, 1);
		OGR_Fld_Destroy(d);
		if (got != OGRERR_NONE)
			return false;
	}
	for (int i = 0; place[i] && e->placed && !e->format->spatial; i++) {
		OGRFieldDefnH d = OGR_Fld_Create(place[i], OFTReal);
		OGRErr got = OGR_L_CreateField(e->layer, d, 1);
		OGR_Fld_Destroy(d);
		if (got != OGRERR_NONE)
			return false;
	}
	return true;
}

static void
set_value(OGRFeatureH f, int i, const cJSON *v)
{
	if (!v || cJSON_IsNull(v))
		return;
	if (cJSON_IsBool(v))
		OGR_F_SetFieldInteger(f, i, cJSON_IsTrue(v));
	else if (cJSON_IsNumber(v))
		OGR_F_SetFieldDouble(f, i, v->valuedouble);
	else if (cJSON_IsString(v))
		OGR_F_SetFieldString(f, i, v->valuestring);
	else {
		char *text = cJSON_PrintUnformatted(v);
		OGR_F_SetFieldString(f, i, text ? text : "");
		cJSON_free(text);
	}
}

/* The item's place; the caller destroys it, NULL: it has none. */
static OGRGeometryH
place_of(const cJSON *item)
{
	const cJSON *at = member(item, "at"), *g = member(item, "geometry");
	OGRGeometryH made = NULL;

	if (cJSON_IsObject(g)) {
		char *text = cJSON_PrintUnformatted(g);
		made = text ? OGR_G_CreateGeometryFromJson(text) : NULL;
		cJSON_free(text);
	} else if (cJSON_GetArraySize(at) == 2) {
		made = OGR_G_CreateGeometry(wkbPoint);
		OGR_G_SetPoint_2D(made, 0,
		    cJSON_GetNumberValue(cJSON_GetArrayItem(at, 0)),
		    cJSON_GetNumberValue(cJSON_GetArrayItem(at, 1)));
	}
	return made;
}

static void
set_place(struct export *e, OGRFeatureH f, const cJSON *item)
{
	OGRGeometryH g = place_of(item);

	if (!g)
		return;
	if (e->format->spatial) {
		OGR_F_SetGeometryDirectly(f, g);
		return;
	}
	OGRGeometryH centre = OGR_G_CreateGeometry(wkbPoint);
	if (OGR_G_Centroid(g, centre) == OGRERR_NONE) {
		OGR_F_SetFieldDouble(f, e->n, OGR_G_GetX(centre, 0));
		OGR_F_SetFieldDouble(f, e->n + 1, OGR_G_GetY(centre, 0));
	}
	OGR_G_DestroyGeometry(centre);
	OGR_G_DestroyGeometry(g);
}

static bool
write_items(struct export *e)
{
	const cJSON *item;
	bool ok = true;

	cJSON_ArrayForEach(item, e->items)
	{
		OGRFeatureH f = OGR_F_Create(OGR_L_GetLayerDefn(e->layer));
		const cJSON *values = values_of(e, item);
		for (int i = 0; i < e->n; i++)
			set_value(f, i, member(values, e->column[i].name));
		set_place(e, f, item);
		ok = ok && OGR_L_CreateFeature(e->layer, f) == OGRERR_NONE;
		OGR_F_Destroy(f);
	}
	return ok;
}

static bool
write_layer(struct export *e, GDALDatasetH data, const char *name)
{
	/* a number in quotes is a text to most readers */
	char *plain[] = { (char[]){ "STRING_QUOTING=IF_NEEDED" }, NULL };
	bool csv = !strcmp(e->format->driver, "CSV");
	OGRSpatialReferenceH wgs84 = NULL;

	if (e->format->spatial) {
		wgs84 = OSRNewSpatialReference(NULL);
		OSRImportFromEPSG(wgs84, 4326);
		OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
	}
	e->layer = GDALDatasetCreateLayer(data, name, wgs84,
	    e->format->spatial ? wkbUnknown : wkbNone, csv ? plain : NULL);
	if (wgs84)
		OSRDestroySpatialReference(wgs84);
	return e->layer && create_columns(e) && write_items(e);
}

bool
export_write(const char *path, const char *layer, const cJSON *items, char *why,
    size_t size)
{
	struct export e = { .format = format_of(path), .items = items };
	const cJSON *features = member(items, "features");
	GDALDatasetH data = NULL;
	bool ok = false;

	if (features) {
		e.items = features;
		e.features = true;
	}
	GDALAllRegister();
	CPLSetErrorHandler(CPLQuietErrorHandler);
	find_columns(&e);
	GDALDriverH driver =
	    e.format ? GDALGetDriverByName(e.format->driver) : NULL;
	if (driver) {
		unlink(path);
		data = GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL);
	}
	if (data) {
		ok = write_layer(&e, data, layer);
		CPLErrorReset();
		GDALClose(data);
		ok = ok && CPLGetLastErrorType() < CE_Failure;
	}
	if (!ok)
		snprintf(why, size, "%s: %s", path,
		    CPLGetLastErrorMsg()[0] ? CPLGetLastErrorMsg()
					    : "cannot be written");
	return ok;
}
