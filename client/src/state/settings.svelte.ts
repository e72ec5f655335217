// What a reader has chosen for all boards in this browser: language, appearance, letters as shortcuts, their name.
import type { Language } from '$protocol/board/item';
import { languages } from './locale.svelte';
import type { Store } from './storage';

export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

export class Settings {
  readonly #store: Store;
  #theme: Theme = $state('system');
  #language: Language | undefined = $state();
  #letterKeys = $state(true);
  #name = $state('');

  constructor(store: Store) {
    this.#store = store;
    this.#theme = themes.find((theme) => theme === store.read('jana.theme')) ?? 'system';
    const language = store.read('jana.language');
    this.#language = languages.find(({ code }) => code === language)?.code;
    this.#letterKeys = store.read('jana.letters') !== 'off';
    this.#name = store.read('jana.name') ?? '';
  }

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    this.#store.write('jana.theme', theme);
  }

  /** Undefined until somebody chose one. */
  get language(): Language | undefined {
    return this.#language;
  }

  set language(language: Language | undefined) {
    this.#language = language;
    if (language) this.#store.write('jana.language', language);
    else this.#store.remove('jana.language');
  }

  /** Whether a letter alone is a shortcut while the board or a note has the focus. */
  get letterKeys(): boolean {
    return this.#letterKeys;
  }

  set letterKeys(on: boolean) {
    this.#letterKeys = on;
    this.#store.write('jana.letters', on ? 'on' : 'off');
  }

  /** The name used last, offered on the next board. */
  get name(): string {
    return this.#name;
  }

  set name(name: string) {
    this.#name = name;
    this.#store.write('jana.name', name);
  }
}
