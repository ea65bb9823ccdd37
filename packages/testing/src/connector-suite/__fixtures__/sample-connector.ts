import { type Connector, type Credential, defineConnector, path } from '@patchbay/core';
import { z } from 'zod';
import { signWebhook } from '../../providers/sign-webhook.ts';
import type { ConnectorSubject } from '../connector-subject.ts';
import { createThing, listThings, orderThing, renameThing } from './sample-actions.ts';
import type { Defect, Has } from './sample-defects.ts';
import { app, keyHeader, type SampleService, startSampleService, token, type Way } from './sample-service.ts';
import { sampleWebhook, scheme, thingCreated, thingSeen } from './sample-triggers.ts';

const auth = {
  bearer: { type: 'bearer' },
  header: { type: 'api_key', in: 'header', name: 'X-Sample-Token' },
  query: { type: 'api_key', in: 'query', name: 'sample_token' },
  cookie: { type: 'api_key', in: 'cookie', name: 'sample_session' },
  headers: { type: 'headers', names: ['X-Sample-Id', 'X-Sample-Token'] },
} as const;

/** What the service's own word for a refused refresh token means. */
const answer = { errors: { bad_refresh_token: 'invalid_grant' } } as const;

const oauth = (origin: string, has: Has) =>
  ({
    type: 'oauth2',
    authorizationUrl: `${origin}/authorize`,
    tokenUrl: `${origin}/token`,
    scopes: ['things:write'],
    clientAuthentication: 'post',
    refresh: { singleUse: true },
    ...(has('knows_no_refused_refresh_token') ? {} : { answer }),
  }) as const;

function createSample({ origin, has, way }: { readonly origin: string; readonly has: Has; readonly way: Way }): Connector {
  return defineConnector({
    id: 'sample',
    name: 'Sample',
    description: 'A service of things.',
    ...(has('names_no_documentation') ? {} : { docsUrl: 'https://example.com/' }),
    version: '1.0.0',
    category: 'custom',
    auth: [auth[way], oauth(origin, has)],
    origin,
    headers: { [keyHeader]: '' },
    resources: { thing: { title: 'Thing', example: '17', pattern: '[a-z0-9]+' } },
    actions: {
      create_thing: createThing(has, origin),
      rename_thing: renameThing(has),
      order_thing: orderThing(has),
      list_things: listThings(has),
    },
    triggers: { 'thing.created': thingCreated(has), 'thing.seen': thingSeen(has) },
    webhook: sampleWebhook(has),
    mapError({ status }) {
      if (status === 429 && has('takes_a_limit_for_final')) return { code: 'provider_rejected', message: 'Too many.', retryable: false };
      if (status === 500 && has('takes_500_for_nothing_done'))
        return { code: 'provider_error', message: 'Broken.', retryable: true, sent: 'no' };
      return undefined;
    },
    async healthCheck({ http }) {
      if (has('is_healthy_whatever_comes')) {
        await http.get(path`/me`, { response: z.unknown() }).catch(() => undefined);
        return { healthy: true, account: { id: '1', name: 'me' } };
      }
      const { id, name } = await http.get(path`/me`, { response: z.object({ id: z.string(), name: z.string() }) });
      return has('names_no_account') ? { healthy: true } : { healthy: true, account: { id, name } };
    },
  });
}

const credentialOf = (way: Way, secret: string): Credential => {
  if (way === 'bearer') return { type: 'bearer', token: secret };
  return way === 'headers'
    ? { type: 'headers', values: { 'X-Sample-Id': 'sample-app', 'X-Sample-Token': secret } }
    : { type: 'api_key', key: secret };
};

/** Defects of a subject that does not show what its service holds. */
const unseen: ReadonlySet<Defect | undefined> = new Set<Defect>(['repeats_its_creation_unseen', 'repeats_and_says_nothing']);

/** The sample with a scheme whose signature holds for any body: `defineConnector` refuses one, so it is put there afterwards. */
function withoutBody(connector: Connector): Connector {
  const { definition } = connector;
  return {
    ...connector,
    definition: { ...definition, ...(definition.webhook && { webhook: { ...definition.webhook, scheme: bodiless } }) },
  };
}

const bodiless = { ...scheme, signs: ['timestamp'] } as const;

/** The sample, sound or with one defect. */
export function sampleSubject(defect?: Defect, way: Way = 'bearer'): ConnectorSubject<SampleService> {
  const body = JSON.stringify({ id: 'd1', name: 'A thing', colour: 'red' });
  return {
    create(origin) {
      const connector = createSample({ origin, has: (one) => one === defect, way });
      return defect === 'leaves_the_body_unsigned' ? withoutBody(connector) : connector;
    },
    startProvider: () => startSampleService(way),
    credential: credentialOf(way, token),
    wrongCredential: credentialOf(way, 'another-token'),
    ...(unseen.has(defect) ? {} : { state: (service: SampleService) => service.holdings() }),
    oauth: { app, tokens: (service) => service.tokens() },
    actions: [
      { name: 'create_thing', input: () => ({ name: 'A thing' }) },
      { name: 'rename_thing', input: () => ({ id: 1, name: 'Another' }) },
      { name: 'order_thing', input: () => ({ name: 'A thing' }) },
      {
        name: 'list_things',
        input: () => ({}),
        pages: { make: (number) => ({ json: { items: [{ id: number, name: `Thing ${number}` }], next: number + 1 } }) },
      },
    ],
    polls: [{ trigger: 'thing.seen', happen: (service) => service.add('A thing of somebody else') }],
    deliveries: [
      {
        title: 'thing',
        trigger: 'thing.created',
        make: (signing) => ({
          body,
          headers: signWebhook(defect === 'leaves_the_body_unsigned' ? bodiless : scheme, { ...signing, body }),
        }),
      },
    ],
  };
}
