// Puts a dialog over the page: the focus goes in, Escape and a press beside it ask to close, and the focus goes back.

/**
 * For `{@attach}` on a dialog element. `onclose` takes the element off the page; `shown` may place it. The focus is
 * at first on what marks itself with data-first, else on the title, else on the first control.
 */
export function modal(
  onclose: () => void,
  shown: (dialog: HTMLDialogElement) => void,
): (dialog: HTMLDialogElement) => () => void {
  return (dialog) => {
    const before = document.activeElement;
    const stop = new AbortController();
    const { signal } = stop;
    // A press that began inside, such as a selection of text, does not close when it ends outside.
    let pressed = false;

    dialog.showModal();
    shown(dialog);
    const first =
      dialog.querySelector<HTMLElement>('[data-first]') ??
      dialog.querySelector<HTMLElement>('[data-title]') ??
      dialog.querySelector<HTMLElement>('button, input, select, textarea');
    first?.focus();
    dialog.addEventListener(
      'cancel',
      (event) => {
        if (event.target !== dialog) return; // a file chooser within tells of its own
        event.preventDefault();
        onclose();
      },
      { signal },
    );
    // The browser closes by itself what was asked to close twice.
    dialog.addEventListener('close', () => onclose(), { signal });
    dialog.addEventListener('pointerdown', ({ target }) => (pressed = target === dialog), {
      signal,
    });
    dialog.addEventListener(
      'click',
      ({ target }) => {
        if (pressed && target === dialog) onclose();
      },
      { signal },
    );

    return () => {
      stop.abort();
      // Only a focus that went with the dialog is to be given back: what closed it may have moved it on.
      const lost = document.activeElement === null || document.activeElement === document.body;
      if (dialog.open) dialog.close();
      if (!lost) return;
      // Taken off the page already, the dialog cannot do that by itself; what opened it may be gone too.
      const there = before?.isConnected === true ? before : document.getElementById('board');
      if (there instanceof HTMLElement) there.focus({ preventScroll: true });
    };
  };
}
