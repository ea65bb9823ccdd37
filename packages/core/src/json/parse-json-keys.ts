import { isJsonObject } from './is-json-object.ts';
import type { Json } from './json.ts';

/** A colon comes behind a string with an escape: that string is a key. */
const escapedKey = /\\.[^"\\]*"\s*:/s;

const strings = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/gs;

/** What JSON can write only as an escape; no pattern, because one with control characters is a trap for its reader. */
const isUnwritable = (letter: string): boolean => letter < ' ' || letter === '"' || letter === '\\';

/** Stands before the picture of a letter: one of the code points that are no characters, so that hardly a text holds it. */
const marks = Array.from({ length: 32 }, (_, index) => String.fromCharCode(0xfdd0 + index));
const firstPicture = 0x2400;

const moved = (letter: string, by: number): string => String.fromCharCode(letter.charCodeAt(0) + by);

type Reviver = NonNullable<Parameters<typeof JSON.parse>[1]>;

/**
 * Parses JSON as `JSON.parse` does, where that can be relied on. V8 of Node 24 compares a key that is written with an escape as it is written with
 * the key that it expects there, and so reads `"\""` as a backslash, or `"\":"` as `\"`, once it has seen an object of such a shape. So no key has an
 * escape while it parses. Throws what `JSON.parse` throws.
 */
export function parseJsonKeys(text: string, reviver?: Reviver): Json {
  if (!escapedKey.test(text)) return JSON.parse(text, reviver) as Json;
  const mark = freeMark(text);
  let isMarked = false;
  const plain = text.replace(strings, (token, colon: string | undefined) => {
    if (colon === undefined || !token.includes('\\')) return token;
    const key = JSON.parse(token.slice(0, -colon.length)) as string;
    const pictured = Array.from(key, (letter) => (isUnwritable(letter) ? mark + moved(letter, firstPicture) : letter)).join('');
    isMarked ||= pictured !== key;
    return `"${pictured}"${colon}`;
  });
  const value = JSON.parse(plain, reviver) as Json;
  return isMarked ? withLetters(value, new RegExp(`${mark}(.)`, 'g')) : value;
}

function freeMark(text: string): string {
  const lower = text.toLowerCase();
  const free = marks.find((mark) => !lower.includes(mark) && !lower.includes(`\\u${mark.charCodeAt(0).toString(16)}`));
  if (free === undefined) throw new SyntaxError('The text holds every code point that is no character.');
  return free;
}

function withLetters(value: Json, picture: RegExp): Json {
  if (Array.isArray(value)) return value.map((item) => withLetters(item, picture));
  if (!isJsonObject(value)) return value;
  const letter = (_pictured: string, shown: string): string => moved(shown, -firstPicture);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.replace(picture, letter), withLetters(item, picture)]));
}
