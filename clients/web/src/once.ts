// Runs a slow job on demand so that a burst of demands costs one or two runs:
// demands that come while it waits or runs are served by the next run. The first
// of a burst is served at once, the others after a rest.

export class Once {
  private timer?: ReturnType<typeof setTimeout>
  private running: Promise<void> | null = null
  private again = false
  private ended = 0

  constructor(
    private readonly job: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
    private readonly delay = 300,
    private readonly rest = 0,
  ) {}

  /** Runs after the delay and the rest, unless that is due already. */
  soon(): void {
    const wait = Math.max(this.delay, this.ended + this.rest - Date.now())
    this.timer ??= setTimeout(() => void this.now(), wait)
  }

  /** Runs now, or once more as soon as the present run has ended. */
  async now(): Promise<void> {
    this.cancel()
    if (this.running) {
      this.again = true
      return this.running
    }
    this.running = this.turn()
    await this.running
  }

  cancel(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private async turn(): Promise<void> {
    do {
      this.again = false
      await this.job().catch(this.onError)
      this.ended = Date.now()
      if (this.again && this.rest)
        await new Promise((done) => setTimeout(done, this.rest))
    } while (this.again)
    this.running = null
  }
}
