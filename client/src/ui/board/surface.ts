import { createContext } from 'svelte';
import type { BoardSurface } from '../../canvas/types';

/** The canvas of the page; undefined until it stands. */
export const [useSurface, provideSurface] = createContext<() => BoardSurface | undefined>();
