// What the map asks the daemon for: an address of tiles for each source, and which
// sources are to be asked again because the data changed. DistrictMap.vue does it.
import { reactive } from 'vue'
import { sourceNames, type SourceName, type Templates } from './map/layers'

export interface Question {
  by: 'radius' | 'minutes'
  radius: number
  minutes: number
  capacity: boolean
  where: string
}

export function limitOf(q: Question): Record<string, string> {
  return q.by === 'radius'
    ? { radius: String(q.radius) }
    : { minutes: String(q.minutes) }
}

/** The question as the query of a route. */
export function queryOf(q: Question): string {
  const params = new URLSearchParams(limitOf(q))
  if (q.capacity) params.set('capacity', 'true')
  if (q.where.trim()) params.set('where', q.where)
  return params.toString()
}

const place = '{z}/{x}/{y}'
const ofMap = (layers: string, where = '') =>
  `/v1/map/tiles/${place}?layers=${layers}` +
  (where.trim() ? `&${new URLSearchParams({ where })}` : '')
const ofCoverage = (layer: string, q: Question) =>
  `/v1/coverage/tiles/${place}?layers=${layer}&${queryOf(q)}`

/** The covered area does not depend on capacity, so that nobody waits for it. */
export const addressOf: Record<SourceName, (q: Question) => string> = {
  streets: () => ofMap('streets'),
  shelters: (q) => ofMap('shelters,entrances', q.where),
  area: (q) => ofCoverage('coverage', { ...q, capacity: false }),
  homes: (q) => ofCoverage('homes', q),
  gaps: (q) => ofCoverage('gaps', q),
}

export const templates = reactive(
  Object.fromEntries(sourceNames.map((name) => [name, ''])),
) as Templates
/** Counts how often the tiles of a source became old. */
export const aged = reactive(
  Object.fromEntries(sourceNames.map((name) => [name, 0])),
) as Record<SourceName, number>

const versions: Partial<Record<SourceName, number>> = {}

/** Shows the answer to a question, of that data version. */
export function draw(names: readonly SourceName[], q: Question, version: number): void {
  for (const name of names) {
    const address = addressOf[name](q)
    if (templates[name] !== address) templates[name] = address
    else if (versions[name] !== version) aged[name]++
    versions[name] = version
  }
}

/** The same, where only another question makes another map. */
export function aim(names: readonly SourceName[], q: Question): void {
  for (const name of names) templates[name] = addressOf[name](q)
}

export function renew(names: Iterable<SourceName>): void {
  for (const name of names) aged[name]++
}
