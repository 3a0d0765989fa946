// What is happening: the stream, the feed of its events, and for each noun a
// count that grows, so that a panel knows when to ask again.
import { reactive, ref, shallowRef } from 'vue'
import { get } from './api/client'
import type { StreamEvent } from './api/shapes'
import { EventStream, type StreamState } from './api/stream'
import { load, mapEvent, refreshAll, unload } from './district'
import { leaveNames } from './names'

const feedLength = 200
const history = 50

export const feed = shallowRef<StreamEvent[]>([])
export const streamState = ref<StreamState>('closed')
export const changes = reactive({ shelter: 0, street: 0, notice: 0, drill: 0, plan: 0 })

let stream: EventStream | null = null

function count(kind: string): void {
  const noun = kind.slice(0, kind.indexOf('.'))
  if (/^(shelter|inspection|notice|import|plan)$/.test(noun)) changes.shelter++
  if (noun === 'street' || noun === 'import') changes.street++
  if (noun === 'notice' || noun === 'inspection') changes.notice++
  if (noun === 'drill') changes.drill++
  if (noun === 'plan') changes.plan++
}

function take(event: StreamEvent): void {
  feed.value = [event, ...feed.value].slice(0, feedLength)
  count(event.kind)
  mapEvent(event)
}

// Tiles asked for while the daemon was away are not there; what the map showed
// before is brought up to date by the events that were missed.
let lost = false
function turned(state: StreamState): void {
  streamState.value = state
  if (state === 'closed') lost = true
  else if (state === 'open' && lost) {
    lost = false
    refreshAll()
  }
}

/** Loads the district and follows it. */
export async function follow(): Promise<void> {
  const last = await load()
  const since = Math.max(0, last - history)
  const { items } = await get<{ items: StreamEvent[] }>(`/v1/events?since=${since}`)
  feed.value = items.filter((event) => event.id <= last).reverse()
  stream?.stop()
  lost = false
  stream = new EventStream(last, take, turned)
  stream.start()
}

export function leave(): void {
  stream?.stop()
  stream = null
  feed.value = []
  unload()
  leaveNames()
}
