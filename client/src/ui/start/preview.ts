// What the axis of the start page shows: a board as it looks after an hour.
import type { Language } from '$protocol/board/item';

export interface Spread {
  readonly colour: number;
  readonly least: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly most: number;
}

/** Values 0–100. */
export const spreads: readonly Spread[] = [
  { colour: 1, least: 1, q1: 6, median: 10, q3: 13, most: 18 },
  { colour: 2, least: 21, q1: 26, median: 30, q3: 34, most: 39 },
  { colour: 3, least: 43, q1: 47, median: 51, q3: 55, most: 60 },
  { colour: 4, least: 62, q1: 68, median: 71, q3: 75, most: 79 },
  { colour: 5, least: 83, q1: 88, median: 91, q3: 94, most: 99 },
];

/** The place of each note, its colour, how far down it hangs, and whether a phone has room for it. */
export const places = [
  { value: 6, colour: 5, row: 0, phone: false },
  { value: 33, colour: 1, row: 1, phone: true },
  { value: 49, colour: 3, row: 0, phone: false },
  { value: 71, colour: 2, row: 1, phone: true },
  { value: 88, colour: 6, row: 0, phone: false },
] as const;

interface Example {
  readonly ends: readonly [string, string];
  readonly names: readonly string[];
  /** Text and letters of each note. */
  readonly notes: readonly (readonly [string, string])[];
}

export const examples: Readonly<Record<Language, Example>> = {
  fi: {
    ends: ['Tarvitsee paljon ohjausta', 'Tarvitsee vähän ohjausta'],
    names: [
      'Rinnallakulkua tarvitsevat',
      'Solmujen avaajat',
      'Vauhtia hakevat',
      'Sparrausta kaipaavat',
      'Omin siivin etenevät',
    ],
    notes: [
      ['Asuu kaverin sohvalla toista kuukautta', 'Ta'],
      ['Pyytää apua vasta, kun määrä\u00adaika on jo mennyt', 'I'],
      ['Perhe joustaa, jos opinnot ovat iltaisin', 'P'],
      ['Kuvaa itseään oppijaksi', 'M'],
      ['Verkosto välittää työ\u00adtarjouksia', 'Ty'],
    ],
  },
  sv: {
    ends: ['Behöver mycket handledning', 'Behöver lite handledning'],
    names: [
      'Behöver någon bredvid sig',
      'Löser upp knutar',
      'Söker fart',
      'Vill ha sparring',
      'Klarar sig på egen hand',
    ],
    notes: [
      ['Bor på en väns soffa för andra månaden', 'E'],
      ['Ber om hjälp först när tiden har gått ut', 'S'],
      ['Familjen är flexibel om studierna är på kvällen', 'F'],
      ['Beskriver sig som en som lär sig', 'B'],
      ['Nätverket förmedlar jobberbjudanden', 'A'],
    ],
  },
  en: {
    ends: ['Needs much guidance', 'Needs little guidance'],
    names: [
      'In need of company',
      'Untying knots',
      'Gathering speed',
      'Looking for sparring',
      'On their own wings',
    ],
    notes: [
      ['Sleeps on a friend’s sofa for the second month', 'M'],
      ['Asks for help only when the deadline has passed', 'I'],
      ['The family is flexible if studies are in the evening', 'F'],
      ['Describes herself as a learner', 'S'],
      ['The network passes on job offers', 'W'],
    ],
  },
};
