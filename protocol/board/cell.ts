// How cells of the service matrix are called.
import type { ID } from './item';

/** The id of the assessment of a service for a segment. */
export function cellID(service: ID, segment: ID): ID {
  return `a.${service}.${segment}`;
}
