// What the reader looks at: the tab, the place or shelter picked, and where the
// map should go next.
import { ref, shallowRef } from 'vue'

export type LonLat = [number, number]
export type Bounds = [west: number, south: number, east: number, north: number]

export const tab = ref('coverage')
export const place = shallowRef<LonLat | null>(null)
export const shelter = ref<number | null>(null)
/** Where the picked shelter is, as soon as that is known. */
export const spot = shallowRef<LonLat | null>(null)
/** A new value makes the map go there. */
export const flight = shallowRef<Bounds | null>(null)

export function showPlace(at: LonLat): void {
  place.value = at
  shelter.value = spot.value = null
  tab.value = 'place'
}

export function showShelter(id: number, at: LonLat | null = null): void {
  if (id !== shelter.value || at) spot.value = at
  shelter.value = id
  tab.value = 'place'
}

export function flyTo(at: LonLat): void {
  flight.value = [at[0], at[1], at[0], at[1]]
}

/** The box around a geometry's coordinates. */
export function boundsOf(geometry: GeoJSON.Geometry): Bounds | null {
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity]
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return
    if (typeof value[0] !== 'number') return value.forEach(visit)
    const [x, y] = value as LonLat
    box[0] = Math.min(box[0], x)
    box[1] = Math.min(box[1], y)
    box[2] = Math.max(box[2], x)
    box[3] = Math.max(box[3], y)
  }
  if (geometry.type === 'GeometryCollection') return null
  visit(geometry.coordinates)
  return Number.isFinite(box[0]) ? box : null
}

export function leaveView(): void {
  tab.value = 'coverage'
  place.value = shelter.value = spot.value = flight.value = null
}
