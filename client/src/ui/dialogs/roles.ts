// The roles that a link can give, in the order in which they are offered.
import type { Role } from '$protocol/board/item';
import type { Key } from '../../state/words/dictionary';

export const shareable = [
  'participant',
  'viewer',
  'facilitator',
] as const satisfies readonly Role[];

export const roleSubs = {
  facilitator: 'role.facilitator.sub',
  participant: 'role.participant.sub',
  viewer: 'role.viewer.sub',
  visitor: 'role.visitor.sub',
} as const satisfies Record<Role, Key>;
