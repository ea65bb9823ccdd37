import { path } from '@patchbay/core';
import type { BatchDeclaration, BatchedAnswer } from '@patchbay/core/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callInAction } from './call-in-action.ts';
import { depotConnector } from './depot-connector.ts';
import { type DepotStage, depotStage } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const named = z.object({ id: z.string() });
const sent = z.object({ requests: z.array(z.object({ id: z.string(), method: z.literal('GET'), url: z.string() })) });
const answered = z.object({ responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.json().optional() })) });

/** As OData's JSON batches are, whose answers come in any order. */
const odata: BatchDeclaration = {
  maximum: 3,
  combine: (reads) => ({
    path: path`/$batch`,
    json: { requests: reads.map(({ target }, index) => ({ id: String(index), method: 'GET', url: target })) },
  }),
  split: (body, reads) => {
    const { responses } = answered.parse(body);
    return reads.map((_read, index): BatchedAnswer | undefined => {
      const found = responses.find(({ id }) => id === String(index));
      return found && { status: found.status, ...(found.body === undefined ? {} : { body: found.body }) };
    });
  },
};

/** Answers `/things/7` with its id, a thing that is odd with what is odd about it, and leaves `gone` out. */
function batching(): void {
  stage.answer(({ body }) => {
    const { requests } = sent.parse(JSON.parse(body));
    const responses = requests.flatMap(({ id, url }) => {
      const name = url.split('/').at(-1) ?? '';
      if (name === 'gone') return [];
      const [status, json] = { missing: [404, { error: 'none' }] as const, odd: [200, { id: 7 }] as const, limited: [429, {}] as const }[
        name
      ] ?? [200, { id: name }];
      return [{ id, status, body: json }];
    });
    return { json: { responses: responses.reverse() } };
  });
}

const readAll = (names: readonly string[], batch: BatchDeclaration | undefined) =>
  callInAction(stage, ({ http }) => http.batch(names.map((name) => ({ path: path`/things/${name}`, response: named }))), {
    changes: batch === undefined ? {} : { batch },
  });

describe('http.batch', () => {
  it('sends as many reads together as the service takes, and gives the answers in their order', async () => {
    batching();
    const answers = await readAll(['a', 'b', 'c', 'd'], odata);
    expect(answers).toEqual(['a', 'b', 'c', 'd'].map((id) => ({ value: { id }, error: null })));
    expect(
      stage.provider.requests.map(({ method, path: target, body }) => [method, target, sent.parse(JSON.parse(body)).requests.length]),
    ).toEqual([
      ['POST', '/v1/$batch', 3],
      ['POST', '/v1/$batch', 1],
    ]);
  });

  it('gives each read its own error, and none of another', async () => {
    batching();
    const answers = await readAll(['a', 'missing', 'b', 'odd', 'limited', 'gone', 'c'], { ...odata, maximum: 10 });
    expect(answers).toMatchObject([
      { value: { id: 'a' } },
      { error: { code: 'provider_not_found', details: { status: 404 } } },
      { value: { id: 'b' } },
      { error: { code: 'response_invalid', message: expect.stringContaining('/things/{}') } },
      { error: { code: 'rate_limited', retryable: true } },
      { error: { code: 'response_invalid', message: expect.stringContaining('did not answer') } },
      { value: { id: 'c' } },
    ]);
  });

  it('gives the reads of a request that failed its error, and the others their answers', async () => {
    batching();
    stage.provider.failNext(1, { kind: 'answer', status: 503 });
    const answers = await readAll(['a', 'b', 'c', 'd'], odata);
    expect(answers.map(({ error }) => error?.code)).toEqual([
      'provider_unavailable',
      'provider_unavailable',
      'provider_unavailable',
      undefined,
    ]);
  });

  it('encodes each value of a path and of a query', async () => {
    batching();
    await callInAction(stage, ({ http }) => http.batch([{ path: path`/things/${'a/b?c'}`, query: { q: 'x&y' }, response: named }]), {
      changes: { batch: odata },
    });
    expect(sent.parse(JSON.parse(stage.provider.requests[0]?.body ?? '')).requests[0]?.url).toBe('/things/a%2Fb%3Fc?q=x%26y');
  });

  it('takes a connector that cannot combine or split for what it is', async () => {
    batching();
    const throws = () => {
      throw new Error('of the connector');
    };
    for (const faulty of [
      { ...odata, combine: throws },
      { ...odata, split: throws },
      { ...odata, split: () => [] },
    ])
      expect((await readAll(['a'], faulty)).map(({ error }) => error?.code)).toEqual(['response_invalid']);
  });

  it('sends the reads one by one where the service has nothing of the kind', async () => {
    stage.answer(({ path: target }) =>
      target.endsWith('bad') ? { status: 404, json: {} } : { json: { id: target.split('/').at(-1) ?? '' } },
    );
    const answers = await readAll(['a', 'bad', 'c', 'd', 'e'], undefined);
    expect(answers).toMatchObject([
      { value: { id: 'a' } },
      { error: { code: 'provider_not_found' } },
      { value: { id: 'c' } },
      { value: { id: 'd' } },
      { value: { id: 'e' } },
    ]);
    expect(stage.provider.requests).toHaveLength(5);
  });

  it('needs no key, for it reads', async () => {
    batching();
    const read = [{ path: path`/things/a`, response: named }];
    await callInAction(
      stage,
      async ({ http }) => {
        await http.batch(read);
        await http.batch(read);
        await http.post(path`/$batch`, { json: { requests: [] }, response: answered });
      },
      { changes: { batch: odata }, idempotency: 'unsafe' },
    );
    expect(stage.provider.requests).toHaveLength(3);
  });

  it.each(['{"maximum":1}', '{"maximum":"9"}', '{"maximum":5}'])('cannot be declared as %s', (text) => {
    expect(() => depotConnector({ origin: stage.provider.origin, changes: { batch: JSON.parse(text) } })).toThrow(
      expect.objectContaining({ code: 'connector_invalid', message: expect.stringContaining('batch') }),
    );
  });
});
