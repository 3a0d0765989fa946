// Names of shelters that something points to by id. Those not known yet are asked
// for together.
import { reactive } from 'vue'
import { get } from './api/client'
import type { ShelterRow } from './api/shapes'
import { Once } from './once'

const atOnce = 100
const names = reactive(new Map<number, string>())
const wanted = new Set<number>()

const nameOf = (s: ShelterRow) => s.name || s.address || s.register_id || `#${s.id}`

async function ask(): Promise<void> {
  const ids = [...wanted].slice(0, atOnce)
  ids.forEach((id) => wanted.delete(id))
  if (!ids.length) return
  const where = ids.map((id) => `id = ${id}`).join(' or ')
  const params = new URLSearchParams({ where })
  const { items } = await get<{ items: ShelterRow[] }>(`/v1/shelters?${params}`)
  // One that is not there, or not for this reader, stays a number.
  ids.forEach((id) => names.set(id, `#${id}`))
  items.forEach((s) => names.set(s.id, nameOf(s)))
  if (wanted.size) asking.soon()
}

const asking = new Once(ask, () => {}, 50)

/** A shelter's name or, where the register has none, its address. */
export function shelterName(id: number, name?: string | null): string {
  const known = name || names.get(id)
  if (known) return known
  wanted.add(id)
  asking.soon()
  return `#${id}`
}

export function forgetName(id: number): void {
  names.delete(id)
}

export function leaveNames(): void {
  asking.cancel()
  wanted.clear()
  names.clear()
}
