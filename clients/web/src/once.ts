// Runs a slow job on demand so that a burst of demands costs one or two runs:
// demands that come while it waits or runs are served by the next run.

export class Once {
  private timer?: ReturnType<typeof setTimeout>
  private running: Promise<void> | null = null
  private again = false

  constructor(
    private readonly job: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
    private readonly delay = 300,
  ) {}

  /** Runs after the delay, unless that is due already. */
  soon(): void {
    this.timer ??= setTimeout(() => void this.now(), this.delay)
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
    } while (this.again)
    this.running = null
  }
}
