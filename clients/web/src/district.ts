// What the page knows of the district: loaded once, then kept up to date by the
// events that live.ts hands on. An event never carries the new map; it says what
// to ask again, and a burst of them is asked once.
import { computed, ref, shallowRef } from 'vue'
import { get } from './api/client'
import type { Coverage, Features, Shelter, Stats, StreamEvent } from './api/shapes'
import { Once } from './once'
import { tell } from './tell'

// Above this, coverage and homes are asked for by hand only, to spare the page.
const automaticHomes = 50_000
// The covered area of more shelters than this is drawn only when asked by hand.
const automaticArea = 10_000
// Up to this many, the map shows which shelters the filter leaves out.
const filterAtMost = 20_000
const pageSize = 10_000
// More changed shelters than this at once: the whole layer is asked again.
const patchAtMost = 50

export interface CoverageQuestion {
  by: 'radius' | 'minutes'
  radius: number
  minutes: number
  capacity: boolean
  where: string
}

const empty: Features = { type: 'FeatureCollection', features: [] }

export const question = ref<CoverageQuestion>({
  by: 'radius',
  radius: 200,
  minutes: 8,
  capacity: true,
  where: '',
})
export const coverage = ref<Coverage | null>(null)
export const computing = ref(false)
/** The numbers shown are older than the map, and nobody asked again yet. */
export const outdated = ref(false)
export const shelters = shallowRef<Features>(empty)
export const homes = shallowRef<Features>(empty)
export const streets = shallowRef<Features>(empty)
export const area = shallowRef<Features>(empty)
export const gaps = shallowRef<Features>(empty)

/** The shelters that the filter of the coverage on show lets in; null: all. */
const counted = shallowRef<Set<number> | null>(null)
export const shownShelters = computed<Features>(() => {
  const ids = counted.value
  if (!ids) return shelters.value
  const features = shelters.value.features.map((f) => ({
    ...f,
    properties: { ...f.properties, left_out: !ids.has(Number(f.id)) },
  }))
  return { ...shelters.value, features }
})

let stats: Stats = { shelters: 0, homes: 0, last_event: 0 }

const names = computed(
  () => new Map(shelters.value.features.map((f) => [Number(f.id), f.properties!.name])),
)

/** A shelter's name or, where the register has none, its address. */
export function shelterName(id: number, name?: string | null): string {
  return name || names.value.get(id) || `#${id}`
}

export function limitOf(q: CoverageQuestion): Record<string, string> {
  return q.by === 'radius'
    ? { radius: String(q.radius) }
    : { minutes: String(q.minutes) }
}

function questionString(): string {
  const q = question.value
  const params = new URLSearchParams(limitOf(q))
  if (q.capacity) params.set('capacity', 'true')
  if (q.where.trim()) params.set('where', q.where)
  return params.toString()
}

async function matching(where: string): Promise<Set<number> | null> {
  if (!where.trim() || shelters.value.features.length > filterAtMost) return null
  const ids = new Set<number>()
  let after: number | null = 0
  while (after !== null) {
    const params = new URLSearchParams({ where, limit: String(pageSize) })
    if (after) params.set('after', String(after))
    const page: { items: { id: number }[]; next: number | null } = await get(
      `/v1/shelters?${params}`,
    )
    page.items.forEach((shelter) => ids.add(shelter.id))
    after = page.next
  }
  return ids
}

let byHand = false

// The numbers are shown as soon as they are there; shapes take longer.
async function ask(): Promise<void> {
  const withArea = byHand || shelters.value.features.length <= automaticArea
  byHand = false
  computing.value = true
  try {
    const asked = questionString()
    const { where } = question.value
    coverage.value = await get<Coverage>(`/v1/coverage?${asked}`)
    outdated.value = false
    const shape = (name: string, yes: boolean): Promise<Features> =>
      yes ? get<Features>(`/v1/coverage/${name}?${asked}`) : Promise.resolve(empty)
    const [g, h, ids, a] = await Promise.all([
      shape('gaps', true),
      shape('homes', stats.homes <= automaticHomes),
      matching(where),
      shape('area', withArea),
    ])
    gaps.value = g
    homes.value = h
    counted.value = ids
    area.value = a
  } finally {
    computing.value = false
  }
}

const asking = new Once(ask, tell)
export function computeCoverage(): Promise<void> {
  byHand = true
  return asking.now()
}

async function loadShelters(): Promise<void> {
  shelters.value = await get<Features>('/v1/map/shelters')
}

async function coverIfSmall(): Promise<void> {
  if (stats.homes <= automaticHomes) await asking.now()
  else outdated.value = true
}

/** Loads the map; the id of the last event it surely contains. */
export async function load(): Promise<number> {
  stats = await get<Stats>('/v1/stats')
  await loadShelters()
  streets.value = await get<Features>('/v1/map/network')
  await coverIfSmall()
  return stats.last_event
}

export function unload(): void {
  refreshing.cancel()
  asking.cancel()
  coverage.value = counted.value = null
  for (const layer of [shelters, homes, streets, area, gaps]) layer.value = empty
}

const changed = { ids: new Set<number>(), all: false, streets: false }

/** Puts the shelters that changed in place of what the map had of them. */
async function patch(ids: number[]): Promise<void> {
  const found = await Promise.all(
    ids.map((id) => get<Shelter>(`/v1/shelters/${id}`).catch(() => null)),
  )
  const fresh = new Map(found.filter((s) => s !== null).map((s) => [s.id, s]))
  if (fresh.size < ids.length) return loadShelters()
  shelters.value = {
    ...shelters.value,
    features: shelters.value.features.map((f) => {
      const s = fresh.get(Number(f.id))
      return s ? { ...f, properties: { ...f.properties, ...mapProperties(s) } } : f
    }),
  }
}

function mapProperties(s: Shelter) {
  const { usable, places, free, binding_rule, open_defects, closed } = s
  const name = s.name || s.address || s.register_id
  return { name, usable, places, free, binding_rule, open_defects, closed }
}

async function refresh(): Promise<void> {
  const { ids, all, streets: ways } = { ...changed }
  Object.assign(changed, { ids: new Set(), all: false, streets: false })
  if (all || ids.size > patchAtMost) await loadShelters()
  else if (ids.size) await patch([...ids])
  if (ways) {
    stats = await get<Stats>('/v1/stats')
    streets.value = await get<Features>('/v1/map/network')
  }
  await coverIfSmall()
}

const refreshing = new Once(refresh, tell)

/** Takes note of an event; asks again soon if it moves the map. */
export function mapEvent(event: StreamEvent): void {
  const { kind, body } = event
  if (kind === 'import.committed') changed.all = changed.streets = true
  else if (kind === 'shelter.added') changed.all = true
  else if (/^(shelter\.changed|inspection\.submitted|notice\.closed)$/.test(kind))
    changed.ids.add(Number(body.shelter))
  else if (kind.startsWith('plan.')) changed.all = true
  else if (!kind.startsWith('street.')) return
  refreshing.soon()
}
