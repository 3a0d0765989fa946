// The map's sources, all vector tiles, and layers. There is no base map: the
// district's own streets, homes and shelters are drawn, so that no request
// leaves the host.
import type {
  ExpressionSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  StyleSpecification,
  VectorSourceSpecification,
} from 'maplibre-gl'

export const sourceNames = ['streets', 'homes', 'area', 'gaps', 'shelters'] as const
export type SourceName = (typeof sourceNames)[number]

// Deeper tiles would show nothing more: a unit of this zoom is 15 cm.
const deepest = 16
// Where the daemon has nothing, nothing is asked.
const highest: Partial<Record<SourceName, number>> = { streets: 11, gaps: 11 }
const doorsFrom = 16

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
  closed: '#7f1d1d',
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

// Shelters that the coverage's filter leaves out are only hinted at. Where
// several are one point, it is hinted at when all are left out.
const counted = (yes: number, no: number): ExpressionSpecification => [
  'case',
  ['>=', ['coalesce', ['get', 'left_out'], 0], ['get', 'shelters']],
  no,
  yes,
]

const layers: LayerSpecification[] = [
  { id: 'paper', type: 'background', paint: { 'background-color': '#f3f4f6' } },
  {
    id: 'area',
    type: 'fill',
    source: 'area',
    'source-layer': 'coverage',
    paint: { 'fill-color': colours.area, 'fill-opacity': 0.12 },
  },
  {
    id: 'homes',
    type: 'fill',
    source: 'homes',
    'source-layer': 'homes',
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
    'source-layer': 'homes',
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
    'source-layer': 'coverage',
    paint: { 'line-color': colours.area, 'line-width': 1 },
  },
  {
    id: 'gaps',
    type: 'fill',
    source: 'gaps',
    'source-layer': 'gaps',
    paint: { 'fill-color': colours.gap, 'fill-opacity': 0.15 },
  },
  {
    id: 'gaps-rim',
    type: 'line',
    source: 'gaps',
    'source-layer': 'gaps',
    paint: { 'line-color': colours.gap, 'line-width': 1.5 },
  },
  {
    id: 'streets',
    type: 'line',
    source: 'streets',
    'source-layer': 'streets',
    filter: ['!', ['has', 'closed']],
    paint: { 'line-color': '#9ca3af', 'line-width': 1 },
  },
  {
    id: 'streets-closed',
    type: 'line',
    source: 'streets',
    'source-layer': 'streets',
    filter: ['has', 'closed'],
    paint: {
      'line-color': colours.closed,
      'line-width': 4,
      'line-dasharray': [1, 0.6],
    },
  },
  {
    id: 'entrances',
    type: 'circle',
    source: 'shelters',
    'source-layer': 'entrances',
    minzoom: doorsFrom,
    paint: {
      'circle-radius': 3.5,
      'circle-color': [
        'case',
        ['==', ['get', 'usable'], 1],
        '#ffffff',
        colours.unusable,
      ],
      'circle-stroke-color': '#111827',
      'circle-stroke-width': 1.5,
    },
  },
  {
    id: 'shelters',
    type: 'circle',
    source: 'shelters',
    'source-layer': 'shelters',
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
        ['>', ['coalesce', ['get', 'defects'], 0], 0],
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

// A browser asks for a few tiles at a time: what takes the daemon longest is last.
const firstAsked: SourceName[] = ['shelters', 'streets', 'homes', 'gaps', 'area']

/** The address of each source's tiles, with {z}, {x} and {y}. */
export type Templates = Record<SourceName, string>

export function districtStyle(templates: Templates): StyleSpecification {
  const source = (name: SourceName): VectorSourceSpecification => ({
    type: 'vector',
    tiles: [templates[name]],
    minzoom: highest[name] ?? 0,
    maxzoom: deepest,
  })
  const sources: StyleSpecification['sources'] = { [pickedSource]: empty }
  for (const name of firstAsked) sources[name] = source(name)
  return { version: 8, sources, layers }
}

/** Layers that the switch of a source shows and hides. */
export function layersOf(source: SourceName): string[] {
  return layers
    .filter((layer) => 'source' in layer && layer.source === source)
    .map((layer) => layer.id)
}
