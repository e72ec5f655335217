// Elements, made one by one: the page's policy allows neither markup as text nor style attributes.

export function made<K extends keyof HTMLElementTagNameMap>(
  parent: Element,
  tag: K,
  className: string,
): HTMLElementTagNameMap[K] {
  const element = parent.ownerDocument.createElement(tag);
  element.className = className;
  parent.append(element);
  return element;
}

export function drawn<K extends keyof SVGElementTagNameMap>(
  parent: Element,
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
): SVGElementTagNameMap[K] {
  const element = parent.ownerDocument.createElementNS('http://www.w3.org/2000/svg', tag);
  attribute(element, attributes);
  parent.append(element);
  return element;
}

export function attribute(
  element: Element,
  attributes: Readonly<Record<string, string | number>>,
): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** An icon that says nothing by itself: the words stand beside it. */
export function icon(parent: Element, path: string): SVGSVGElement {
  const svg = drawn(parent, 'svg', {
    class: 'board-icon',
    viewBox: '0 0 24 24',
    'aria-hidden': 'true',
  });
  drawn(svg, 'path', { d: path });
  return svg;
}

/** Of a layer that may be scaled: at natural size in whole px, which keep text sharp. */
export function layerTransform(x: number, y: number, scaleX: number, scaleY: number): string {
  return scaleX === 1 && scaleY === 1
    ? `translate(${Math.round(x)}px,${Math.round(y)}px)`
    : `matrix(${scaleX},0,0,${scaleY},${x},${y})`;
}

export function place(element: HTMLElement | SVGElement, x: number, y: number): void {
  element.style.transform = `translate(${x}px,${y}px)`;
}
