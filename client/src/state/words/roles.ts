// Keys of the words for the roles.
import type { Role } from '$protocol/board/item';
import type { Key } from './dictionary';

export const roleNames = {
  facilitator: 'role.facilitator',
  participant: 'role.participant',
  viewer: 'role.viewer',
  visitor: 'role.visitor',
} as const satisfies Record<Role, Key>;
