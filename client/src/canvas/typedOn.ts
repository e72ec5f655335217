// A field was closed under somebody who was writing. The next keys are still meant as words: until the typing rests, or
// something shows that it was noticed, none of them is a command. When a key was pressed counts, not when a busy page
// came to hear of it.

const restMs = 1000;

const words = new Set(['Backspace', 'Delete', 'Enter']);

export function swallowTyping(page: Window): void {
  const end = new AbortController();
  const heard = { capture: true, signal: end.signal };
  const stop = () => end.abort();
  let last = page.performance.now();
  page.addEventListener('pointerdown', stop, heard);
  page.addEventListener(
    'keydown',
    (event) => {
      const { key, ctrlKey, metaKey, altKey, timeStamp } = event;
      if (key === 'Shift') return;
      const word = key.length === 1 || words.has(key);
      if (ctrlKey || metaKey || altKey || !word || timeStamp - last >= restMs) {
        stop();
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      last = timeStamp;
    },
    heard,
  );
}
