/* SPDX-License-Identifier: MIT */
/*
 * Any file OGR reads as a source: GeoJSON, GeoPackage, Shapefile, sheets,
 * OpenStreetMap.  Geometries lose their heights and, when asked, their system.
 */
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <cpl_conv.h>
#include <cpl_error.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clients/shelterctl/source.h"

struct ogr_source {
	struct source base;
	GDALDatasetH data;
	OGRLayerH layer;
	bool is_result; /* the layer is the result set of a query */
	OGRFeatureH feature;
	OGRGeometryH geometry;
	OGRCoordinateTransformationH to_wgs84;
	char **text; /* values of the record, owned */
	const char **value;
	int64_t line, total;
	bool rows; /* feature ids are row numbers */
};

static struct ogr_source *
self(struct source *s)
{
	return (struct ogr_source *)s;
}

static void
forget_record(struct ogr_source *s)
{
	for (size_t i = 0; i < s->base.n; i++) {
		free(s->text[i]);
		s->text[i] = NULL;
	}
	if (s->geometry)
		OGR_G_DestroyGeometry(s->geometry);
	s->geometry = NULL;
	if (s->feature)
		OGR_F_Destroy(s->feature);
	s->feature = NULL;
}

static bool
take_values(struct ogr_source *s)
{
	for (size_t i = 0; i < s->base.n; i++) {
		s->value[i] = NULL;
		if (!OGR_F_IsFieldSetAndNotNull(s->feature, (int)i))
			continue;
		s->text[i] = strdup(OGR_F_GetFieldAsString(s->feature, (int)i));
		if (!s->text[i])
			return false;
		s->value[i] = s->text[i];
	}
	return true;
}

static bool
next(struct source *base, struct record *out)
{
	struct ogr_source *s = self(base);

	forget_record(s);
	CPLErrorReset();
	s->feature = OGR_L_GetNextFeature(s->layer);
	if (!s->feature)
		return false;
	s->line++;
	*out = (struct record){ .line = s->rows ? OGR_F_GetFID(s->feature)
						: s->line,
		.value = s->value,
		.n = base->n };
	if (!take_values(s))
		out->problem = "out of memory";
	OGRGeometryH g = OGR_F_GetGeometryRef(s->feature);
	s->geometry = g ? OGR_G_Clone(g) : NULL;
	if (!s->geometry)
		return true;
	OGR_G_FlattenTo2D(s->geometry);
	if (s->to_wgs84 &&
	    OGR_G_Transform(s->geometry, s->to_wgs84) != OGRERR_NONE)
		out->problem = "its position cannot be brought to WGS84";
	out->geometry = s->geometry;
	return true;
}

static void
close_ogr(struct source *base)
{
	struct ogr_source *s = self(base);

	if (s->text)
		forget_record(s);
	if (s->is_result)
		GDALDatasetReleaseResultSet(s->data, s->layer);
	if (s->to_wgs84)
		OCTDestroyCoordinateTransformation(s->to_wgs84);
	for (size_t i = 0; base->header && i < base->n; i++)
		free((char *)(uintptr_t)base->header[i]);
	free(base->header);
	free(s->text);
	free(s->value);
	free(base->name);
	if (s->data)
		GDALClose(s->data);
	free(s);
}

static int64_t
blank(struct source *base)
{
	(void)base;
	return 0;
}

static double
done(struct source *base)
{
	struct ogr_source *s = self(base);

	return s->total > 0 ? (double)s->line / (double)s->total : 0;
}

/* The n names of the layers in one sentence. */
static void
list_layers(GDALDatasetH data, char *text, size_t size)
{
	size_t at = 0;

	text[0] = '\0';
	for (int i = 0; i < GDALDatasetGetLayerCount(data); i++) {
		int n = snprintf(text + at, size - at, "%s%s", i ? ", " : "",
		    OGR_L_GetName(GDALDatasetGetLayer(data, i)));
		if (n < 0 || (size_t)n >= size - at)
			return;
		at += (size_t)n;
	}
}

/* OpenStreetMap's reader skips what is not asked for when it is a query. */
static bool
osm_layer(struct ogr_source *s, const char *layer, enum source_wish wish)
{
	static const char *const queries[] = {
		[SOURCE_POINTS] = "SELECT * FROM points",
		[SOURCE_AREAS] = "SELECT * FROM multipolygons",
		[SOURCE_LINES] = "SELECT * FROM lines",
		[SOURCE_TABLE] = "SELECT * FROM points",
	};
	const char *driver =
	    GDALGetDriverShortName(GDALGetDatasetDriver(s->data));

	if (layer || strcmp(driver, "OSM"))
		return false;
	s->layer = GDALDatasetExecuteSQL(s->data, queries[wish], NULL, NULL);
	s->is_result = s->layer != NULL;
	return true;
}

static bool
choose_layer(struct ogr_source *s, const char *layer, enum source_wish wish,
    char *why, size_t size)
{
	char names[256];

	if (osm_layer(s, layer, wish) && s->layer)
		return true;
	if (layer)
		s->layer = GDALDatasetGetLayerByName(s->data, layer);
	else if (GDALDatasetGetLayerCount(s->data) == 1)
		s->layer = GDALDatasetGetLayer(s->data, 0);
	if (s->layer)
		return true;
	list_layers(s->data, names, sizeof(names));
	snprintf(why, size, "%s: choose a layer with --layer: %s", s->base.name,
	    names[0] ? names : "it has none");
	return false;
}

static bool
take_header(struct ogr_source *s)
{
	OGRFeatureDefnH defn = OGR_L_GetLayerDefn(s->layer);
	int n = OGR_FD_GetFieldCount(defn);
	size_t room = (size_t)(n > 0 ? n : 1);

	s->base.header = calloc(room, sizeof(*s->base.header));
	s->text = calloc(room, sizeof(*s->text));
	s->value = calloc(room, sizeof(*s->value));
	if (!s->base.header || !s->text || !s->value)
		return false;
	for (int i = 0; i < n; i++) {
		const char *name =
		    OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(defn, i));
		if (!(s->base.header[i] = strdup(name)))
			return false;
		s->base.n++;
	}
	s->base.spatial = OGR_FD_GetGeomFieldCount(defn) > 0 &&
			  OGR_L_GetGeomType(s->layer) != wkbNone;
	return true;
}

/* Prepares the way to WGS84 when the layer names another system. */
static bool
plan_transform(struct ogr_source *s)
{
	OGRSpatialReferenceH from = OGR_L_GetSpatialRef(s->layer);
	OGRSpatialReferenceH wgs84;
	bool ok = true;

	if (!from)
		return true;
	wgs84 = OSRNewSpatialReference(NULL);
	from = OSRClone(from);
	OSRImportFromEPSG(wgs84, 4326);
	OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
	OSRSetAxisMappingStrategy(from, OAMS_TRADITIONAL_GIS_ORDER);
	if (!OSRIsSame(from, wgs84)) {
		s->to_wgs84 = OCTNewCoordinateTransformation(from, wgs84);
		ok = s->to_wgs84 != NULL;
	}
	OSRDestroySpatialReference(from);
	OSRDestroySpatialReference(wgs84);
	return ok;
}

static void
know_driver(struct ogr_source *s)
{
	const char *driver =
	    GDALGetDriverShortName(GDALGetDatasetDriver(s->data));

	s->rows = !strcmp(driver, "XLSX") || !strcmp(driver, "ODS");
	if (OGR_L_TestCapability(s->layer, OLCFastFeatureCount))
		s->total = OGR_L_GetFeatureCount(s->layer, 0);
}

/* A sheet of nothing but texts would be taken for one without a header. */
static void
expect_header(void)
{
	CPLSetConfigOption("OGR_XLSX_HEADERS", "FORCE");
	CPLSetConfigOption("OGR_XLSX_FIELD_TYPES", "STRING");
	CPLSetConfigOption("OGR_ODS_HEADERS", "FORCE");
	CPLSetConfigOption("OGR_ODS_FIELD_TYPES", "STRING");
}

struct source *
source_open_ogr(const char *path, const char *layer, enum source_wish wish,
    bool to_wgs84, char *why, size_t size)
{
	static bool registered;
	struct ogr_source *s = calloc(1, sizeof(*s));

	if (!s || !(s->base.name = strdup(path))) {
		snprintf(why, size, "out of memory");
		free(s);
		return NULL;
	}
	if (!registered) {
		GDALAllRegister();
		CPLSetErrorHandler(CPLQuietErrorHandler);
		registered = true;
	}
	if (wish == SOURCE_TABLE)
		expect_header();
	s->base.next = next;
	s->base.close = close_ogr;
	s->base.blank = blank;
	s->base.done = done;
	CPLErrorReset();
	s->data = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
	if (!s->data) {
		const char *told = CPLGetLastErrorMsg();
		if (!told || !*told)
			told = access(path, R_OK)
				   ? strerror(errno)
				   : "no kind of map file or sheet";
		snprintf(why, size, "%s: %s", path, told);
	} else if (!choose_layer(s, layer, wish, why, size)) {
		; /* told */
	} else if (!take_header(s) || (to_wgs84 && !plan_transform(s))) {
		snprintf(why, size, "%s: %s", path,
		    s->value ? "its coordinate system cannot be read"
			     : "out of memory");
	} else {
		know_driver(s);
		return &s->base;
	}
	close_ogr(&s->base);
	return NULL;
}
