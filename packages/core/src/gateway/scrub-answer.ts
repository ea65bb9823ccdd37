import type { HttpAnswer } from '../connector/connector-http.ts';
import { SecretIndex } from './secret-index.ts';
import { SecretPattern, withheld } from './secret-pattern.ts';

/** What looks for the forms of one credential; made once for them. */
interface Scrubber {
  readonly pattern: SecretPattern;
  readonly values: SecretIndex;
  /** The forms as they would stand in a header's name, which comes in lower case. */
  readonly lowered: readonly string[];
  readonly names: SecretIndex;
}

/**
 * The answer without the credential: a service that repeats it (in an error's text, in an echo of the request) must not carry it into
 * an error, an output or the history. `forms` are the texts to look for. An answer that does not hold one is given back as it is, uncopied.
 */
export function scrubAnswer(answer: HttpAnswer, forms: readonly string[]): HttpAnswer {
  if (forms.length === 0) return answer;
  const headers = scrubHeaders(answer.headers, forms);
  const bytes = answer.body;
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = scrubberOf(forms).pattern.scrub(given);
  return headers === answer.headers && body === given ? answer : { ...answer, headers, body: body === given ? bytes : body };
}

/** The same for headers alone. */
export function scrubHeaders(headers: HttpAnswer['headers'], forms: readonly string[]): HttpAnswer['headers'] {
  if (forms.length === 0) return headers;
  const scrubber = scrubberOf(forms);
  if (!holdsAny(headers, scrubber)) return headers;
  const { lowered } = scrubber;
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [scrubText(name, lowered), scrubHeader(value, forms)]));
}

/** A text without the secrets. Each form is six characters or longer. */
export function scrubbedText(text: string, forms: readonly string[]): string {
  return scrubberOf(forms).values.isInText(text) ? scrubText(text, forms) : text;
}

/** The pattern of these forms, made once for them. */
export function secretPatternOf(forms: readonly string[]): SecretPattern {
  return scrubberOf(forms).pattern;
}

const scrubbers = new WeakMap<readonly string[], Scrubber>();

function scrubberOf(forms: readonly string[]): Scrubber {
  const known = scrubbers.get(forms);
  if (known) return known;
  const lowered = forms.map((form) => form.toLowerCase());
  const made = { pattern: new SecretPattern(forms), values: new SecretIndex(forms), lowered, names: new SecretIndex(lowered) };
  scrubbers.set(forms, made);
  return made;
}

function holdsAny(headers: HttpAnswer['headers'], { names, values }: Scrubber): boolean {
  for (const name in headers) if (names.isInText(name) || isIn(values, headers[name])) return true;
  return false;
}

function isIn(index: SecretIndex, value: string | readonly string[] | undefined): boolean {
  if (value === undefined) return false;
  return typeof value === 'string' ? index.isInText(value) : value.some((each) => index.isInText(each));
}

function scrubHeader(value: string | readonly string[] | undefined, forms: readonly string[]): string | readonly string[] | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? scrubText(value, forms) : value.map((each) => scrubText(each, forms));
}

function scrubText(text: string, forms: readonly string[]): string {
  return forms.reduce((rest, form) => rest.replaceAll(form, withheld), text);
}
