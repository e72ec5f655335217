// One frame at a time: whoever has something to draw asks, and all of it is drawn together.

export class Frames {
  private handle: number | null = null;
  private timer: number | null = null;
  private due = Infinity;
  private stopped = false;

  constructor(
    private readonly window: Window,
    private readonly draw: (now: number) => void,
  ) {}

  ask(): void {
    if (this.handle !== null || this.stopped) return;
    this.handle = this.window.requestAnimationFrame((now) => {
      this.handle = null;
      this.draw(now);
    });
  }

  /** A frame after so many ms, if none comes before; the earliest of several counts. */
  askIn(ms: number): void {
    const due = this.window.performance.now() + ms;
    if (this.stopped || (this.timer !== null && due >= this.due)) return;
    if (this.timer !== null) this.window.clearTimeout(this.timer);
    this.due = due;
    this.timer = this.window.setTimeout(() => {
      this.timer = null;
      this.due = Infinity;
      this.ask();
    }, ms);
  }

  get now(): number {
    return this.window.performance.now();
  }

  stop(): void {
    this.stopped = true;
    if (this.handle !== null) this.window.cancelAnimationFrame(this.handle);
    if (this.timer !== null) this.window.clearTimeout(this.timer);
  }
}
