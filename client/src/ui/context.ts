import { createContext } from 'svelte';
import type { BoardState } from '../state/board.svelte';

/** The board that the components below a page are about. */
export const [useBoard, provideBoard, hasBoard] = createContext<BoardState>();
