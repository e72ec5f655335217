import { createContext } from 'svelte';
import type { ID } from '$protocol/board/item';
import type { Matrix } from '../../state/matrix.svelte';
import type { MatrixActions } from '../../state/matrixActions';

export interface Sheet {
  readonly matrix: Matrix;
  readonly actions: MatrixActions;
}

/** What is being made or edited. Without an id: a new one. */
export type MatrixDialog =
  | { readonly type: 'service'; readonly id?: ID }
  | { readonly type: 'segment'; readonly id?: ID }
  | { readonly type: 'categories' }
  | { readonly type: 'paste' };

/** What the parts of the matrix are about. */
export const [useSheet, provideSheet] = createContext<Sheet>();
