// What of the page is open around the board.
import type { ID, Phase } from '$protocol/board/item';

/** Dialogs that lie over the page, and what each is about. */
export type Dialog =
  | { readonly type: 'share' }
  | { readonly type: 'keys' }
  | { readonly type: 'freeze' }
  | { readonly type: 'snapshots' }
  | { readonly type: 'round' }
  /** `from`: the milestone to begin with; absent: the newest. */
  | { readonly type: 'comparison'; readonly from?: ID }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'name' }
  | { readonly type: 'blank'; readonly note: ID }
  | { readonly type: 'comment'; readonly note: ID }
  | { readonly type: 'owner' }
  | { readonly type: 'copy' }
  | { readonly type: 'sheet' }
  | { readonly type: 'downloads' }
  | { readonly type: 'service'; readonly id: ID }
  | {
      readonly type: 'ask';
      readonly text: string;
      readonly label: string;
      readonly run: () => void;
    };

export type Panel = 'groups' | 'people' | 'coverage';

/** What the page shows of the board (ui/views.ts). */
export type ViewName =
  | 'board'
  | 'list'
  | 'cards'
  | 'matrix'
  | 'findings'
  | 'goals'
  | 'feedback'
  | 'experiments'
  | 'result';

export interface ChosenView {
  readonly view: ViewName;
  /** The phase in which it was chosen. */
  readonly phase: Phase | undefined;
  /** What it is to show first. */
  readonly about?: string | undefined;
}

/** A cell of the service matrix. */
export interface CellPlace {
  readonly service: ID;
  readonly segment: ID;
}

export class Chrome {
  #chosen: ChosenView | undefined = $state.raw();
  #cell: CellPlace | undefined = $state.raw();
  #panel: Panel | undefined = $state();
  #dialog: Dialog | undefined = $state.raw();
  #valueOf: { readonly note: ID } | undefined = $state.raw();
  #picker: 'group' | 'perspective' | undefined = $state();
  #naming: ID | undefined = $state();
  #forName = false;

  /** Values at which a suggestion parts the notes. */
  ghosts: readonly number[] = $state.raw([]);

  get chosen(): ChosenView | undefined {
    return this.#chosen;
  }

  /** The cell that is being assessed. */
  get cell(): CellPlace | undefined {
    return this.#cell;
  }

  get panel(): Panel | undefined {
    return this.#panel;
  }

  get dialog(): Dialog | undefined {
    return this.#dialog;
  }

  /** The note whose value is being typed; another object each time that it is asked for. */
  get valueOf(): { readonly note: ID } | undefined {
    return this.#valueOf;
  }

  /** What the selection is to be put into. */
  get picker(): 'group' | 'perspective' | undefined {
    return this.#picker;
  }

  /** The panel came to ask for a name, and for nothing else. */
  get cameForName(): boolean {
    return this.#forName;
  }

  /** The group whose name is asked for: its field takes the focus once it is there. */
  get naming(): ID | undefined {
    return this.#naming;
  }

  choose(view: ViewName, phase: Phase | undefined, about?: string): void {
    this.#chosen = { view, phase, about };
  }

  /** The panel and the cell that is open stand at the same side. */
  openCell(cell: CellPlace | undefined): void {
    this.#cell = cell;
    if (cell) this.showPanel(undefined);
  }

  showPanel(panel: Panel | undefined): void {
    this.#panel = panel;
    if (panel) this.#cell = undefined;
    this.#forName = false;
    if (panel !== 'groups') this.#naming = undefined;
  }

  open(dialog: Dialog): void {
    this.#dialog = dialog;
  }

  close(): void {
    this.#dialog = undefined;
  }

  typeValue(note: ID | undefined): void {
    this.#valueOf = note === undefined ? undefined : { note };
  }

  pick(what: 'group' | 'perspective' | undefined): void {
    this.#picker = what;
  }

  nameGroup(group: ID): void {
    if (this.#panel !== 'groups') this.#forName = true;
    this.#panel = 'groups';
    this.#naming = group;
  }

  named(): void {
    this.#naming = undefined;
  }
}
