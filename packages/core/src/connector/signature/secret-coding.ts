import { PatchbayError } from '../../errors/patchbay-error.ts';

/** How the text of a secret says its bytes. `whsec` is `whsec_` and base64, as Standard Webhooks writes them. */
export type SecretCoding = 'utf8' | 'base64' | 'hex' | 'whsec';

/** Fewest bytes of a secret that is written in base64 or hex. */
export const leastSecretBytes = 16;

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const hex = /^(?:[0-9a-fA-F]{2})+$/;
const whsec = 'whsec_';

/**
 * The bytes of a secret. Throws `credential_missing`, which repeats none of it, for what is not so written, and for what is empty or too short
 * to be a secret.
 */
export function secretBytes(secret: string, coding: SecretCoding): Buffer {
  if (secret === '') throw unusable('A webhook secret is empty. Set one.');
  if (coding === 'utf8') return Buffer.from(secret, 'utf8');
  const text = coding === 'whsec' && secret.startsWith(whsec) ? secret.slice(whsec.length) : secret;
  if (coding === 'whsec' && text === secret) throw unusable(`The webhook secret does not begin with ${whsec}. Copy all of it.`);
  const bytes = coding === 'hex' ? hexBytes(text) : base64Bytes(text);
  if (!bytes || bytes.length < leastSecretBytes) {
    const what = coding === 'hex' ? 'hex' : 'base64';
    throw unusable(`The webhook secret is not ${what} of at least ${leastSecretBytes} bytes. Copy it as the service shows it.`);
  }
  return bytes;
}

/** The bytes that hex says, in either case; `undefined` for what is no hex. */
export function hexBytes(text: string): Buffer | undefined {
  return hex.test(text) ? Buffer.from(text, 'hex') : undefined;
}

/** The bytes that base64 says, with or without its padding; `undefined` for any other spelling than theirs. */
export function base64Bytes(text: string): Buffer | undefined {
  if (!base64.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const spelled = bytes.toString('base64');
  return text === spelled || text === spelled.replace(/=+$/, '') ? bytes : undefined;
}

function unusable(message: string): PatchbayError {
  return new PatchbayError({ code: 'credential_missing', message });
}
