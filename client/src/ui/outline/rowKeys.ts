// What the keys mean while a row of a list has the focus. The list itself takes the arrows up and down.

export interface RowInput {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

export type RowAct =
  /** Along the axis, in tenths of the value. */
  | { readonly type: 'nudge'; readonly tenths: number }
  /** A value is typed, from this first figure. */
  | { readonly type: 'value'; readonly figure: string }
  | { readonly type: 'pick'; readonly what: 'group' | 'perspective' }
  | { readonly type: 'delete' }
  /** Ends the selection of several rows. */
  | { readonly type: 'clear' };

/** Undefined when it isn't ours. */
export function rowAct(
  { key, shiftKey, altKey, ctrlKey, metaKey }: RowInput,
  letterKeys: boolean,
): RowAct | undefined {
  if (altKey || ctrlKey || metaKey) return undefined;
  switch (key) {
    case 'ArrowLeft':
      return { type: 'nudge', tenths: shiftKey ? -100 : -10 };
    case 'ArrowRight':
      return { type: 'nudge', tenths: shiftKey ? 100 : 10 };
    case 'Delete':
      return { type: 'delete' };
    case 'Escape':
      return { type: 'clear' };
    case '=':
      return { type: 'value', figure: '' };
  }
  if (/^\d$/.test(key)) return { type: 'value', figure: key };
  if (!letterKeys) return undefined;
  switch (key.toLowerCase()) {
    case 'g':
      return { type: 'pick', what: 'group' };
    case 'p':
      return { type: 'pick', what: 'perspective' };
    default:
      return undefined;
  }
}
