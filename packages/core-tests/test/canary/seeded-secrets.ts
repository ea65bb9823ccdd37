import { createHash, generateKeyPairSync } from 'node:crypto';
import type { AuthMethod, Credential } from '@patchbay/core';

/** Connections of one kind of credential, and the secrets that are in them. */
export interface SeededKind {
  /** Id of its connector. */
  readonly id: string;
  readonly auth: AuthMethod | ((origin: string) => AuthMethod);
  readonly connections: readonly { readonly credential: Credential; readonly secrets: readonly string[] }[];
}

/** The nth secret: text that no other is a part of, with the letters that encodings change. */
export function secretNumber(number: number): string {
  return `CN/${createHash('sha256').update(`secret ${number}`).digest('base64').slice(0, 26)}+${number}=~`;
}

function connectionsOf(first: number, count: number, credentialOf: (secret: string, second: string) => Credential, each = 1) {
  return Array.from({ length: count }, (_, index) => {
    const secrets = Array.from({ length: each }, (_one, part) => secretNumber(first + index * each + part));
    const [secret = '', second = ''] = secrets;
    return { credential: credentialOf(secret, second), secrets };
  });
}

const account = (): SeededKind['connections'][number] => {
  const privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { credential: { type: 'service_account', issuer: 'robot', privateKey }, secrets: [privateKey.split('\n')[1] ?? ''] };
};

// A cookie cannot hold every letter, so its keys are of those that it can.
const key = (secret: string): Credential => ({ type: 'api_key', key: secret });

/** 190 secrets in every kind of credential that goes into a request. */
export const seededKinds: readonly SeededKind[] = [
  { id: 'bearer', auth: { type: 'bearer' }, connections: connectionsOf(0, 40, (token) => ({ type: 'bearer', token })) },
  {
    id: 'basic',
    auth: { type: 'basic' },
    connections: connectionsOf(40, 30, (secret) => ({ type: 'basic', username: 'me', password: `${secret}"é\\` })),
  },
  {
    id: 'client',
    auth: (origin) => ({ type: 'client_credentials', tokenUrl: `${origin}/token`, clientAuthentication: 'post' }),
    connections: connectionsOf(70, 10, (clientSecret) => ({ type: 'client_credentials', clientId: 'me', clientSecret })),
  },
  { id: 'header', auth: { type: 'api_key', in: 'header', name: 'x-api-key' }, connections: connectionsOf(80, 20, key) },
  { id: 'query', auth: { type: 'api_key', in: 'query', name: 'key' }, connections: connectionsOf(100, 20, key) },
  { id: 'cookie', auth: { type: 'api_key', in: 'cookie', name: 'session' }, connections: connectionsOf(120, 20, key) },
  {
    id: 'headers',
    auth: { type: 'headers', names: ['x-app', 'x-secret'] },
    connections: connectionsOf(140, 10, (one, two) => ({ type: 'headers', values: { 'x-app': one, 'x-secret': two } }), 2),
  },
  {
    id: 'account',
    auth: { type: 'service_account', algorithm: 'EdDSA', audience: 'service' },
    connections: Array.from({ length: 10 }, account),
  },
  {
    id: 'signed',
    auth: { type: 'signature', signer: 'aws-sigv4', options: { region: 'eu-west-1', service: 'things' } },
    connections: connectionsOf(
      160,
      10,
      (secretAccessKey, sessionToken) => ({ type: 'signature', fields: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken } }),
      2,
    ),
  },
];

/** 10 secrets of webhook registrations. */
export const webhookSecrets: readonly string[] = Array.from({ length: 10 }, (_, index) => secretNumber(180 + index));
