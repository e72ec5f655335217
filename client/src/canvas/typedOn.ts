// A field was closed under somebody who was writing. The next keys are still meant as words: until the typing rests, or
// something shows that it was noticed, none of them is a command.

const restMs = 1000;

const words = new Set(['Backspace', 'Delete', 'Enter']);

export function swallowTyping(page: Window): void {
  const end = new AbortController();
  const heard = { capture: true, signal: end.signal };
  const stop = () => end.abort();
  let rest = setTimeout(stop, restMs);
  page.addEventListener('pointerdown', stop, heard);
  page.addEventListener(
    'keydown',
    (event) => {
      const { key, ctrlKey, metaKey, altKey } = event;
      if (ctrlKey || metaKey || altKey || (key.length > 1 && !words.has(key))) {
        if (key !== 'Shift') stop();
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      clearTimeout(rest);
      rest = setTimeout(stop, restMs);
    },
    heard,
  );
}
