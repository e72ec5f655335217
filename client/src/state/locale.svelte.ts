// The language of the page: its dictionary, its numbers, its times. One per page, since a page has one reader.
import type { Language } from '$protocol/board/item';
import { fill, type Arguments, type Dictionary, type Key } from './words/dictionary';
import { fi } from './words/first/fi';

/** Languages by their own names, in the order they are offered. */
export const languages: readonly { readonly code: Language; readonly name: string }[] = [
  { code: 'fi', name: 'Suomi' },
  { code: 'sv', name: 'Svenska' },
  { code: 'en', name: 'English' },
];

const regions: Readonly<Record<Language, string>> = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' };

interface Words {
  readonly first: () => Promise<Dictionary>;
  readonly rest: () => Promise<Dictionary>;
}

// Finnish is the source, and its first words come with the page; all others come when somebody reads them.
const load: Readonly<Record<Language, Words>> = {
  fi: {
    first: () => Promise.resolve(fi),
    rest: () => import('./words/fi').then(({ fi }) => fi),
  },
  sv: {
    first: () => import('./words/first/sv').then(({ sv }) => sv),
    rest: () => import('./words/sv').then(({ sv }) => sv),
  },
  en: {
    first: () => import('./words/first/en').then(({ en }) => en),
    rest: () => import('./words/en').then(({ en }) => en),
  },
};

/** The first of the reader's languages that we speak. */
export function preferred(asked: readonly string[]): Language {
  for (const tag of asked) {
    const code = tag.slice(0, 2).toLowerCase();
    const known = languages.find((language) => language.code === code);
    if (known) return known.code;
  }
  return 'fi';
}

/** A number that all of our languages write and count alike, so that a first picture waits for no format. */
export function isPlain(n: number): boolean {
  return Number.isInteger(n) && n >= 0 && n < 1000;
}

/** Formats take long to make: each is made when it is first needed. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

interface Tongue {
  readonly language: Language;
  readonly dictionary: Dictionary;
  readonly plural: () => Intl.PluralRules;
  readonly number: () => Intl.NumberFormat;
  readonly tenths: () => Intl.NumberFormat;
  readonly time: () => Intl.DateTimeFormat;
  readonly date: () => Intl.DateTimeFormat;
  readonly day: () => Intl.DateTimeFormat;
}

function tongue(language: Language, dictionary: Dictionary): Tongue {
  const tag = regions[language];
  return {
    language,
    dictionary,
    plural: once(() => new Intl.PluralRules(tag)),
    number: once(() => new Intl.NumberFormat(tag)),
    tenths: once(() => new Intl.NumberFormat(tag, { maximumFractionDigits: 1 })),
    time: once(() => new Intl.DateTimeFormat(tag, { hour: 'numeric', minute: '2-digit' })),
    date: once(() => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'numeric' })),
    day: once(() => new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })),
  };
}

/** Texts and formats in one language at a time; whatever reads them is drawn again when it changes. */
export class Locale {
  #tongue: Tongue = $state.raw(tongue('fi', fi));
  #wanted: Language = 'fi';
  #whole: Promise<void> | undefined;

  get language(): Language {
    return this.#tongue.language;
  }

  /** Switches once the language's words are there; the last one asked for wins. */
  async use(language: Language): Promise<void> {
    this.#wanted = language;
    await this.#load();
  }

  /** Has all words at hand, not only the first, in this language and in those chosen later. */
  whole(): Promise<void> {
    // Asked for again once it has failed.
    this.#whole ??= Promise.resolve()
      .then(() => this.#load())
      .catch((error: unknown) => {
        this.#whole = undefined;
        throw error;
      });
    return this.#whole;
  }

  async #load(): Promise<void> {
    const language = this.#wanted;
    const whole = this.#whole !== undefined;
    const { first, rest } = load[language];
    const [some, others] = await Promise.all([first(), whole ? rest() : {}]);
    if (this.#wanted === language && (this.#whole !== undefined) === whole) {
      this.#tongue = tongue(language, { ...some, ...others });
    }
  }

  text = <K extends Key>(key: K, ...[values]: Arguments<K>): string => {
    const { dictionary, plural, number } = this.#tongue;
    return fill(
      dictionary[key] ?? '',
      values ?? {},
      (n) => (isPlain(n) ? (n === 1 ? 'one' : 'other') : plural().select(n)),
      (n) => (isPlain(n) ? String(n) : number().format(n)),
    );
  };

  number(n: number): string {
    return isPlain(n) ? String(n) : this.#tongue.number().format(n);
  }

  /** Tenths as people read them: 378 → "37,8". */
  tenths(n: number): string {
    return this.#tongue.tenths().format(n / 10);
  }

  /** The time of day of ms since 1970, with the date when that was another day than `now`. */
  time(ms: number, now: number = Date.now()): string {
    const { date, day } = this.#tongue;
    const sameDay = day().format(ms) === day().format(now);
    const time = this.#tongue.time().format(ms);
    return sameDay ? time : `${date().format(ms)} ${time}`;
  }
}

export const locale = new Locale();
export const t = locale.text;
