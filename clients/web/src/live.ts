// What is happening: the stream, the feed of its events, and for each noun a
// count that grows, so that a panel knows when to ask again.
import { reactive, ref, shallowRef } from 'vue'
import { get } from './api/client'
import type { StreamEvent } from './api/shapes'
import { EventStream, type StreamState } from './api/stream'
import { load, mapEvent, unload } from './district'

const feedLength = 200
const history = 50

export const feed = shallowRef<StreamEvent[]>([])
export const streamState = ref<StreamState>('closed')
export const changes = reactive({ shelter: 0, notice: 0, drill: 0, plan: 0 })

let stream: EventStream | null = null

function count(kind: string): void {
  const noun = kind.slice(0, kind.indexOf('.'))
  if (/^(shelter|inspection|notice|import|plan)$/.test(noun)) changes.shelter++
  if (noun === 'notice' || noun === 'inspection') changes.notice++
  if (noun === 'drill') changes.drill++
  if (noun === 'plan') changes.plan++
}

function take(event: StreamEvent): void {
  feed.value = [event, ...feed.value].slice(0, feedLength)
  count(event.kind)
  mapEvent(event)
}

/** Loads the district and follows it. */
export async function follow(): Promise<void> {
  const last = await load()
  const since = Math.max(0, last - history)
  const { items } = await get<{ items: StreamEvent[] }>(`/v1/events?since=${since}`)
  feed.value = items.filter((event) => event.id <= last).reverse()
  stream?.stop()
  stream = new EventStream(last, take, (state) => (streamState.value = state))
  stream.start()
}

export function leave(): void {
  stream?.stop()
  stream = null
  feed.value = []
  unload()
}
