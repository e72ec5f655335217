// What the page tells of itself: its size, the reader's text size, fonts that have come. Each returns what ends the watching.

export interface PageSize {
  readonly width: number;
  readonly height: number;
  /** Root font / 16 px. */
  readonly textScale: number;
}

/** Tells the element's size at once and whenever it changes. */
export function watchSize(root: HTMLElement, changed: (size: PageSize) => void): () => void {
  const document = root.ownerDocument;
  const measure = () => {
    const style = document.defaultView?.getComputedStyle(document.documentElement);
    changed({
      width: root.clientWidth,
      height: root.clientHeight,
      textScale: parseFloat(style?.fontSize ?? '16') / 16,
    });
  };
  measure();
  const observer = new ResizeObserver(measure);
  observer.observe(root);
  return () => observer.disconnect();
}

/** Text was fitted with whatever face was there; the right one fits otherwise. */
export function watchFonts(root: HTMLElement, loaded: () => void): () => void {
  const { fonts } = root.ownerDocument;
  fonts.addEventListener('loadingdone', loaded);
  return () => fonts.removeEventListener('loadingdone', loaded);
}
