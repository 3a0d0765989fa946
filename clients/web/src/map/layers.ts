// The map's sources and layers. There is no base map: the district's own
// streets, homes and shelters are drawn, so that no request leaves the host.
import type {
  ExpressionSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl'

export const sourceNames = ['streets', 'homes', 'area', 'gaps', 'shelters'] as const
export type SourceName = (typeof sourceNames)[number]

const empty: GeoJSONSourceSpecification = {
  type: 'geojson',
  data: { type: 'FeatureCollection', features: [] },
}

/** The shelter or place picked, drawn as a ring above all. */
export const pickedSource = 'picked'

export const colours = {
  usable: '#15803d',
  derated: '#d97706',
  unusable: '#b91c1c',
  area: '#3b82f6',
  gap: '#dc2626',
  well: '#86efac',
  part: '#fde68a',
  none: '#fca5a5',
}

const housed: ExpressionSpecification = [
  'coalesce',
  ['get', 'placed'],
  ['get', 'covered'],
  0,
]
const homeColour: ExpressionSpecification = [
  'case',
  ['==', ['coalesce', ['get', 'people'], 0], 0],
  '#e5e7eb',
  ['>=', housed, ['get', 'people']],
  colours.well,
  ['>', housed, 0],
  colours.part,
  colours.none,
]

// A circle's area, not its radius, stands for its places.
const placesRoot: ExpressionSpecification = [
  'sqrt',
  ['max', ['coalesce', ['get', 'places'], 0], 1],
]

// Shelters that the coverage's filter leaves out are only hinted at.
const counted = (yes: number, no: number): ExpressionSpecification => [
  'case',
  ['==', ['get', 'left_out'], true],
  no,
  yes,
]

const layers: LayerSpecification[] = [
  { id: 'paper', type: 'background', paint: { 'background-color': '#f3f4f6' } },
  {
    id: 'area',
    type: 'fill',
    source: 'area',
    paint: { 'fill-color': colours.area, 'fill-opacity': 0.12 },
  },
  {
    id: 'homes',
    type: 'fill',
    source: 'homes',
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: {
      'fill-color': homeColour,
      'fill-opacity': 0.7,
      'fill-outline-color': '#9ca3af',
    },
  },
  {
    id: 'homes-points',
    type: 'circle',
    source: 'homes',
    filter: ['==', ['geometry-type'], 'Point'],
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 12, 1.5, 16, 5],
      'circle-color': homeColour,
      'circle-stroke-color': '#6b7280',
      'circle-stroke-width': 0.5,
    },
  },
  {
    id: 'area-rim',
    type: 'line',
    source: 'area',
    paint: { 'line-color': colours.area, 'line-width': 1 },
  },
  {
    id: 'gaps',
    type: 'fill',
    source: 'gaps',
    paint: { 'fill-color': colours.gap, 'fill-opacity': 0.15 },
  },
  {
    id: 'gaps-rim',
    type: 'line',
    source: 'gaps',
    paint: { 'line-color': colours.gap, 'line-width': 1.5 },
  },
  {
    id: 'streets',
    type: 'line',
    source: 'streets',
    paint: { 'line-color': '#9ca3af', 'line-width': 1 },
  },
  {
    id: 'shelters',
    type: 'circle',
    source: 'shelters',
    layout: { 'circle-sort-key': ['-', 0, ['coalesce', ['get', 'places'], 0]] },
    paint: {
      'circle-radius': [
        'interpolate',
        ['linear'],
        ['zoom'],
        9,
        ['interpolate', ['linear'], placesRoot, 1, 1, 200, 2.5],
        12,
        ['interpolate', ['linear'], placesRoot, 1, 1.5, 200, 8],
        15,
        ['interpolate', ['linear'], placesRoot, 1, 3, 200, 16],
        18,
        ['interpolate', ['linear'], placesRoot, 1, 6, 200, 26],
      ],
      'circle-color': [
        'case',
        ['==', ['get', 'usable'], 0],
        colours.unusable,
        ['>', ['get', 'open_defects'], 0],
        colours.derated,
        colours.usable,
      ],
      'circle-stroke-color': '#ffffff',
      'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, 0, 14, 1],
      'circle-opacity': counted(0.9, 0.15),
      'circle-stroke-opacity': counted(1, 0.4),
    },
  },
  {
    id: 'picked',
    type: 'circle',
    source: pickedSource,
    paint: {
      'circle-radius': 16,
      'circle-opacity': 0,
      'circle-stroke-color': '#1d4ed8',
      'circle-stroke-width': 3,
    },
  },
]

export function districtStyle(): StyleSpecification {
  const sources = Object.fromEntries(
    [...sourceNames, pickedSource].map((name) => [name, { ...empty }]),
  )
  return { version: 8, sources, layers }
}

/** Layers that the switch of a source shows and hides. */
export function layersOf(source: SourceName): string[] {
  return layers
    .filter((layer) => 'source' in layer && layer.source === source)
    .map((layer) => layer.id)
}
