const caseInsensitive = /\(\?[a-zA-Z]*i/;
const repeat = /\{(\d{1,4})(?:,(\d{0,4}))?\}/y;
// These stand for nothing: what repeats behind them repeats what stands before them.
const nothing = /\(\?[a-zA-Z-]*\)|\\Q\\E|\\E/y;
const unicodeClass = /\\[pP](?:\{\^?\w*\}|\w)/y;
const escaped = /\\(?:x\{[0-9a-fA-F]*\}|x[0-9a-fA-F]{2}|.)/suy;
const quoted = /\\Q[\s\S]*?(?:\\E|$)/y;
const namedClass = /\[:\^?\w*:\]/y;

/**
 * How dear a pattern is to compile and to run, in about as many instructions as it compiles to (at least half of them), read from its
 * text alone: a pattern of 13 characters can ask the engine for a million.
 */
export function patternWeight(pattern: string): number {
  const classFactor = caseInsensitive.test(pattern) ? 10 : 1;
  const open: number[] = [];
  let total = 2;
  let last = 0;
  let offset = 0;
  while (offset < pattern.length) {
    const character = pattern[offset];
    const empty = matchAt(nothing, pattern, offset);
    if (empty !== undefined) {
      offset += empty[0].length;
    } else if (character === '(') {
      open.push(total + last);
      total = 2;
      last = 0;
      offset++;
    } else if (character === '*' || character === '+' || character === '?') {
      last += 1;
      offset++;
    } else if (character === ')') {
      last += total;
      total = open.pop() ?? 0;
      offset++;
    } else {
      const piece = readPiece(pattern, offset);
      if (piece.times === undefined) {
        total += last;
        last = piece.weight * (piece.isClass ? classFactor : 1);
      } else last *= piece.times;
      offset = piece.next;
    }
  }
  return open.reduce((sum, size) => sum + size, total + last);
}

interface Piece {
  readonly weight: number;
  readonly next: number;
  /** Set where the piece repeats the one before it. */
  readonly times?: number;
  readonly isClass?: boolean;
}

function readPiece(pattern: string, offset: number): Piece {
  const repeated = matchAt(repeat, pattern, offset);
  if (repeated !== undefined) {
    const times = Math.max(Number(repeated[1]), Number(repeated[2] ?? 0), 1);
    return { weight: 0, times: times + 1, next: offset + repeated[0].length };
  }
  const literal = matchAt(quoted, pattern, offset);
  if (literal !== undefined) return { weight: literal[0].length, next: offset + literal[0].length };
  return readUnicodeClass(pattern, offset) ?? readClass(pattern, offset) ?? readEscape(pattern, offset) ?? { weight: 1, next: offset + 1 };
}

function matchAt(sticky: RegExp, pattern: string, offset: number): RegExpExecArray | undefined {
  sticky.lastIndex = offset;
  return sticky.exec(pattern) ?? undefined;
}

// A Unicode class has hundreds of ranges, and each costs when the class is folded or negated.
function readUnicodeClass(pattern: string, offset: number): Piece | undefined {
  const found = matchAt(unicodeClass, pattern, offset);
  return found && { weight: 40, next: offset + found[0].length };
}

// Every range of a case-insensitive class is folded character by character by the engine: 4 ms for a range over all scripts.
function readClass(pattern: string, offset: number): Piece | undefined {
  if (pattern[offset] !== '[') return undefined;
  let next = offset + (pattern[offset + 1] === '^' ? 2 : 1);
  const start = next;
  let weight = 1;
  while (next < pattern.length && (pattern[next] !== ']' || next === start)) {
    const piece = readUnicodeClass(pattern, next) ?? readNamedClass(pattern, next) ?? readEscape(pattern, next);
    weight += piece?.weight === 40 ? 40 : 0;
    next = piece?.next ?? next + 1;
    if (pattern[next] === '-' && /[\u0080-\uffff]|x\{/.test(pattern.slice(next + 1, next + 5))) weight += 20;
  }
  return { weight, next: next + 1, isClass: true };
}

function readNamedClass(pattern: string, offset: number): Piece | undefined {
  const found = matchAt(namedClass, pattern, offset);
  return found && { weight: 1, next: offset + found[0].length };
}

function readEscape(pattern: string, offset: number): Piece | undefined {
  const found = matchAt(escaped, pattern, offset);
  return found && { weight: 1, next: offset + found[0].length };
}
