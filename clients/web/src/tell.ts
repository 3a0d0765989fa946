// Tells the reader, in a corner, what could not be done.
import { ElMessage } from 'element-plus'
import { ApiError } from './api/client'
import { i18n } from './locales'

export function tell(error: unknown): void {
  if (error instanceof ApiError && error.problem.status === 401) return
  const text = error instanceof Error ? error.message : String(error)
  ElMessage.error({ message: `${i18n.global.t('failed')}: ${text}`, grouping: true })
}
