import { createContext } from 'svelte';
import type { Matrix } from '../../state/matrix.svelte';

/** The services and segments that the findings are about. */
export const [useMatrix, provideMatrix] = createContext<Matrix>();
