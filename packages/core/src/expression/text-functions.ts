import { type CelFunction, textArgument, wholeArgument } from './cel-function.ts';
import { findText, payForSearch } from './find-text.ts';
import { formatDouble } from './format-number.ts';
import { type Frame, fail, spendItems, spendScan, spendSteps, spendText } from './frame.ts';
import { trimSpace } from './trim-space.ts';
import { admit, isList, kindOf, type Value } from './value.ts';

/** Functions over text. `matches` is compiled apart, because its pattern is. */
export const textFunctions: readonly CelFunction[] = [
  method('contains', 2, (frame, [text, part]) => {
    const whole = textArgument(frame, text, 'contains');
    const sought = textArgument(frame, part, 'contains');
    payForSearch(frame, whole, sought);
    return findText(whole, sought) !== -1;
  }),
  method('startsWith', 2, (frame, [text, part]) => {
    const start = textArgument(frame, part, 'startsWith');
    spendScan(frame, start.length);
    return textArgument(frame, text, 'startsWith').startsWith(start);
  }),
  method('endsWith', 2, (frame, [text, part]) => {
    const end = textArgument(frame, part, 'endsWith');
    spendScan(frame, end.length);
    return textArgument(frame, text, 'endsWith').endsWith(end);
  }),
  method('lowerAscii', 1, (frame, [text]) => changeCase(frame, textArgument(frame, text, 'lowerAscii'), 'lower')),
  method('upperAscii', 1, (frame, [text]) => changeCase(frame, textArgument(frame, text, 'upperAscii'), 'upper')),
  method('trim', 1, (frame, [text]) => {
    const whole = textArgument(frame, text, 'trim');
    spendText(frame, whole.length);
    spendScan(frame, whole.length * 2);
    return trimSpace(whole);
  }),
  { name: 'split', style: 'method', arity: [2, 3], run: split },
  { name: 'replace', style: 'method', arity: [3, 4], run: replace },
  { name: 'join', style: 'method', arity: [1, 2], run: join },
];

function method(name: string, count: number, run: CelFunction['run']): CelFunction {
  return { name, style: 'method', arity: [count, count], run };
}

// Only ASCII letters change, and text that is ASCII throughout takes the host's fast way.
function changeCase(frame: Frame, text: string, to: 'lower' | 'upper'): string {
  spendText(frame, text.length * 2);
  if (!/[\u0080-\uffff]/.test(text)) return to === 'lower' ? text.toLowerCase() : text.toUpperCase();
  spendSteps(frame, text.length >>> 1);
  return to === 'lower'
    ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    : text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** The text between separators, at most `limit` pieces where it is not negative; an empty separator gives single characters. */
function piecesOf(frame: Frame, parts: { text: string; separator: string; limit: number }): string[] {
  const { text, separator, limit } = parts;
  if (limit === 0) return [];
  payForSearch(frame, text, separator);
  const pieces: string[] = [];
  let start = 0;
  while (pieces.length !== limit - 1) {
    const end = separator === '' ? endOfCharacter(text, start) : findText(text, separator, start);
    if (end === -1) break;
    addPiece(frame, pieces, text.slice(start, end));
    start = end + separator.length;
  }
  addPiece(frame, pieces, text.slice(start));
  return pieces;
}

// The end of the character at `start`, or -1 where it is the last.
function endOfCharacter(text: string, start: number): number {
  const end = start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
  return end < text.length ? end : -1;
}

function addPiece(frame: Frame, pieces: string[], piece: string): void {
  spendSteps(frame, 1);
  spendItems(frame, 1);
  pieces.push(piece);
}

function split(frame: Frame, args: readonly Value[]): Value {
  const text = textArgument(frame, args[0], 'split');
  const separator = textArgument(frame, args[1], 'split');
  return piecesOf(frame, { text, separator, limit: args.length > 2 ? wholeArgument(frame, args[2], 'split') : -1 });
}

function replace(frame: Frame, args: readonly Value[]): Value {
  const text = textArgument(frame, args[0], 'replace');
  const old = textArgument(frame, args[1], 'replace');
  const next = textArgument(frame, args[2], 'replace');
  const count = args.length > 3 ? wholeArgument(frame, args[3], 'replace') : -1;
  if (old === '') return fail(frame, 'replace needs a text to look for');
  const pieces = piecesOf(frame, { text, separator: old, limit: count < 0 ? -1 : count + 1 });
  spendText(frame, text.length + (pieces.length - 1) * Math.max(next.length - old.length, 0));
  return pieces.join(next);
}

function join(frame: Frame, args: readonly Value[]): Value {
  const [list] = args;
  if (list === undefined || !isList(list)) return fail(frame, `join needs a list, not ${list === undefined ? 'nothing' : kindOf(list)}`);
  const separator = args.length > 1 ? textArgument(frame, args[1], 'join') : '';
  const pieces = list.map((item) => {
    const piece = pieceOf(frame, admit(frame, item));
    spendSteps(frame, 1);
    spendText(frame, piece.length + separator.length);
    return piece;
  });
  return pieces.join(separator);
}

function pieceOf(frame: Frame, value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatDouble(value);
  return typeof value === 'bigint' ? value.toString() : fail(frame, `join needs text or numbers, not ${kindOf(value)}`);
}
