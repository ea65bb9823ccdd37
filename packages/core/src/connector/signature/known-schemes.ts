import { awsSns } from './aws-sns-scheme.ts';
import { bearerJwt } from './bearer-jwt-scheme.ts';
import { bodyToken, headerToken } from './shared-token-scheme.ts';
import { ed25519, hmac } from './signed-content.ts';
import { standardWebhooks } from './standard-webhooks-scheme.ts';

const seconds = (header: string) => ({ in: { header }, unit: 'seconds', toleranceSeconds: 300 }) as const;
const versionZero = [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'] as const;

/** How services sign, by name. docs/guides/webhooks.md says for each where that is written, and what the service calls the secret. */
export const knownSchemes = {
  'aws-sns': awsSns(),
  discord: ed25519({ header: 'x-signature-ed25519', signs: ['timestamp', 'body'], time: seconds('x-signature-timestamp') }),
  dropbox: hmac({ header: 'x-dropbox-signature' }),
  github: hmac({ header: 'x-hub-signature-256', prefix: 'sha256=' }),
  gitlab: standardWebhooks(),
  'gitlab-token': headerToken({ header: 'x-gitlab-token' }),
  'google-channel': headerToken({ header: 'x-goog-channel-token' }),
  hubspot: hmac({
    header: 'x-hubspot-signature-v3',
    encoding: 'base64',
    signs: ['method', 'url', 'body', 'timestamp'],
    url: 'hubspot',
    time: { in: { header: 'x-hubspot-request-timestamp' }, unit: 'milliseconds', toleranceSeconds: 300 },
  }),
  jira: hmac({ header: 'x-hub-signature', prefix: 'sha256=' }),
  // Two sources have seen tokens without `exp`.
  'jira-dynamic': bearerJwt({ expiry: 'optional' }),
  linear: hmac({ header: 'linear-signature', time: { in: { bodyField: 'webhookTimestamp' }, unit: 'milliseconds', toleranceSeconds: 60 } }),
  'microsoft-graph': bodyToken({ list: 'value', field: 'clientState' }),
  notion: hmac({ header: 'x-notion-signature', prefix: 'sha256=' }),
  shopify: hmac({ header: 'x-shopify-hmac-sha256', encoding: 'base64' }),
  slack: hmac({ header: 'x-slack-signature', prefix: 'v0=', signs: versionZero, time: seconds('x-slack-request-timestamp') }),
  square: hmac({ header: 'x-square-hmacsha256-signature', encoding: 'base64', signs: ['url', 'body'] }),
  'standard-webhooks': standardWebhooks(),
  stripe: hmac({
    header: 'stripe-signature',
    field: 'v1',
    signs: ['timestamp', { text: '.' }, 'body'],
    time: { in: { headerField: 't' }, unit: 'seconds', toleranceSeconds: 300 },
  }),
  svix: standardWebhooks({ headers: 'svix' }),
  teams: hmac({ header: 'authorization', prefix: 'HMAC ', encoding: 'base64', secret: 'base64' }),
  twilio: hmac({ header: 'x-twilio-signature', hash: 'sha1', encoding: 'base64', signs: ['url', 'form'], url: 'twilio' }),
  zoom: hmac({ header: 'x-zm-signature', prefix: 'v0=', signs: versionZero, time: seconds('x-zm-request-timestamp') }),
} as const;
