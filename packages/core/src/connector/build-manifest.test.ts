import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { crookedConnector, echo, sampleConnector } from './__fixtures__/sample-connector.ts';

const { manifest } = sampleConnector({ dependencies: { jira: '^1.0.0' } });

describe('the manifest', () => {
  it('is JSON: nothing is lost on the way through text', () => {
    expect(JSON.parse(JSON.stringify(manifest))).toStrictEqual({ ...manifest });
  });

  it('says who the connector is and what it needs', () => {
    expect(manifest).toMatchObject({
      specVersion: 1,
      id: 'sample',
      version: '1.2.3',
      hub: '>=0.1.0-0 <1.0.0-0',
      logo: null,
      docsUrl: null,
      dependencies: { jira: '^1.0.0' },
      auth: [{ type: 'bearer' }, { type: 'api_key', in: 'header', name: 'x-api-key', description: 'From the settings page.' }],
      webhook: { scheme: 'hmac-sha256', appScheme: null, registration: 'manual', target: null, perApp: false },
    });
  });

  it('describes actions with a reason for every scope', () => {
    expect(manifest.actions[0]).toEqual({
      name: 'echo',
      resources: {},
      options: {},
      title: 'Echo',
      description: 'Gives back what it gets.',
      idempotency: 'read',
      paginated: true,
      scopes: [
        { scope: 'echo:read', reason: 'Needed to: Echo' },
        { scope: 'echo:all', reason: 'To hear everything.' },
      ],
      input: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { text: { type: 'string' }, count: expect.objectContaining({ type: 'integer', default: 1 }) },
        required: ['text'],
        additionalProperties: false,
      },
      output: expect.objectContaining({ type: 'object', required: ['text'] }),
      deprecated: null,
    });
    expect(manifest.actions[1]).toMatchObject({ name: 'create_thing', idempotency: 'reconcilable', paginated: false, scopes: [] });
  });

  it('describes triggers with their payload', () => {
    expect(manifest.triggers).toEqual([
      {
        name: 'thing.created',
        resources: {},
        title: 'Thing created',
        description: 'A thing was created.',
        kind: 'created',
        delivery: 'webhook',
        payload: expect.objectContaining({ required: ['id'] }),
        deprecated: null,
      },
    ]);
  });

  it('is what the connector lists', () => {
    const connector = sampleConnector();
    expect(connector.getActions()).toBe(connector.manifest.actions);
    expect(connector.getTriggers()).toBe(connector.manifest.triggers);
  });

  it('says that a connector with an account in the payload has one URL per app', () => {
    const { webhook } = sampleConnector().definition;
    expect(sampleConnector(webhook ? { webhook: { ...webhook, accountOf: () => 'T1' } } : {}).manifest.webhook).toMatchObject({
      perApp: true,
    });
  });
});

describe('a schema that cannot be described', () => {
  const withInput = (input: object) => crookedConnector({ actions: { echo: { ...echo, input } } });

  it('is refused where it holds what JSON Schema cannot say', () => {
    expect(() => withInput(z.object({ when: z.date() })).manifest.actions).toThrow(
      /input of sample\.echo holds something that JSON Schema cannot say/,
    );
  });

  it('is refused where its library has no JSON Schema', () => {
    const bare = { '~standard': { version: 1, vendor: 'by-hand', validate: (value: unknown) => ({ value }) } } as const;
    expect(() => withInput(bare).getActions()).toThrow(/input of sample\.echo \(vendor by-hand\) cannot describe itself/);
  });

  it('is refused where it is described by no object', () => {
    const odd = {
      '~standard': {
        version: 1,
        vendor: 'odd',
        validate: (value: unknown) => ({ value }),
        jsonSchema: { input: () => [], output: () => [] },
      },
    };
    expect(() => withInput(odd).manifest.actions).toThrow(/is not an object of JSON Schema/);
  });

  it('does not keep the rest of the manifest from being read', () => {
    expect(withInput(z.object({ when: z.date() })).manifest.version).toBe('1.2.3');
  });
});
