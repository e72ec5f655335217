// Keys of the words for the sides that people may be on.
import type { Side } from '$protocol/board/item';
import type { Key } from './dictionary';

export const sideNames = {
  staff: 'side.staff',
  customer: 'side.customer',
  partner: 'side.partner',
} as const satisfies Record<Side, Key>;
