import type { Credential } from '../connector/auth-method.ts';
import type { HttpAnswer } from '../connector/connector-http.ts';

/** Shorter texts are no secrets that could be told from other text. */
const shortestSecret = 6;

const withheld = '[withheld]';

/** The texts by which a credential could be recognised in an answer: itself, and the forms in which it is sent. */
export function secretTexts(credential: Credential): readonly string[] {
  const texts = textsOf(credential);
  return [...new Set(texts.flatMap((text) => [text, encodeURIComponent(text.toWellFormed()), JSON.stringify(text).slice(1, -1)]))].filter(
    (text) => text.length >= shortestSecret,
  );
}

function textsOf(credential: Credential): readonly string[] {
  switch (credential.type) {
    case 'none':
      return [];
    case 'bearer':
      return [credential.token];
    case 'basic':
      return [credential.password, Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64')];
    case 'api_key':
      return [credential.key];
  }
}

/**
 * The answer without the credential: a service that repeats it (in an error's text, in an echo of the request) must not carry it into
 * an error, an output or the history. An answer that does not hold it is given back as it is, uncopied.
 */
export function scrubAnswer(answer: HttpAnswer, secrets: readonly string[]): HttpAnswer {
  const body = Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength);
  const found = secrets.filter((secret) => body.includes(secret));
  const headers = Object.entries(answer.headers).some(
    ([, value]) => value !== undefined && secrets.some((secret) => value.toString().includes(secret)),
  )
    ? Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, scrubHeader(value, secrets)]))
    : answer.headers;
  if (found.length === 0) return headers === answer.headers ? answer : { ...answer, headers };
  // Byte for byte, so that a body that is not UTF-8 stays what it is elsewhere.
  const text = found.reduce(
    (rest, secret) => rest.replaceAll(Buffer.from(secret, 'utf8').toString('latin1'), withheld),
    body.toString('latin1'),
  );
  return { ...answer, headers, body: Buffer.from(text, 'latin1') };
}

function scrubHeader(value: string | readonly string[] | undefined, secrets: readonly string[]): string | readonly string[] | undefined {
  if (value === undefined) return undefined;
  const scrub = (text: string): string => secrets.reduce((rest, secret) => rest.replaceAll(secret, withheld), text);
  return typeof value === 'string' ? scrub(value) : value.map(scrub);
}
