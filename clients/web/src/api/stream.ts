// The event stream over fetch, so that Last-Event-ID can be sent on every
// reconnection. An id is handed on once: a repeat after a reconnect is dropped.
import { expired } from './client'
import type { StreamEvent } from './shapes'

export type StreamState = 'connecting' | 'open' | 'closed'

export class EventStream {
  private last: number
  private stopped = false
  private abort?: AbortController
  private watchdog?: ReturnType<typeof setTimeout>

  constructor(
    since: number,
    private readonly onEvent: (event: StreamEvent) => void,
    private readonly onState: (state: StreamState) => void,
  ) {
    this.last = since
  }

  start(): void {
    void this.run()
  }

  stop(): void {
    this.stopped = true
    this.abort?.abort()
  }

  // The daemon pings every 15 s: a line that is silent for longer is dead.
  private alive(): void {
    clearTimeout(this.watchdog)
    this.watchdog = setTimeout(() => this.abort?.abort(), 45_000)
  }

  private async run(): Promise<void> {
    let wait = 500
    while (!this.stopped) {
      this.onState('connecting')
      try {
        await this.read(() => (wait = 500))
      } catch {
        // the network, the daemon's restart: try again below
      }
      clearTimeout(this.watchdog)
      this.onState('closed')
      if (!this.stopped) await new Promise((done) => setTimeout(done, wait))
      wait = Math.min(wait * 2, 15_000)
    }
  }

  private async read(opened: () => void): Promise<void> {
    this.abort = new AbortController()
    this.alive()
    const response = await fetch('/v1/events', {
      headers: { Accept: 'text/event-stream', 'Last-Event-ID': String(this.last) },
      signal: this.abort.signal,
      credentials: 'same-origin',
    })
    if (response.status === 401) expired()
    if (!response.ok || !response.body) throw new Error(response.statusText)
    opened()
    this.onState('open')
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      this.alive()
      const frames = (rest + value).split('\n\n')
      rest = frames.pop() ?? ''
      frames.forEach((frame) => this.frame(frame))
    }
  }

  private frame(text: string): void {
    let id = 0
    let data = ''
    for (const line of text.split('\n')) {
      if (line.startsWith('id: ')) id = Number(line.slice(4))
      else if (line.startsWith('data: ')) data += line.slice(6)
    }
    if (!data || id <= this.last) return
    this.last = id
    this.onEvent(JSON.parse(data) as StreamEvent)
  }
}
