import { describe, expect, it } from 'vitest';
import { createThing, crookedConnector, echo, sampleConnector, sampleDefinition, thingCreated } from './__fixtures__/sample-connector.ts';
import { reservedIds } from './check-definition.ts';
import { defineConnector } from './define-connector.ts';
import type { PollingDeclaration } from './polling-declaration.ts';
import { signatures, timestampedHmacSha256 } from './signature-scheme.ts';

const { webhook } = sampleDefinition;
const scheme = webhook?.scheme;
const timestamped = timestampedHmacSha256({ header: 'x-signature', timestampHeader: 'x-time', version: 'v0' });

const withScheme = (changes: object) => ({ webhook: { ...webhook, scheme: { ...timestamped, ...changes } } });

describe('a definition is refused', () => {
  it.each<[fault: string, changes: object]>([
    ['its id must be', { id: 'Git Hub' }],
    ['its id must be', { id: 'a'.repeat(65) }],
    ['its id must be', { id: 'a.b' }],
    ['its id must be', { id: undefined }],
    ['is not a semantic version', { version: '1.0' }],
    ['is not a semantic version', { version: 'v1.0.0' }],
    ['is not a semantic version', { version: 1 }],
    ['hub range latest is not a semantic version range', { hub: 'latest' }],
    ['the range newest of its dependency jira', { dependencies: { jira: 'newest' } }],
    ['declares no way in', { auth: [] }],
    ['declares no way in', { auth: undefined }],
    ['its auth type magic is none of', { auth: [{ type: 'magic' }] }],
    ['origin must be a scheme and a host', { origin: 'https://api.example.com/' }],
    ['origin must be a scheme and a host', { origin: 'https://api.example.com@evil.com' }],
    ['origin must be a scheme and a host', { origin: 'ftp://api.example.com' }],
    ['origin must be a scheme and a host', { origin: undefined }],
    ['is a template over settings, and it declares no settings', { origin: 'https://{site}.example.com' }],
    ['a name in its hosts must be', { hosts: { 'up-loads': { origin: 'https://uploads.example.com' } } }],
    ['the origin of its host uploads must be', { hosts: { uploads: { origin: 'uploads.example.com' } } }],
    ['the origin of its host uploads must be', { hosts: { uploads: undefined } }],
    ['the basePath of its host uploads must be', { hosts: { uploads: { origin: 'https://uploads.example.com', basePath: '/a/../b' } } }],
    ['the credential of its host uploads is', { hosts: { uploads: { origin: 'https://uploads.example.com', credential: 'yes' } } }],
    ['is a template over settings, and it declares no settings', { hosts: { uploads: { origin: 'https://{site}.example.com' } } }],
    ['its allowedHosts must be names', { allowedHosts: [] }],
    ['its allowedHosts must be names', { allowedHosts: ['*'] }],
    ['its allowedHosts must be names', { allowedHosts: ['https://api.example.com'] }],
    ['its allowedHosts must be names', { allowedHosts: ['*.com', 'a b'] }],
    ['its http2 is true or false', { http2: 'yes' }],
    ['origin of a way in must be', { auth: [{ type: 'bearer', origin: 'api.example.com' }] }],
    ['basePath of a way in must be', { auth: [{ type: 'bearer', basePath: '/a/{b}c' }] }],
    ['basePath of a way in must be', { auth: [{ type: 'bearer', basePath: '/a/../b' }] }],
    ['is a template over settings, and it declares no settings', { auth: [{ type: 'bearer', basePath: '/a/{site}' }] }],
    ['its basePath /v1/ must be', { basePath: '/v1/' }],
    ['its basePath v1 must be', { basePath: 'v1' }],
    ['its basePath /v1/../admin must be', { basePath: '/v1/../admin' }],
    ['its basePath /. must be', { basePath: '/.' }],
    ['has no healthCheck', { healthCheck: undefined }],
    ['has no actions', { actions: undefined }],
    ['has no triggers', { triggers: null }],
    ['comes by webhook, and the connector declares none', { webhook: undefined }],
    ['is none that this hub knows', { webhook: { ...webhook, scheme: { kind: 'none' } } }],
    ['is none that this hub knows', { webhook: { ...webhook, scheme: undefined } }],
    ['signature header of its webhooks has no name', { webhook: { ...webhook, scheme: { ...scheme, header: '' } } }],
    ['timestamp header of its webhooks has no name', withScheme({ time: { ...timestamped.time, in: { header: '' } } })],
    ['the hash of its signature must be', withScheme({ hash: 'md5' })],
    ['the secret of its signature must be', withScheme({ secret: 'rot13' })],
    ['the encoding of its signature must be', withScheme({ encoding: 'base32' })],
    ['the url of its signature must be', withScheme({ url: 'lenient' })],
    ['prefix and field of its signature must be text', withScheme({ prefix: undefined })],
    ['what it signs must be a list', withScheme({ signs: 'body' })],
    ['what it signs must be a list', withScheme({ signs: ['body', 'host'] })],
    ['must cover the body or the form, once', withScheme({ signs: ['timestamp'] })],
    ['must cover the body or the form, once', withScheme({ signs: ['body', 'form', 'timestamp'] })],
    ['signs a timestamp, and does not say where', withScheme({ time: undefined })],
    ['timestamp must be signed', withScheme({ signs: ['body'] })],
    ['timestamp must be signed', withScheme({ time: { ...timestamped.time, in: { bodyField: 'at' } } })],
    ['timestamp header of its webhooks has no name', withScheme({ time: { ...timestamped.time, in: { header: 'X Time' } } })],
    ['timestamp header of its webhooks has no name', withScheme({ time: { ...timestamped.time, in: { header: 'a', bodyField: 'b' } } })],
    ['field of a header that has none', withScheme({ time: { ...timestamped.time, in: { headerField: 't' } } })],
    ['unit of its timestamp must be', withScheme({ time: { ...timestamped.time, unit: 'hours' } })],
    ['key of its signature must be', { webhook: { ...webhook, scheme: { ...signatures.ed25519({ header: 'x' }), key: 'pem' } } }],
    ['headers of its Standard Webhooks', { webhook: { ...webhook, scheme: signatures.standardWebhooks({ headers: 'a b' }) } }],
    ['toleranceSeconds', { webhook: { ...webhook, scheme: signatures.standardWebhooks({ toleranceSeconds: 86_400 }) } }],
    ['toleranceSeconds', { webhook: { ...webhook, scheme: signatures.awsSns({ toleranceSeconds: 0 }) } }],
    ['token header of its webhooks has no name', { webhook: { ...webhook, scheme: signatures.headerToken({ header: '' }) } }],
    ['stands in no named list and field', { webhook: { ...webhook, scheme: signatures.bodyToken({ list: 'value', field: '' }) } }],
    ['signature header of its webhooks has no name', { webhook: { ...webhook, scheme: signatures.bearerJwt({ header: ' ' }) } }],
    ['the skewSeconds of its webhooks', { webhook: { ...webhook, scheme: signatures.bearerJwt({ skewSeconds: 86_400 }) } }],
    ['the expiry of its webhooks', { webhook: { ...webhook, scheme: { ...signatures.bearerJwt(), expiry: 'never' } } }],
    ['issuer and audience of its webhooks', { webhook: { ...webhook, scheme: signatures.bearerJwt({ issuer: '' }) } }],
    ['is none that this hub knows', { webhook: { ...webhook, appScheme: { kind: 'toString' } } }],
    ['are dangerouslyUnverified must be 10 to 500', { webhook: { ...webhook, scheme: undefined, dangerouslyUnverified: '' } }],
    ['are dangerouslyUnverified must be 10 to 500', { webhook: { ...webhook, scheme: undefined, dangerouslyUnverified: true } }],
    ['leave out one of the two', { webhook: { ...webhook, dangerouslyUnverified: 'the service signs nothing' } }],
    [
      'cannot come to the URL of an app',
      { webhook: { ...webhook, scheme: undefined, accountOf: () => 'a', dangerouslyUnverified: 'the service signs nothing' } },
    ],
    ['has no toEvents function', { webhook: { ...webhook, toEvents: undefined } }],
    ['dedupe keys are kept for', { webhook: { ...webhook, redeliveryHorizonMs: 31 * 86_400_000 } }],
    ['does not say where the delivery id is', { webhook: { ...webhook, deliveryId: '' } }],
    ['does not say where the delivery id is', { webhook: { ...webhook, deliveryId: {} } }],
    ['does not say where the delivery id is', { webhook: { ...webhook, deliveryId: undefined } }],
  ])('because %s', (fault, changes) => {
    expect(() => crookedConnector(changes)).toThrow(
      expect.objectContaining({ code: 'connector_invalid', message: expect.stringContaining(fault) }),
    );
  });

  it.each([0, -1, 0.5, 3_601, Number.NaN, Number.POSITIVE_INFINITY, '300', undefined, null])(
    'because its signatures would be good for %s seconds',
    (toleranceSeconds) => {
      expect(() => crookedConnector(withScheme({ time: { ...timestamped.time, toleranceSeconds } }))).toThrow(
        'the toleranceSeconds of its webhooks must be a number of seconds from 1 to 3600',
      );
    },
  );

  it.each([1, 300, 3_600])('unless its signatures are good for %i seconds', (toleranceSeconds) => {
    expect(() => crookedConnector(withScheme({ time: { ...timestamped.time, toleranceSeconds } }))).not.toThrow();
  });

  it('unless it says why nobody signs its webhooks', () => {
    const dangerouslyUnverified = 'The service signs nothing; its URLs are secret.';
    const { scheme: _none, ...unsigned } = { ...webhook };
    const { manifest } = crookedConnector({ webhook: { ...unsigned, dangerouslyUnverified } });
    expect(manifest.webhook).toEqual({ scheme: 'unverified', appScheme: null, registration: 'manual', target: null, perApp: false });
  });

  it.each(Object.entries(signatures.known))('unless its scheme is that of %s', (_service, known) => {
    expect(() => crookedConnector({ webhook: { ...webhook, scheme: known } })).not.toThrow();
    expect(JSON.parse(JSON.stringify(known))).toEqual(known);
  });

  it.each(reservedIds)('because the hub itself owns %s', (id) => {
    expect(() => sampleConnector({ id })).toThrow(/the id is reserved/);
  });

  it('without its origin in the message, which could hold a password', () => {
    expect(() => sampleConnector({ origin: 'https://user:hunter2@api.example.com' })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });
});

describe('an action is refused', () => {
  it.each<[fault: string, name: string, action: object | null]>([
    ['must be lower_snake_case', 'createIssue', echo],
    ['must be lower_snake_case', '__proto', echo],
    ['has no run function', 'echo', null],
    ['has no run function', 'echo', { ...echo, run: undefined }],
    ['needs a title and a description', 'echo', { ...echo, title: undefined }],
    ['must be Standard Schemas', 'echo', { ...echo, input: { type: 'object' } }],
    ['must be Standard Schemas', 'echo', { ...echo, output: undefined }],
    ['must declare its idempotency', 'echo', { ...echo, idempotency: undefined }],
    ['must declare its idempotency', 'echo', { ...echo, idempotency: 'toString' }],
    ['timeoutMs of the action echo', 'echo', { ...echo, timeoutMs: 0 }],
    ['it needs a reconcile function', 'create_thing', { ...createThing, reconcile: undefined }],
    ['it needs settlesWithin', 'create_thing', { ...createThing, settlesWithin: undefined }],
    ['it needs keyLifetime', 'echo', { ...echo, idempotency: 'keyed' }],
    ['its retryWithin must be', 'echo', { ...echo, idempotency: 'idempotent', retryWithin: Number.NaN }],
  ])('because it %s', (fault, name, action) => {
    expect(() => crookedConnector({ actions: { [name]: action } })).toThrow(fault);
  });

  it('unless it keeps what its class promises', () => {
    const actions = {
      kept: { ...echo, idempotency: 'keyed', keyLifetime: 1000 },
      repeated: { ...echo, idempotency: 'idempotent' },
      seen_at_once: { ...createThing, settlesWithin: 0 },
    } as const;
    expect(Object.keys(sampleConnector({ actions }).actions)).toEqual(['kept', 'repeated', 'seen_at_once']);
  });
});

const polling: PollingDeclaration = { intervalMs: 60_000, poll: async ({ cursor }) => ({ events: [], cursor }) };

describe('a trigger is refused', () => {
  it.each<[fault: string, name: string, changes: object]>([
    ['lower-case segments joined by dots', 'issue.Opened', {}],
    ['lower-case segments joined by dots', 'issue..opened', {}],
    ['needs a title and a description', 'opened', { title: 7 }],
    ['kind of the trigger opened must be one of', 'opened', { kind: 'exploded' }],
    ['must be webhook or polling', 'opened', { delivery: 'pigeon' }],
    ['must be a Standard Schema', 'opened', { payload: null }],
    ['does not say how', 'opened', { delivery: 'polling' }],
    ['declares polling, and comes by webhook', 'opened', { polling }],
    ['needs a function poll', 'opened', { delivery: 'polling', polling: { intervalMs: 60_000 } }],
    ['intervalMs of 10000 to', 'opened', { delivery: 'polling', polling: { ...polling, intervalMs: 999 } }],
    ['jitter of polling', 'opened', { delivery: 'polling', polling: { ...polling, jitter: 2 } }],
    ["begins with 'now'", 'opened', { delivery: 'polling', polling: { ...polling, begins: 'later' } }],
  ])('because of its %s', (fault, name, changes) => {
    expect(() => crookedConnector({ triggers: { [name]: { ...thingCreated, ...changes } } })).toThrow(fault);
  });

  it('unless it is polled for, which needs no webhook', () => {
    const { webhook: _, ...rest } = sampleDefinition;
    const polled = defineConnector({ ...rest, triggers: { polled: { ...thingCreated, delivery: 'polling', polling } } });
    expect(polled.manifest.webhook).toBeNull();
  });
});
