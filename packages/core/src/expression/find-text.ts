import { type Frame, spendScan } from './frame.ts';

// `indexOf` of the host takes time in the product of both lengths for texts such as a^n and a^m b a^m: 1.7 s for 1 MB and 10 KB.
const largestProduct = 1_000_000;

/** `text.indexOf(sought, from)` in time linear in both lengths, whatever they hold. The caller has paid with {@link payForSearch}. */
export function findText(text: string, sought: string, from = 0): number {
  if (sought.length > text.length - from) return -1;
  return needsLinear(text, sought) ? searchLinear(text, sought, from) : text.indexOf(sought, from);
}

/** Pays for one pass over the text. */
export function payForSearch(frame: Frame, text: string, sought: string): void {
  spendScan(frame, (text.length + sought.length) * (needsLinear(text, sought) ? 4 : 1));
}

function needsLinear(text: string, sought: string): boolean {
  return sought.length >= 32 && text.length * sought.length > largestProduct;
}

// Knuth, Morris and Pratt: on a mismatch the text never moves back.
function searchLinear(text: string, sought: string, from: number): number {
  const borders = bordersOf(sought);
  let matched = 0;
  for (let index = from; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    while (matched > 0 && sought.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0;
    if (sought.charCodeAt(matched) === unit) matched++;
    if (matched === sought.length) return index - matched + 1;
  }
  return -1;
}

function bordersOf(sought: string): Int32Array {
  const borders = new Int32Array(sought.length);
  let matched = 0;
  for (let index = 1; index < sought.length; index++) {
    const unit = sought.charCodeAt(index);
    while (matched > 0 && sought.charCodeAt(matched) !== unit) matched = borders[matched - 1] ?? 0;
    if (sought.charCodeAt(matched) === unit) matched++;
    borders[index] = matched;
  }
  return borders;
}
