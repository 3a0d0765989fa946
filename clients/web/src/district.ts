// What the page knows of the district: loaded once, then kept up to date by the
// event stream. An event never carries the new map; it says what to ask again.
import { ref, shallowRef } from 'vue'
import { get } from './api/client'
import { EventStream, type StreamEvent, type StreamState } from './api/stream'

export type Features = GeoJSON.FeatureCollection

export interface Coverage {
  people: number
  covered: number
  placed: number | null
  too_far: number
  full: number | null
  usable_shelters: number
  places: number
  data_version: number
  hash: string
}

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
export const shelters = shallowRef<Features>(empty)
export const homes = shallowRef<Features>(empty)
export const streets = shallowRef<Features>(empty)
export const area = shallowRef<Features>(empty)
export const gaps = shallowRef<Features>(empty)
export const feed = shallowRef<StreamEvent[]>([])
export const streamState = ref<StreamState>('closed')
/** Grows with every event of that noun, so that panels know when to ask again. */
export const changes = ref({ notice: 0, drill: 0, plan: 0 })

function questionString(): string {
  const q = question.value
  const params = new URLSearchParams(
    q.by === 'radius' ? { radius: String(q.radius) } : { minutes: String(q.minutes) },
  )
  if (q.capacity) params.set('capacity', 'true')
  if (q.where.trim()) params.set('where', q.where)
  return params.toString()
}

export async function computeCoverage(): Promise<void> {
  if (computing.value) return
  computing.value = true
  try {
    const asked = questionString()
    coverage.value = await get<Coverage>(`/v1/coverage?${asked}`)
    const [a, g, h] = await Promise.all([
      get<Features>(`/v1/coverage/area?${asked}`),
      get<Features>(`/v1/coverage/gaps?${asked}`),
      get<Features>(`/v1/coverage/homes?${asked}`),
    ])
    area.value = a
    gaps.value = g
    homes.value = h
  } finally {
    computing.value = false
  }
}

async function loadShelters(): Promise<void> {
  shelters.value = await get<Features>('/v1/map/shelters')
}

export async function load(): Promise<void> {
  const stats = await get<{ last_event: number }>('/v1/stats')
  listen(stats.last_event)
  await loadShelters()
  streets.value = await get<Features>('/v1/map/network')
  homes.value = await get<Features>('/v1/map/homes')
  await computeCoverage()
}

let stream: EventStream | null = null
let stale: ReturnType<typeof setTimeout> | undefined

function listen(since: number): void {
  stream?.stop()
  stream = new EventStream(since, take, (state) => (streamState.value = state))
  stream.start()
}

export function unload(): void {
  stream?.stop()
  stream = null
  feed.value = []
  coverage.value = null
}

const movesTheMap = /^(shelter\.|import\.|inspection\.|notice\.closed)/

function take(event: StreamEvent): void {
  feed.value = [event, ...feed.value].slice(0, 200)
  if (event.kind.startsWith('notice.') || event.kind.startsWith('inspection.'))
    changes.value.notice++
  if (event.kind.startsWith('drill.')) changes.value.drill++
  if (event.kind.startsWith('plan.')) changes.value.plan++
  if (movesTheMap.test(event.kind)) refreshSoon(event.kind)
}

// A burst of events asks once.
function refreshSoon(kind: string): void {
  clearTimeout(stale)
  stale = setTimeout(async () => {
    await loadShelters()
    if (kind === 'import.committed')
      streets.value = await get<Features>('/v1/map/network')
    await computeCoverage()
  }, 300)
}
