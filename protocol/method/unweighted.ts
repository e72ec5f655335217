// A board as if all services weighed the same and all segments needed as much. Twin of unweighted.go.
import { State, type Shown } from '../board/state';

/**
 * The board without the weights of services and the need factors of segments, which are judgements: what an analysis says
 * then, shows what they do to it.
 */
export function unweighted(board: Shown): Shown {
  const plain = new State();
  for (const item of board.items()) {
    switch (item.type) {
      case 'service': {
        const { weight: _, ...rest } = item;
        plain.set(item.id, rest);
        break;
      }
      case 'segment': {
        const { needFactor: _, ...rest } = item;
        plain.set(item.id, rest);
        break;
      }
      default:
        plain.set(item.id, item);
    }
  }
  return plain;
}
