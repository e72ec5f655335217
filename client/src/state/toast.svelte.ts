// A short word about what was just done, with undo where there is one; one at a time.

/** ms */
const shownMs = 6000;

export interface ToastView {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

export class Toast {
  #shown: ToastView | undefined = $state.raw();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get shown(): ToastView | undefined {
    return this.#shown;
  }

  show(text: string, action?: ToastView['action']): void {
    this.#shown = { text, action };
    this.#wait();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#shown = undefined;
  }

  /** While a pointer or the focus is on it, it stays. */
  hold(on: boolean): void {
    if (on) clearTimeout(this.#timer);
    else if (this.#shown) this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), shownMs);
  }
}
