import { z } from 'zod';
import type { Credential } from '../connector/auth-method.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { certificateOf, isKeyOf, privateKeyOf } from './pem-texts.ts';

/** Longest token, key or password, and longest user name, characters. */
const longestSecret = 16_384;
const longestUsername = 1_024;

const controls = /[\p{Cc}\p{Cs}]/u;

// What goes into a header must not be able to end it. A space at either end comes from copying, and would only be refused by the service.
const printable = textOf((text) => {
  if (text === '') return 'is empty';
  if (text.length > longestSecret) return `is longer than ${longestSecret} characters`;
  if (/\s$/.test(text)) return 'has a line break or space at its end: trim it';
  if (/^\s/.test(text)) return 'has a line break or space at its beginning: trim it';
  if (controls.test(text)) return 'has a line break or control character in it';
  return /^[\x20-\x7e]+$/.test(text) ? null : 'has characters that are not printable ASCII';
});

const username = textOf((text) => {
  if (text.length > longestUsername) return `is longer than ${longestUsername} characters`;
  if (text.includes(':')) return 'has a colon in it';
  return controlsIn(text);
});

const password = textOf((text) => (text.length > longestSecret ? `is longer than ${longestSecret} characters` : controlsIn(text)));

const privateKey = textOf((text) => (privateKeyOf(text) ? null : 'is not a private key in PEM without a passphrase'));

/** Most members of a credential with several. */
const mostMembers = 20;

/** Longest URL, characters. */
const longestUrl = 4_096;

const secretUrl = textOf((text) => {
  if (text.length > longestUrl) return `is longer than ${longestUrl} characters`;
  const url = /^https?:\/\/[\x21-\x7e]+$/.test(text) ? URL.parse(text) : null;
  if (url === null) return 'is no http(s) URL';
  return url.hash === '' && url.username === '' && url.password === '' ? null : 'has a fragment or a user in it';
});

const members = z
  .record(z.string(), printable, { error: ({ input }) => (input === undefined ? 'is missing' : 'is not an object of texts') })
  .refine((record) => Object.keys(record).length > 0 && Object.keys(record).length <= mostMembers, {
    error: `has no members, or more than ${mostMembers}`,
  });
const time = z.number({ error: () => 'is no time in milliseconds' }).min(0, { error: () => 'is no time in milliseconds' });

/** RFC 6749, section 3.3: what a scope is made of. */
const scope = textOf((text) => (/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(text) ? null : 'is no scope'));
const mostScopes = 500;

interface ClientParts {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly privateKey?: string;
  readonly keyId?: string;
}

/** A secret without the client that it belongs to would go out under the app's name, and a client without a secret proves nothing. */
function isWholeClient({ clientId, clientSecret, privateKey: key, keyId }: ClientParts): boolean {
  const secrets = [clientSecret, key].filter((secret) => secret !== undefined).length;
  return secrets === (clientId === undefined ? 0 : 1) && (keyId === undefined || key !== undefined);
}

const schema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer'), token: printable }),
  z
    .strictObject({ type: z.literal('basic'), username, password })
    .refine((basic) => basic.username !== '' || basic.password !== '', { path: ['password'], error: 'is empty, and username too' }),
  z.strictObject({ type: z.literal('api_key'), key: printable }),
  z.strictObject({ type: z.literal('headers'), values: members }),
  z.strictObject({
    type: z.literal('service_account'),
    issuer: printable,
    privateKey,
    keyId: printable.optional(),
    subject: printable.optional(),
  }),
  z
    .strictObject({
      type: z.literal('mutual_tls'),
      certificate: textOf((text) => (certificateOf(text) ? null : notACertificate)),
      privateKey,
    })
    .refine(({ certificate, privateKey: key }) => isKeyOf(certificate, key), {
      path: ['privateKey'],
      error: 'is not the key of the certificate',
    }),
  z.strictObject({ type: z.literal('signature'), fields: members }),
  z.strictObject({ type: z.literal('secret_url'), url: secretUrl }),
  z
    .strictObject({
      type: z.literal('client_credentials'),
      clientId: z.exactOptional(printable),
      clientSecret: z.exactOptional(printable),
      privateKey: z.exactOptional(privateKey),
      keyId: z.exactOptional(printable),
      scopes: z.exactOptional(z.array(scope, { error: () => 'is no list of texts' }).max(mostScopes, { error: () => 'is too long' })),
    })
    .refine(isWholeClient, { path: ['clientId'], error: 'stands with either a clientSecret or a privateKey, and neither without it' }),
  z
    .strictObject({
      type: z.literal('app_installation'),
      installation: textOf((text) => (/^[A-Za-z0-9_-]{1,100}$/.test(text) ? null : 'is no id of letters and digits')),
      issuer: z.exactOptional(printable),
      privateKey: z.exactOptional(privateKey),
      narrow: z.exactOptional(z.record(z.string(), z.json(), { error: () => 'is no object of JSON' })),
    })
    .refine((given) => (given.issuer === undefined) === (given.privateKey === undefined), {
      path: ['issuer'],
      error: 'and privateKey go together',
    }),
  z.strictObject({
    type: z.literal('oauth2'),
    accessToken: printable,
    refreshToken: z.exactOptional(printable),
    obtainedAt: z.exactOptional(time),
    expiresAt: z.exactOptional(time),
    app: z.exactOptional(textOf((text) => (/^[a-z0-9-]{1,64}$/.test(text) ? null : 'is no id of an app registration'))),
  }),
]);

const notACertificate = 'is not a certificate in PEM';

/** Text, with what is wrong with it in words that never repeat it. */
function textOf(faultOf: (text: string) => string | null) {
  return z
    .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'is not text') })
    .refine((text) => faultOf(text) === null, { error: ({ input }) => (typeof input === 'string' ? (faultOf(input) ?? '') : '') });
}

function controlsIn(text: string): string | null {
  if (/[\r\n]$/.test(text)) return 'has a line break at its end: trim it';
  return controls.test(text) ? 'has a line break or control character in it' : null;
}

const forms =
  "{ type: 'bearer', token }, { type: 'basic', username, password }, { type: 'api_key', key }, { type: 'oauth2', accessToken }, { type: 'headers', values }, " +
  "{ type: 'service_account', issuer, privateKey }, { type: 'client_credentials' }, { type: 'app_installation', installation }, { type: 'mutual_tls', certificate, privateKey }, { type: 'signature', fields }, { type: 'secret_url', url } or { type: 'none' }";

/** Parses a credential. Throws `credential_missing` that names the field and the cause, and never its value. */
export function parseCredential(value: unknown): Credential {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = new Map(parsed.error.issues.map((issue) => [issue.path.join('.'), faultText(issue)]));
  const message =
    value === undefined ? 'The `credential` is missing.' : `The credential cannot be used: ${[...faults.values()].join('; ')}.`;
  throw new PatchbayError({
    code: 'credential_missing',
    message: `${message} Pass ${forms}.`,
  });
}

// The name of an unknown member comes from the host, and may be the secret itself.
function faultText({ code, path, message }: z.core.$ZodIssue): string {
  if (code === 'unrecognized_keys') return 'it has members that one of its type does not have';
  if (path.length === 0) return 'it is not an object';
  // So may the name of a member of `values` and `fields`.
  return path[0] === 'type'
    ? 'its type is missing or none of these'
    : `${String(path[0])}${path.length > 1 ? ', a member of it,' : ''} ${message}`;
}
