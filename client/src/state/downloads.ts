// The files that a board can be taken home as.
import type { Board, ID, Language } from '$protocol/board/item';
import { exported } from './api';
import type { PlainKey } from './words/dictionary';

/** By file: what it is, in a sentence. */
export const downloads = {
  'report.pdf': 'take.reportPdf',
  'report.docx': 'take.reportDocx',
  'report.md': 'take.reportMd',
  'matrix.xlsx': 'take.matrixXlsx',
  'matrix.docx': 'take.matrixDocx',
  'matrix.pdf': 'take.matrixPdf',
  'matrix.csv': 'take.matrixCsv',
  'segments.docx': 'take.segmentsDocx',
  'segments.pdf': 'take.segmentsPdf',
  'axis.svg': 'take.axisSvg',
  'axis.png': 'take.axisPng',
  'notes.csv': 'take.notesCsv',
  'feedback.csv': 'take.feedbackCsv',
  'experiments.csv': 'take.experimentsCsv',
  'board.json': 'take.boardJson',
} as const satisfies Readonly<Record<string, PlainKey>>;

export type Download = keyof typeof downloads;

export const everyDownload = Object.keys(downloads) as readonly Download[];

/** The file of the server that a download is made of: a picture of pixels is drawn from the other one. */
export function sourceOf(file: Download): Download {
  return file === 'axis.png' ? 'axis.svg' : file;
}

/** The files that somebody may have of a board. */
export function openedTo(
  board: Pick<Board, 'phase' | 'downloads'> | undefined,
  facilitator: boolean,
): readonly Download[] {
  if (facilitator || board?.phase !== 'closed') return everyDownload;
  const open = board.downloads ?? [];
  return everyDownload.filter((file) => open.includes(sourceOf(file)));
}

/** The name in a Content-Disposition (RFC 6266). */
export function nameIn(disposition: string, otherwise: string): string {
  const [, full] = /filename\*=UTF-8''([^;]+)/i.exec(disposition) ?? [];
  if (full !== undefined) return decodeURIComponent(full);
  const [, plain] = /filename="([^"]+)"/i.exec(disposition) ?? [];
  return plain ?? otherwise;
}

export interface File {
  readonly name: string;
  readonly content: Blob;
}

export async function fileOf(
  id: ID,
  key: string,
  file: Download,
  language: Language,
): Promise<File> {
  const source = sourceOf(file);
  const response = await exported(id, key, source, language);
  const name = nameIn(response.headers.get('Content-Disposition') ?? '', source);
  const content = await response.blob();
  if (source === file) return { name, content };
  return { name: name.replace(/svg$/, 'png'), content: await pixels(content) };
}

/** A picture at twice the size it has on a screen, so that it is sharp on a slide and on paper. */
async function pixels(svg: Blob): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/png');
    });
    if (!png) throw new Error('draw a picture');
    return png;
  } finally {
    URL.revokeObjectURL(url);
  }
}
