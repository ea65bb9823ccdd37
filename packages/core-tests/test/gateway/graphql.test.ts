import { type ConnectorHttp, path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ActionCallOptions, callInAction } from './call-in-action.ts';
import { type DepotStage, depotStage } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const bodies = () => stage.provider.requests.map(({ body }) => JSON.parse(body));
const item = z.object({ item: z.object({ id: z.string() }) });
const readItem = (http: ConnectorHttp, id: string) =>
  http.graphql(path`/graphql`, {
    query: 'query Item($id: ID!) { item(id: $id) { id } }',
    variables: { id },
    operationName: 'Item',
    response: item,
  });
const within = <Result>(use: (http: ConnectorHttp) => Promise<Result>, options?: ActionCallOptions) =>
  callInAction(stage, ({ http }) => use(http), options);

describe('http.graphql', () => {
  it('posts the query as it is written and values as variables, and gives the parsed data', async () => {
    stage.answer(() => ({ json: { data: { item: { id: '1', more: true } } } }));
    const id = '1") { secret } mutation { x(a: "';
    expect(await within((http) => readItem(http, id))).toEqual({ item: { id: '1' } });
    expect(bodies()).toEqual([{ query: 'query Item($id: ID!) { item(id: $id) { id } }', operationName: 'Item', variables: { id } }]);
    expect(stage.provider.requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/graphql',
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
  });

  it.each([200, 400, 403, 500])('takes errors with status %d for what they say', async (status) => {
    stage.answer(() => ({ status, json: { errors: [{ message: 'words of the service', extensions: { code: 'RATELIMITED' } }] } }));
    const error = await within((http) => readItem(http, '1')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'rate_limited', sent: 'no', retryable: true, details: { status, providerCode: 'RATELIMITED' } });
    expect(JSON.stringify(error)).not.toContain('words of the service');
  });

  it('asks the connector first what errors mean, with status 200 too', async () => {
    stage.answer(() => ({ json: { data: null, errors: [{ message: 'm', extensions: { code: 'ODD' } }] } }));
    const mapError: NonNullable<ActionCallOptions['changes']>['mapError'] = ({ status, body }) =>
      JSON.stringify(body).includes('ODD') ? { code: 'provider_conflict', message: `Odd, with ${status}.`, retryable: false } : undefined;
    await expect(within((http) => readItem(http, '1'), { changes: { mapError } })).rejects.toMatchObject({
      code: 'provider_conflict',
      message: 'Odd, with 200.',
    });
    const silent = { mapError: () => undefined };
    await expect(within((http) => readItem(http, '1'), { changes: silent })).rejects.toMatchObject({ code: 'provider_error' });
    const broken = () => {
      throw new Error('of the connector');
    };
    await expect(within((http) => readItem(http, '1'), { changes: { mapError: broken } })).rejects.toMatchObject({
      code: 'provider_error',
    });
  });

  it('refuses partial data, unless it is asked to give it with its errors', async () => {
    const errors = [{ message: 'm', path: ['item', 'owner'], type: 'FORBIDDEN' }];
    const cost = { requestedQueryCost: 3, throttleStatus: { currentlyAvailable: 997 } };
    stage.answer(() => ({ json: { data: { item: { id: '1' } }, errors, extensions: { cost } } }));
    await expect(within((http) => readItem(http, '1'))).rejects.toMatchObject({ code: 'permission_denied', sent: 'maybe' });
    const allowing = (http: ConnectorHttp) =>
      http.graphql(path`/graphql`, { query: '{ item { id owner } }', response: item, partial: 'allow' });
    expect(await within(allowing)).toEqual({
      data: { item: { id: '1' } },
      errors: [{ message: 'm', path: ['item', 'owner'], code: 'FORBIDDEN' }],
      cost: expect.objectContaining({ requested: 3, available: 997 }),
    });
    stage.answer(() => ({ json: { data: null, errors } }));
    await expect(within(allowing)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('says below what data does not fit, and what is no answer of GraphQL', async () => {
    stage.answer(() => ({ json: { data: { item: { id: 7 } } } }));
    await expect(within((http) => readItem(http, '1'))).rejects.toMatchObject({
      code: 'response_invalid',
      message: expect.stringContaining('data.item.id'),
    });
    for (const reply of [{ json: ['odd'] }, { text: '<html>' }, { json: {} }]) {
      stage.answer(() => reply);
      await expect(within((http) => readItem(http, '1'))).rejects.toMatchObject({ code: 'response_invalid' });
    }
  });

  it('takes a query for a read and a mutation for a write, which needs a key of its own', async () => {
    stage.answer(() => ({ json: { data: {} }, effect: true }));
    const response = z.object({});
    await callInAction(
      stage,
      async ({ http, key }) => {
        await http.graphql(path`/graphql`, { query: '{ a }', response });
        await http.graphql(path`/graphql`, { query: '{ b }', response });
        await http.graphql(path`/graphql`, { query: 'mutation { c }', response });
        await expect(http.graphql(path`/graphql`, { query: 'mutation { d }', response })).rejects.toMatchObject({
          code: 'invalid_argument',
          sent: 'no',
        });
        await http.graphql(path`/graphql`, { query: 'mutation { e }', response, key: key.child('second') });
      },
      { idempotency: 'unsafe' },
    );
    expect(bodies().map(({ query }) => query)).toEqual(['{ a }', '{ b }', 'mutation { c }', 'mutation { e }']);
  });

  it('holds an action whose mutation got no answer, and repeats one whose query got none', async () => {
    const outcome = async (query: '{ a }' | 'mutation { a }') => {
      const { call, test } = await stage.hub({ run: async ({ http }) => http.graphql(path`/graphql`, { query, response: z.json() }) });
      stage.provider.failNext(1, { kind: 'reset', when: 'after_reading' });
      const { look } = await call('unsafe');
      await test.hub.work();
      return (await look()).status;
    };
    expect(await outcome('mutation { a }')).toBe('held');
    expect(await outcome('{ a }')).toBe('pending');
  });

  it.each([
    ['query', 'mutation { a }', 'query { a }'],
    ['query', '{ a } mutation B { b }', '{ a }'],
    ['mutation', '{ a }', 'mutation { a }'],
  ] as const)('takes nothing but a %s where it is to be one: %s is refused before it is sent', async (only, other, wanted) => {
    stage.answer(() => ({ json: { data: { a: 1 } } }));
    const ask = (query: string) =>
      within((http) => http.graphql(path`/graphql`, { query, only, dangerouslyGivenQuery: true, partial: 'allow', response: z.json() }));
    await expect(ask(other)).rejects.toMatchObject({ code: 'invalid_argument', sent: 'no' });
    expect(stage.provider.requests).toEqual([]);
    expect(await ask(wanted)).toMatchObject({ data: { a: 1 }, errors: [] });
  });

  it('goes to a declared host by its name', async () => {
    stage.answer(() => ({ json: { data: { a: 1 } } }));
    const hosts = { graphs: { origin: stage.provider.origin, basePath: '/graphs', credential: true } };
    const ask = within((http) => http.graphql(path`/graphql`, { query: '{ a }', host: 'graphs', response: z.json() }), {
      changes: { hosts },
    });
    expect(await ask).toEqual({ a: 1 });
    expect(stage.provider.requests[0]?.path).toBe('/graphs/graphql');
  });

  it('refuses a document that is none before anything is sent', async () => {
    await expect(within((http) => http.graphql(path`/graphql`, { query: 'subscription { a }', response: item }))).rejects.toMatchObject({
      code: 'invalid_argument',
      sent: 'no',
    });
    expect(stage.provider.requests).toEqual([]);
  });
});

it('http.graphqlPages gives the nodes of a connection, a page at a time', async () => {
  stage.answer(({ body }) => {
    const { variables } = JSON.parse(body);
    const page = variables.after === undefined ? 1 : Number(variables.after);
    return { json: { data: { items: { nodes: [{ id: page }], pageInfo: { hasNextPage: page < 3, endCursor: String(page + 1) } } } } };
  });
  const page = z.object({
    items: z.object({
      nodes: z.array(z.object({ id: z.number() })),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  });
  const found: number[] = [];
  await within(async (http) => {
    const query = 'query Items($after: String) { items(after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }';
    for await (const { id } of http.graphqlPages(path`/graphql`, { query, response: page, connection: ({ items }) => items })) {
      found.push(id);
      if (id === 2) break;
    }
  });
  expect(found).toEqual([1, 2]);
  expect(bodies().map(({ variables }) => variables)).toEqual([{}, { after: '2' }]);
});
