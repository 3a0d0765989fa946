// The daemon's answers as this page reads them; docs/api.md says what they mean.

export interface Stats {
  shelters: number
  homes: number
  data_version: number
  last_event: number
  bounds: [west: number, south: number, east: number, north: number] | null
}

export interface Gaps extends GeoJSON.FeatureCollection {
  total: number // of which the features are the largest
}

/** A shelter as lists show it. */
export interface ShelterRow {
  id: number
  version: number
  name: string
  address: string
  register_id: string
  at: [number, number]
}

export interface Closure {
  id: number
  ends: [[number, number], [number, number]]
  reason: string
  closed_by: string
  closed_at: string
}

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

export interface Capacity {
  usable: number
  without_defects: number
  binding_rule: string
  terms: Record<string, number | null>
}

export interface ChecklistItem {
  id: string
  zh: string
  en: string
}

export interface Defect extends Pick<ChecklistItem, 'zh' | 'en'> {
  id: number
  shelter: number
  shelter_name: string
  item: string
  clause: string
  severity: 'critical' | 'major' | 'minor'
  note: string
}

export interface Repair extends Defect {
  places: number
  shelter_places: number
}

export interface Shelter extends ShelterRow {
  kind: string
  precinct: string
  org: string
  floors: string
  note: string
  area: number | null
  places: number | null
  usable: number
  without_defects: number
  free: number
  binding_rule: string
  closed: boolean
  open_defects: number
  units: {
    id: number
    name: string
    sheltering_area: number | null
    stated_places: number | null
    closed: boolean
    capacity: Capacity
    open_defects: number
  }[]
  entrances: {
    id: number
    unit: number | null
    name: string
    clear_width: number | null
    usable: boolean
  }[]
  capacity: Capacity
  defects: Defect[]
}

export interface Candidate {
  id: number
  name: string
  address: string
  metres: number
  walk_metres: number | null
  usable: number
  free: number
  binding_rule: string
  defects: string[]
  is_place: boolean
  reason: string
  repair_gives: number
  repair_matters: boolean
}

export interface Explanation {
  limit: { radius: number } | { minutes: number }
  home: { id: number; register_id: string; name: string; people: number } | null
  plan: { id: number; approved: boolean } | null
  assigned: { shelter: number; name: string; people: number; metres: number }[]
  left_over: number | null
  nearest: Candidate[]
}

export interface Notice {
  id: number
  number: string | null
  shelter: number
  shelter_name: string
  org: string
  state: string
  late: boolean
  deadline: string | null
  defects: Defect[]
  steps: {
    seq: number
    action: string
    to: string
    user: string
    at: string
    text: string
  }[]
}

export interface Inject {
  id: number
  at_s: number
  kind: 'signal' | 'order' | 'info'
  signal: string | null
  text: string | null
  who?: string
  fired_at_s: number | null
}

export interface Drill {
  id: number
  title: string
  state: 'planned' | 'running' | 'paused' | 'ended'
  speed: number
  elapsed_s: number
  injects: Inject[]
}

export interface DrillExpectation extends Drill {
  planned: number
  expected: {
    shelter: number
    name: string
    people: number
    entrances: { id: number; name: string | null; people: number }[]
  }[]
}

export interface Measure {
  name: string
  a: number | null
  b: number | null
  difference: number | null
  verdict: 'better' | 'worse' | 'same' | null
}

interface ComparedDrill {
  drill: number
  title: string | null
  ended: boolean
}

interface ComparedShelter {
  id: number
  name: string | null
}

export interface Comparison {
  a: ComparedDrill
  b: ComparedDrill
  verdict: 'better' | 'worse' | 'same' | 'mixed' | null
  measures: Measure[]
  better: ComparedShelter[]
  worse: ComparedShelter[]
  mixed: ComparedShelter[]
}

export interface ReportEntrance {
  id: number
  name: string | null
  planned: number
  people: number
  per_minute: number | null
  clear_width: number | null
  needed_width: number | null
}

export interface ReportShelter {
  id: number
  name: string
  planned: number
  actual: number
  t90: number | null
  entrances: ReportEntrance[]
}

export interface Report {
  planned: number
  actual: number
  curve: [number, number][]
  t50: number | null
  t90: number | null
  t100: number | null
  bottleneck: {
    shelter: number
    name: string
    entrance: ReportEntrance
  } | null
  shelters: ReportShelter[]
}

export interface Signal {
  word: string
  zh: string
  en: string
  on_s: number
  off_s: number
  cycles: number
  total_s: number
}

export interface StreamEvent {
  id: number
  at: string
  user: string
  kind: string
  noun: string
  noun_id: number
  body: Record<string, any>
}
