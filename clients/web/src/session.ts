// Who is logged in; the rest of the page hangs on it.
import { ref } from 'vue'
import { ApiError, get, post } from './api/client'

export interface User {
  id: number
  name: string
  role: 'admin' | 'coordinator' | 'inspector' | 'unit' | 'viewer'
  org: string
}

export const user = ref<User | null>(null)

/** Takes up a session that the cookie still carries, if any. */
export async function resume(): Promise<void> {
  try {
    user.value = await get<User>('/v1/me')
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status !== 401) throw error
  }
}

export async function login(name: string, password: string): Promise<void> {
  const answer = await post<{ user: User }>('/v1/login', { user: name, password })
  user.value = answer.user
}

export async function logout(): Promise<void> {
  await post('/v1/logout')
  user.value = null
}
