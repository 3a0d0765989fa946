// Talks to the daemon: JSON in, JSON out, problem details as errors. The token
// lives in an HttpOnly cookie, so nothing here can leak it.

export interface Problem {
  title: string
  status: number
  field?: string
  detail?: string
}

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title)
  }
}

let onExpired = (): void => {}

/** Called when an answer says that the session has ended (not for log-in). */
export function whenExpired(handler: () => void): void {
  onExpired = handler
}

export function expired(): void {
  onExpired()
}

/** What every request of this page carries beside the cookie. */
export const fromPage = { 'X-Shelter-Client': 'web' }

async function problemOf(response: Response): Promise<Problem> {
  const fallback = { title: response.statusText, status: response.status }
  return response.json().catch(() => fallback)
}

export async function request<T>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      ...fromPage,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  if (response.status === 401 && path !== '/v1/login') expired()
  if (!response.ok) throw new ApiError(await problemOf(response))
  const text = await response.text()
  return (text ? JSON.parse(text) : undefined) as T
}

export const get = <T>(path: string) => request<T>('GET', path)
export const post = <T>(path: string, body: unknown = {}) =>
  request<T>('POST', path, body, {
    'Idempotency-Key': crypto.randomUUID?.() ?? fallbackKey(),
  })

/** A change of what was read at that version. */
export const patch = <T>(path: string, version: number, body: unknown) =>
  request<T>('PATCH', path, body, { 'If-Match': `"${version}"` })
export const remove = (path: string) => request<void>('DELETE', path)

// randomUUID exists only on secure origins; an office may use plain http.
function fallbackKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}
