// The daemon's words in the reader's language: rules, reasons, checklist items,
// numbers and times.
import { shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { get } from './api/client'
import type { ChecklistItem, Signal } from './api/shapes'

const checklist = shallowRef(new Map<string, ChecklistItem>())
const signals = shallowRef(new Map<string, Signal>())

/** Loads the texts that the daemon's rule tables hold. */
export async function loadWords(): Promise<void> {
  const [items, rules] = await Promise.all([
    get<{ items: ChecklistItem[] }>('/v1/checklist'),
    get<{ signals: Signal[] }>('/v1/rules'),
  ])
  checklist.value = new Map(items.items.map((item) => [item.id, item]))
  signals.value = new Map(rules.signals.map((signal) => [signal.word, signal]))
}

/** Minutes and seconds of a drill's clock. */
export function clock(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '–'
  const s = Math.floor(seconds)
  const rest = `${String(Math.floor(s / 60) % 60).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`
  return s < 3600 ? rest : `${Math.floor(s / 3600)}:${rest}`
}

export function useWords() {
  const { t, te, locale } = useI18n()
  const known = (group: string, word: string): string =>
    te(`${group}.${word}`) ? t(`${group}.${word}`) : word
  const inLanguage = (both: { zh: string; en: string }): string =>
    locale.value === 'zh' ? both.zh : both.en
  return {
    known,
    inLanguage,
    number: (n: number | null | undefined, digits = 0): string =>
      n === null || n === undefined
        ? '–'
        : n.toLocaleString(locale.value, { maximumFractionDigits: digits }),
    metres: (m: number | null): string =>
      m === null ? '–' : `${Math.round(m).toLocaleString(locale.value)} m`,
    day: (at: string | null): string =>
      at ? new Date(at).toLocaleDateString(locale.value) : '–',
    moment: (at: string): string =>
      new Date(at).toLocaleString(locale.value, {
        month: 'numeric',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
      }),
    item: (id: string): string => {
      const found = checklist.value.get(id)
      return found ? inLanguage(found) : id
    },
    signal: (word: string | null): string => {
      const found = signals.value.get(word ?? '')
      return found ? inLanguage(found) : (word ?? '')
    },
    /** How a signal sounds: seconds on and off, times. */
    rhythm: (word: string | null): string => {
      const s = signals.value.get(word ?? '')
      if (!s) return ''
      return s.off_s ? `${s.on_s}/${s.off_s} s × ${s.cycles}` : `${s.on_s} s`
    },
  }
}
