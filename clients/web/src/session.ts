// Who is logged in; the rest of the page hangs on it. The token itself is in a
// cookie that no script can read; a flag beside it says that one was given, so
// that a first visit asks nothing it would be refused.
import { computed, ref } from 'vue'
import { ApiError, get, post, whenExpired } from './api/client'

export interface User {
  id: number
  name: string
  role: 'admin' | 'coordinator' | 'inspector' | 'unit' | 'viewer'
  org: string
}

const flag = 'shelter-session'

export const user = ref<User | null>(null)
/** Who may change the register and the streets. */
export const office = computed(() =>
  ['admin', 'coordinator'].includes(user.value?.role ?? ''),
)
/** Whether the last session ended without its user asking for it. */
export const ended = ref(false)

whenExpired(() => {
  if (user.value) ended.value = true
  forget()
})

function forget(): void {
  localStorage.removeItem(flag)
  user.value = null
}

/** Takes up a session that the cookie still carries, if any. */
export async function resume(): Promise<void> {
  if (!localStorage.getItem(flag)) return
  try {
    user.value = await get<User>('/v1/me')
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status !== 401) throw error
  }
}

export async function login(name: string, password: string): Promise<void> {
  const answer = await post<{ user: User }>('/v1/login', { user: name, password })
  localStorage.setItem(flag, '1')
  ended.value = false
  user.value = answer.user
}

export async function logout(): Promise<void> {
  try {
    await post('/v1/logout')
  } finally {
    ended.value = false
    forget()
  }
}
