// Writes src/ui/icons.ts and firstIcons.ts from lucide: `npm run icons` installs lucide for this one run, since the browser
// needs only the paths and the package is 34 MB. To use another icon add its name here.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as lucide from 'lucide';

/** Of a board's first picture: what imports these alone does not bring the others along. */
const first = `
  hourglass lock pen-line snowflake
`;
const others = `
  plus undo-2 redo-2 inbox square-pen message-circle trash-2 copy ungroup merge split arrow-right ellipsis x
  chevron-left chevron-right chevron-down lasso-select lock-open eye timer pause play vote megaphone qr-code link
  presentation printer download hand circle-question-mark search locate maximize minus layers
  target circle lightbulb thumbs-up thumbs-down send flag wand-sparkles history camera languages sun moon
  keyboard pin pin-off upload wifi-off triangle-alert arrow-left arrow-up arrow-down tags list-plus layout-grid flask-conical message-square-text scan-search sticky-note table-2 list-tree
  check eye-off group share-2 users
`;

/** Path data of one element of an icon, starting with an absolute M wherever the pen was before. */
const draw = {
  path: ({ d }) => {
    if (d.startsWith('M')) return d;
    // Its first pair is taken as absolute when the path stands alone; pairs right after it are relative lines.
    const start = /^m\s*(-?\d*\.?\d+)[\s,]*(-?\d*\.?\d+)(.*)$/s.exec(d);
    if (!start) throw new Error(`a path that starts unlike others: ${d}`);
    const [, x, y, rest] = start;
    return `M${x} ${y}${/^[\s,]*[-.\d]/.test(rest) ? 'l' : ''}${rest.trim()}`;
  },
  line: ({ x1, y1, x2, y2 }) => `M${x1} ${y1}L${x2} ${y2}`,
  polyline: ({ points }) => `M${points}`,
  polygon: ({ points }) => `M${points}z`,
  circle: ({ cx, cy, r }) =>
    `M${cx - r} ${cy}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`,
  ellipse: ({ cx, cy, rx, ry }) =>
    `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0`,
  rect: ({ x, y, width, height, rx = 0 }) => {
    const [w, h, r] = [width, height, rx].map(Number);
    if (r === 0) return `M${x} ${y}h${w}v${h}h${-w}z`;
    const corner = (dx, dy) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
    return [
      `M${Number(x) + r} ${y}h${w - 2 * r}${corner(r, r)}v${h - 2 * r}${corner(-r, r)}`,
      `h${2 * r - w}${corner(-r, -r)}v${2 * r - h}${corner(r, -r)}z`,
    ].join('');
  },
};

function camelCase(name) {
  return name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

function paths(names) {
  const lines = names
    .trim()
    .split(/\s+/)
    .map((name) => {
      const camel = camelCase(name);
      // The whole package knows the older names of icons that were renamed.
      const elements = lucide[camel.charAt(0).toUpperCase() + camel.slice(1)];
      if (!elements) throw new Error(`lucide has no icon ${name}`);
      const d = elements.map(([element, attributes]) => draw[element](attributes)).join('');
      return `export const ${camel} =\n  '${d}';\n`;
    });
  return lines.join('');
}

const head = `// Icons of lucide 1.65.0 (icons.LICENSE.txt), each as the data of one path in a box of 24 × 24, to be stroked.
// Written by \`npm run icons\`.
`;

function write(file, content) {
  writeFileSync(fileURLToPath(new URL(`../src/ui/${file}`, import.meta.url)), head + content);
}

write(
  'firstIcons.ts',
  `// Those of a board's first picture: what imports them alone does not bring the others along.\n\n${paths(first)}`,
);
write('icons.ts', `export * from './firstIcons';\n\n${paths(others)}`);
