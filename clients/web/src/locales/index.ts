import { createI18n } from 'vue-i18n'
import en from './en'
import zh from './zh'

export type Locale = 'zh' | 'en'

const kept = localStorage.getItem('locale')
const preferred: Locale = navigator.language.startsWith('zh') ? 'zh' : 'en'

export const i18n = createI18n({
  legacy: false,
  locale: kept === 'zh' || kept === 'en' ? kept : preferred,
  fallbackLocale: 'en',
  messages: { zh, en },
})

export function setLocale(locale: Locale): void {
  i18n.global.locale.value = locale
  localStorage.setItem('locale', locale)
  mark(locale)
}

function mark(locale: string): void {
  document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en'
  document.title = `${i18n.global.t('title')} · shelterd`
}
mark(i18n.global.locale.value)
