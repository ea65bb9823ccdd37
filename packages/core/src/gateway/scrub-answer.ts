import type { HttpAnswer } from '../connector/connector-http.ts';

const withheld = '[withheld]';

// An ASCII letter or sign that JSON has written as its number: some servers do so to be safe in HTML. Other escapes are passed over whole.
const escapes = /\\(?:u00([2-7][0-9a-f])|[\s\S])/gi;

/**
 * The answer without the credential: a service that repeats it (in an error's text, in an echo of the request) must not carry it into
 * an error, an output or the history. `forms` are the texts to look for. An answer that does not hold one is given back as it is, uncopied.
 */
export function scrubAnswer(answer: HttpAnswer, forms: readonly string[]): HttpAnswer {
  if (forms.length === 0) return answer;
  const headers = scrubHeaders(answer.headers, forms);
  const body = scrubBody(answer.body, forms);
  return headers === answer.headers && body === answer.body ? answer : { ...answer, headers, body };
}

function scrubHeaders(headers: HttpAnswer['headers'], forms: readonly string[]): HttpAnswer['headers'] {
  const names = inNames(forms);
  const allNames = Object.keys(headers).join('\n');
  const all = Object.values(headers).join('\n');
  if (!forms.some((form) => all.includes(form)) && !names.some((name) => allNames.includes(name))) return headers;
  // A name comes in lower case.
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [scrubText(name, names), scrubHeader(value, forms)]));
}

const lowered = new WeakMap<readonly string[], readonly string[]>();

/** The forms as they would stand in a header's name; worked out once for the forms of a connection. */
function inNames(forms: readonly string[]): readonly string[] {
  const known = lowered.get(forms);
  if (known) return known;
  const names = forms.map((form) => form.toLowerCase());
  lowered.set(forms, names);
  return names;
}

function scrubHeader(value: string | readonly string[] | undefined, forms: readonly string[]): string | readonly string[] | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? scrubText(value, forms) : value.map((each) => scrubText(each, forms));
}

function scrubBody(bytes: Uint8Array, forms: readonly string[]): Uint8Array {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Byte for byte, so that a body that is not UTF-8 stays what it is elsewhere.
  const text = body.toString('latin1');
  const plain = text.includes('\\u00') ? text.replaceAll(escapes, spelledPlainly) : text;
  const found = forms.map(asBytes).filter((form) => plain.includes(form));
  return found.length === 0 ? bytes : Buffer.from(scrubText(plain, found), 'latin1');
}

function spelledPlainly(given: string, code: string | undefined): string {
  if (code === undefined) return given;
  const letter = String.fromCharCode(Number.parseInt(code, 16));
  return letter === '"' || letter === '\\' ? `\\${letter}` : letter;
}

const ascii = /^[\x20-\x7e]*$/;

/** A text's UTF-8 bytes, a character each; most forms are ASCII and stand for themselves. */
function asBytes(form: string): string {
  return ascii.test(form) ? form : Buffer.from(form, 'utf8').toString('latin1');
}

function scrubText(text: string, forms: readonly string[]): string {
  return forms.reduce((rest, form) => rest.replaceAll(form, withheld), text);
}
