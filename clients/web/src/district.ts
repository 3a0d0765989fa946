// What the page knows of the district: where it is and how large, and the coverage
// in numbers. The map itself comes as tiles (tiles.ts). An event never carries the
// new map; it says what to ask again, and a burst of them is asked once.
import { computed, ref, shallowRef } from 'vue'
import { get } from './api/client'
import type { Coverage, Gaps, Stats, StreamEvent } from './api/shapes'
import type { SourceName } from './map/layers'
import { forgetName } from './names'
import { Once } from './once'
import { tell } from './tell'
import { aim, draw, queryOf, renew, type Question } from './tiles'
import type { Bounds } from './view'

// With more homes than this, what takes the daemon seconds waits until changes
// have paused: who has a place at the same time, and everything on foot.
const largeFrom = 50_000
const pause = 1500 // ms
const gapsAtMost = 20

export const question = ref<Question>({
  by: 'radius',
  radius: 200,
  minutes: 8,
  capacity: true,
  where: '',
})
export const coverage = shallowRef<Coverage | null>(null)
export const computing = ref(false)
/** The seats of the coverage on show are still being computed. */
export const seating = ref(false)
export const gaps = shallowRef<Gaps | null>(null)
const stats = shallowRef<Stats | null>(null)
/** Where the district is; null while nothing is known of it, or nothing there. */
export const bounds = computed<Bounds | null>(() => stats.value?.bounds ?? null)
export const loaded = computed(() => stats.value !== null)
export const large = computed(() => (stats.value?.homes ?? 0) > largeFrom)

const takesLong = (q: Question) => large.value && (q.capacity || q.by === 'minutes')
const withoutSeats = (q: Question): Question => ({ ...q, capacity: false })

let drawn = '' // the question that homes are drawn for
function drawHomes(q: Question, version: number): void {
  draw(['homes'], q, version)
  drawn = queryOf(q)
}

const numbers = (q: Question) => get<Coverage>(`/v1/coverage?${queryOf(q)}`)

/** The largest gaps by name; at city size for those who ask. */
export async function listGaps(): Promise<void> {
  const q = question.value
  gaps.value = await get<Gaps>(`/v1/coverage/gaps?${queryOf(q)}&top=${gapsAtMost}`)
}

// By distance at once; the seats, which take seconds in a large city, follow.
// Until then homes keep what they had, if the question is the same.
async function askLarge(q: Question): Promise<void> {
  seating.value = q.capacity
  gaps.value = null
  if (q.by === 'radius') {
    coverage.value = await numbers(withoutSeats(q))
    aim(['shelters'], q)
    const { data_version: version } = coverage.value
    draw(['area', 'gaps'], withoutSeats(q), version)
    if (!q.capacity || drawn !== queryOf(q)) drawHomes(withoutSeats(q), version)
  }
  settling.cancel()
  settling.soon()
}

async function settle(): Promise<void> {
  const q = { ...question.value }
  const answer = await numbers(q)
  if (queryOf(q) !== queryOf(question.value)) return
  coverage.value = answer
  seating.value = false
  aim(['shelters'], q)
  drawHomes(q, answer.data_version)
  if (q.by === 'minutes') draw(['area', 'gaps'], withoutSeats(q), answer.data_version)
}

async function askSmall(q: Question): Promise<void> {
  seating.value = false
  coverage.value = await numbers(q)
  aim(['shelters'], q)
  draw(['area', 'gaps'], q, coverage.value.data_version)
  drawHomes(q, coverage.value.data_version)
  if (large.value) gaps.value = null
  else await listGaps()
}

async function ask(): Promise<void> {
  const q = { ...question.value }
  computing.value = true
  try {
    await (takesLong(q) ? askLarge(q) : askSmall(q))
  } finally {
    computing.value = false
  }
}

const asking = new Once(ask, tell, 60)
const settling = new Once(settle, tell, pause)

export function computeCoverage(): Promise<void> {
  return asking.now()
}

/** While a slider is being moved. */
export function computeSoon(): void {
  if (!large.value) asking.soon()
}

async function loadStats(): Promise<void> {
  stats.value = await get<Stats>('/v1/stats')
}

/** Loads what is known of the district; the id of the last event it surely
 * contains. The map and the numbers follow by themselves. */
export async function load(): Promise<number> {
  const known = await get<Stats>('/v1/stats')
  stats.value = known // and with it, at once, what the map asks for
  const q = takesLong(question.value) ? withoutSeats(question.value) : question.value
  aim(['streets', 'shelters'], q)
  draw(['area', 'gaps'], q, known.data_version)
  drawHomes(q, known.data_version)
  void asking.now()
  return known.last_event
}

export function unload(): void {
  refreshing.cancel()
  asking.cancel()
  settling.cancel()
  coverage.value = gaps.value = stats.value = null
  drawn = ''
}

const covering: SourceName[] = ['area', 'homes', 'gaps']
const changed = { sources: new Set<SourceName>(), numbers: false, all: false }

async function refresh(): Promise<void> {
  const { sources, numbers: coverageToo, all } = changed
  Object.assign(changed, { sources: new Set(), numbers: false, all: false })
  renew(sources)
  if (all) await loadStats()
  if (coverageToo) await asking.now()
}

const refreshing = new Once(refresh, tell, 60, 400)

/** Everything may be another: after an import, or a lost connection. */
export function refreshAll(): void {
  for (const name of ['streets', 'shelters', ...covering] as SourceName[])
    changed.sources.add(name)
  changed.all = changed.numbers = true
  refreshing.soon()
}

/** Takes note of an event; asks again soon if it moves the map. */
export function mapEvent({ kind, body }: StreamEvent): void {
  if (kind === 'import.committed') return refreshAll()
  if (/^(shelter\.(added|changed)|inspection\.submitted|notice\.closed)$/.test(kind)) {
    forgetName(Number(body.shelter ?? body.id))
    changed.sources.add('shelters')
    changed.numbers = true
  } else if (kind.startsWith('street.')) {
    changed.sources.add('streets')
    changed.numbers ||= question.value.by === 'minutes'
  } else return
  refreshing.soon()
}
