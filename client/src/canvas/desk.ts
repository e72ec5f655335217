// What the parts of the surface share: the notes, the view, and what goes on with both.

import { noMarks, type Marks } from './noteElement';
import { Scene } from './scene';
import type {
  GroupColour,
  GroupView,
  Intent,
  LaneView,
  Mode,
  NotePresence,
  SurfaceOptions,
} from './types';
import { BoardView } from './view';

export class Desk {
  readonly scene = new Scene();
  readonly view = new BoardView();
  lanes: readonly LaneView[] = [];
  groups: readonly GroupView[] = [];
  mode: Mode = {
    drag: 'move',
    holdToGroup: false,
    create: true,
    selectMore: false,
    placing: false,
  };
  selected: ReadonlySet<string> = new Set();
  open: string | null = null;
  /** The note under edit. */
  edited: string | null = null;
  /** What others do. */
  busy: ReadonlyMap<string, NotePresence> = new Map();
  /** The note that a drag would join. */
  targetNote: string | null = null;
  private lifts: (id: string) => boolean = () => false;
  private readonly marked = new Map<string, Marks>();

  constructor(
    public options: SurfaceOptions,
    /** Something is to be drawn. */
    readonly ask: () => void,
  ) {}

  /** Whoever holds notes in hand says which. */
  liftedBy(lifts: (id: string) => boolean): void {
    this.lifts = lifts;
  }

  lifted(id: string): boolean {
    return this.lifts(id);
  }

  tell(intent: Intent): void {
    this.options.on(intent);
  }

  /** The same object as long as nothing has changed. */
  marks(id: string): Marks {
    const busy = this.busy.get(id);
    const marks: Marks = {
      selected: this.selected.has(id),
      open: this.open === id,
      lifted: this.lifts(id),
      target: this.targetNote === id,
      edited: this.edited === id,
      busy: busy ?? null,
    };
    const known = this.marked.get(id) ?? noMarks;
    if (sameMarks(known, marks)) return known;
    if (sameMarks(noMarks, marks)) {
      this.marked.delete(id);
      return noMarks;
    }
    this.marked.set(id, marks);
    return marks;
  }

  groupColour(id: string): GroupColour | null {
    const groupId = this.scene.get(id)?.view.groupId;
    if (groupId === undefined) return null;
    return this.groups.find((g) => g.id === groupId)?.colour ?? null;
  }

  get still(): boolean {
    return this.stillness();
  }

  /** Whether the page asks for less motion. */
  stillness: () => boolean = () => false;
}

function sameMarks(a: Marks, b: Marks): boolean {
  return (
    a.selected === b.selected &&
    a.open === b.open &&
    a.lifted === b.lifted &&
    a.target === b.target &&
    a.edited === b.edited &&
    a.busy?.type === b.busy?.type &&
    a.busy?.tag === b.busy?.tag
  );
}
