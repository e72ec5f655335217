// What the share dialog shows: the links, the one whose code is on show, and the address by which others reach this machine.
import { boardLinks, closeLink, makeLink, type LinkInfo } from '../../state/api';
import type { BoardState } from '../../state/board.svelte';
import { boardAddress } from '../../state/link';
import { t } from '../../state/locale.svelte';
import { roleNames } from '../../state/words/roles';
import { copyText } from '../files';
import { atOrigin } from './addresses';
import { BoardLinks, type NewLink } from './links.svelte';

/** How long "copied" is told. ms */
const copiedMs = 3000;

export class Sharing {
  readonly links: BoardLinks;
  readonly #board: BoardState;
  #chosen: string | undefined = $state();
  #origin: string | undefined = $state();
  #copied: string | undefined = $state();
  #unable = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(board: BoardState) {
    const { id, key, memory } = board;
    this.#board = board;
    this.links = new BoardLinks({
      list: () => boardLinks(id, key),
      make: (link) => makeLink(id, key, { ...link, me: memory.me }),
      close: (link) => closeLink(id, key, link, memory.me),
    });
  }

  /** Undefined until they have come. Those who do not steer have one: that of the address bar, which is made for it. */
  get open(): readonly LinkInfo[] | undefined {
    const { can, id, key, me, memory } = this.#board;
    if (can.facilitate) return this.links.open;
    const role = me?.role === 'viewer' ? 'viewer' : 'participant';
    return [{ id: '', role, address: boardAddress(id, memory.shared ?? key, location.origin) }];
  }

  /** Those of the feedback wall. */
  get walls(): readonly LinkInfo[] | undefined {
    return this.open?.filter(({ role }) => role === 'visitor');
  }

  /** The link whose code is on show: the participants' own until another is chosen. */
  get shown(): LinkInfo | undefined {
    const { open } = this;
    return (
      open?.find(({ id }) => id === this.#chosen) ??
      open?.find(({ role }) => role === 'participant') ??
      open?.[0]
    );
  }

  /** The origin of the addresses: one that others reach, if there is a choice. */
  get origin(): string {
    return this.#origin ?? this.links.addresses[0] ?? location.origin;
  }

  set origin(origin: string) {
    this.#origin = origin;
  }

  /** The clipboard could not be had: the address is to be selected by hand. */
  get unable(): boolean {
    return this.#unable;
  }

  wasCopied({ id }: LinkInfo): boolean {
    return this.#copied === id;
  }

  show({ id }: LinkInfo): void {
    this.#chosen = id;
  }

  nameOf({ role, name, as, question }: LinkInfo): string {
    return name ?? as ?? question ?? t(roleNames[role]);
  }

  addressOf({ address = '' }: LinkInfo): string {
    return atOrigin(address, this.origin);
  }

  async copy(link: LinkInfo): Promise<void> {
    this.#unable = !(await copyText(this.addressOf(link)));
    if (this.#unable) {
      this.show(link);
      return;
    }
    this.#copied = link.id;
    this.#board.live.say(t('share.copied'));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#copied = undefined), copiedMs);
  }

  /** Whether there is a new link now; its code is shown. */
  async make(link: NewLink): Promise<boolean> {
    const made = await this.links.make(link);
    if (made) this.show(made);
    return made !== undefined;
  }

  /** Reads the links, and again whenever another facilitator makes or closes one. Call it within an effect. */
  watch(): () => void {
    this.#board.items.ofType('link');
    if (this.#board.can.facilitate) void this.links.load();
    return () => clearTimeout(this.#timer);
  }
}
