// The colours of the page as drawings on a canvas need them: canvases know no variables, and nothing of forced colours.

export interface Theme {
  /** Of note colours 1 to 8. */
  readonly notes: readonly { readonly fill: string; readonly edge: string }[];
  readonly accent: string;
  /** Bars that stand for lines of text. */
  readonly greek: string;
  /** The density curve. */
  readonly density: string;
}

const noteColours = [1, 2, 3, 4, 5, 6, 7, 8];

export function readTheme(root: Element): Theme {
  const window = root.ownerDocument.defaultView;
  const style = window?.getComputedStyle(root);
  const read = (name: string) => style?.getPropertyValue(name).trim() ?? '';
  const forced = window?.matchMedia('(forced-colors: active)').matches ?? false;
  return {
    notes: noteColours.map((i) => ({
      fill: forced ? 'Canvas' : read(`--note-${i}`),
      edge: read(`--note-${i}-edge`),
    })),
    accent: read('--accent'),
    greek: forced ? 'CanvasText' : 'rgb(27 27 27 / 0.62)',
    density: read('--line'),
  };
}

/** Tells when the colours may have changed; returns what ends the watching. */
export function watchTheme(root: Element, changed: () => void): () => void {
  const document = root.ownerDocument;
  const window = document.defaultView;
  if (!window) return () => undefined;
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((q) =>
    window.matchMedia(q),
  );
  for (const query of queries) query.addEventListener('change', changed);
  const observer = new window.MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener('change', changed);
  };
}
