import { SecretIndex } from './secret-index.ts';

/** What stands in the place of a secret. */
export const withheld = '[withheld]';

const backslash = 0x5c;

/** Characters that are compared for one piece: a service that writes almost the secret again and again gets no more time than that. */
const mostSteps = 20_000;
const none: readonly number[] = [];

/** Characters that one character of a secret may take when JSON writes it as a number: `\u0041`. */
const longestSpelling = 6;

/** Looks for some texts in bytes: as they are, and with any of their characters escaped as JSON may. Bytes stand for characters one to one (latin1). */
export class SecretPattern {
  readonly #forms: readonly string[];
  readonly #index: SecretIndex;
  readonly #spellings: (readonly Token[])[] = [];
  readonly #all: readonly number[];
  /** The forms by their first byte. */
  readonly #starts: ReadonlyMap<number, readonly number[]>;
  #numbered: ReadonlyMap<number, readonly number[]> | undefined;
  /** Codes of the characters in the forms; a number for another character is of no interest. */
  readonly #codes: ReadonlySet<number>;
  #asTheyAre: RegExp | undefined;
  #spelled: RegExp | undefined;

  /** The longest form comes first. */
  constructor(texts: readonly string[]) {
    this.#forms = texts.map(asBytes);
    this.#index = new SecretIndex(this.#forms);
    this.#all = this.#forms.map((_, index) => index);
    this.#starts = grouped(this.#forms.map((form) => form.charCodeAt(0)));
    this.#codes = new Set(texts.flatMap((text) => Array.from(text, (_, index) => text.charCodeAt(index))));
  }

  /** The expression that finds every form in these bytes; `undefined` where there is none to be found. */
  expressionFor(bytes: Buffer): RegExp | undefined {
    if (this.#holdsNumbers(bytes)) {
      this.#spelled ??= new RegExp(
        this.#forms.length === 0 ? '(?!)' : this.#forms.map((_, index) => this.#tokens(index).map(expressionOf).join('')).join('|'),
        'g',
      );
      return this.#spelled;
    }
    if (!this.#index.isInBytes(bytes)) return undefined;
    this.#asTheyAre ??= new RegExp(this.#forms.map((form) => form.replaceAll(/[^A-Za-z0-9]/g, literal)).join('|'), 'g');
    return this.#asTheyAre;
  }

  /** The bytes without the secrets; the same ones where they hold none. */
  scrub(bytes: Buffer): Buffer {
    const expression = this.expressionFor(bytes);
    if (expression === undefined) return bytes;
    const text = bytes.toString('latin1');
    const scrubbed = text.replaceAll(expression, withheld);
    return scrubbed === text ? bytes : Buffer.from(scrubbed, 'latin1');
  }

  /** From where on the bytes may be the beginning of a secret that goes on behind them; their length where they are not. */
  heldFrom(bytes: Buffer): number {
    const longest = this.#forms[0]?.length ?? 0;
    const escaped = bytes.indexOf(backslash, bytes.byteLength - longest * longestSpelling) >= 0;
    const text = bytes.toString('latin1', Math.max(0, bytes.byteLength - longest * (escaped ? longestSpelling : 1)));
    const begin = bytes.byteLength - text.length;
    const work = { left: mostSteps };
    for (let at = 0; at < text.length; at += 1) {
      // What cannot be told in time is held back with the rest.
      if (work.left < 0) return begin + at;
      for (const index of this.#candidates(text, at)) {
        const form = this.#forms[index] ?? '';
        const isBegun = escaped
          ? beginsWith(this.#tokens(index), { text, at, work })
          : text.length - at < form.length && form.startsWith(text.slice(at));
        if (isBegun) return begin + at;
      }
    }
    return bytes.byteLength;
  }

  /** The forms whose first character is spelled there, or may be where the text breaks off. */
  #candidates(text: string, at: number): readonly number[] {
    const letter = text.charCodeAt(at);
    const plain = this.#starts.get(letter) ?? none;
    if (letter !== backslash) return plain;
    const next = text[at + 1];
    if (next === undefined || (next === 'u' && at + longestSpelling > text.length)) return this.#all;
    const code = next === 'u' ? Number.parseInt(text.slice(at + 2, at + longestSpelling), 16) : next.charCodeAt(0);
    const escaped = next === 'u' || next === '/' ? (this.#numbers().get(code) ?? none) : none;
    return escaped.length === 0 ? plain : [...plain, ...escaped];
  }

  /** The forms by the number that JSON writes for their first character. */
  #numbers(): ReadonlyMap<number, readonly number[]> {
    this.#numbered ??= grouped(this.#forms.map((_, index) => Number.parseInt(this.#tokens(index)[0]?.[1]?.slice(2, 6) ?? '', 16)));
    return this.#numbered;
  }

  #tokens(index: number): readonly Token[] {
    const known = this.#spellings[index];
    if (known) return known;
    const made = tokensOf(this.#forms[index] ?? '');
    this.#spellings[index] = made;
    return made;
  }

  #holdsNumbers(bytes: Buffer): boolean {
    for (let at = bytes.indexOf('\\u', 0, 'latin1'); at >= 0; at = bytes.indexOf('\\u', at + 2, 'latin1')) {
      if (this.#codes.has(Number.parseInt(bytes.toString('latin1', at + 2, at + 6), 16))) return true;
    }
    return false;
  }
}

const ascii = /^[\x20-\x7e]*$/;

/** A text's UTF-8 bytes, a character each; most forms are ASCII and stand for themselves. */
function asBytes(form: string): string {
  return ascii.test(form) ? form : Buffer.from(form, 'utf8').toString('latin1');
}

/** How one character of a form can be written. Those that begin with a number's `\u` are in lower case. */
type Token = readonly string[];

const shortEscapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', n: '\n', r: '\r', t: '\t' };

/** A form as characters, each with its spellings. No two of them begin alike for longer than two letters, so that looking is never a guess. */
function tokensOf(form: string): readonly Token[] {
  const text = Buffer.from(form, 'latin1').toString('utf8');
  return [...text.matchAll(/\\["\\/nrt]|[\s\S]/gu)].map(([written]) => {
    const escaped = written.length === 2 && written.startsWith('\\') ? shortEscapes[written.slice(1)] : undefined;
    const character = escaped ?? written;
    const number = Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    );
    return [asBytes(written), number.join(''), ...(character === '/' ? ['\\/', '/'] : [])];
  });
}

interface Place {
  readonly text: string;
  readonly at: number;
  readonly work: { left: number };
}

/** Is the rest of the text, from there, a part of the form that breaks off? */
function beginsWith(tokens: readonly Token[], { text, at: from, work }: Place): boolean {
  let at = from;
  for (const spellings of tokens) {
    if (at >= text.length) return true;
    work.left -= 1;
    const spelling = spellings.find((each) => isAt(each, text, at));
    if (spelling === undefined) return false;
    at += spelling.length;
  }
  return at > text.length;
}

/** True also where the text breaks off in the middle of the spelling. */
function isAt(spelling: string, text: string, at: number): boolean {
  if (text.startsWith(spelling, at)) return true;
  const written = text.slice(at, at + spelling.length);
  if (spelling.startsWith('\\u')) return spelling.startsWith(written.toLowerCase());
  return written.length < spelling.length && spelling.startsWith(written);
}

/** Places of equal values, by the value. */
function grouped(values: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  for (const [index, value] of values.entries()) groups.set(value, [...(groups.get(value) ?? []), index]);
  return groups;
}

function expressionOf(token: Token): string {
  return `(?:${token.map((spelling) => (spelling.startsWith('\\u') ? anyCase(spelling) : Array.from(spelling, literal).join(''))).join('|')})`;
}

const literal = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

const anyCase = (number: string): string =>
  `\\${number.slice(0, 2)}${number
    .slice(2)
    .replaceAll('\\', '\\\\')
    .replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)}`;
