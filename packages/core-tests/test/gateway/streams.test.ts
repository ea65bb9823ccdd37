import { path } from '@patchbay/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { anything, type DepotStage, depotStage, token } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

async function* pieces(): AsyncGenerator<string> {
  yield 'one ';
  yield 'two';
}

it('a request of the host takes streams and gives one', async () => {
  const { acme, test } = await stage.hub();
  const bodies: string[] = [];
  stage.answer((request) => {
    bodies.push(request.body);
    return { json: { echo: token.repeat(3) }, headers: { 'set-cookie': 'a=1', connection: 'close, x-hop', 'x-hop': '1', 'x-kept': '1' } };
  });
  const { status, headers, body } = await acme.request('main', {
    method: 'POST',
    path: path`/items`,
    stream: pieces(),
    response: 'stream',
  });
  expect([status, await new Response(body).json(), bodies]).toEqual([200, { echo: '[withheld]'.repeat(3) }, ['one two']]);
  const collected = await acme.request('main', { method: 'PUT', path: path`/items`, bytes: Buffer.from('three'), contentType: 'text/csv' });
  for (const each of [headers, collected.headers]) {
    expect(each).toHaveProperty('x-kept', '1');
    for (const name of ['set-cookie', 'connection', 'x-hop', 'transfer-encoding']) expect(each).not.toHaveProperty(name);
  }
  expect(bodies).toEqual(['one two', 'three']);
  const notices = test.noticesOf('api.requested');
  expect(notices).toMatchObject([
    { method: 'POST', pathTemplate: '/v1/items', status: 200 },
    { method: 'PUT', pathTemplate: '/v1/items', status: 200 },
  ]);
});

it('so does an action: an upload with the key of its dispatch, a download, and an error as it means it', async () => {
  const { acme, test } = await stage.hub({
    async run({ http }) {
      await http.put(path`/files/${'a b'}`, { stream: pieces(), length: 7, response: anything });
      const { body } = await http.stream(path`/files/${'a b'}`);
      const text = await new Response(body).text();
      const missing = await caught(http.stream(path`/missing`));
      const second = await caught(http.stream(path`/files`, { method: 'POST', text: 'x' }));
      return { text, missing: String(missing), second: String(second) };
    },
  });
  stage.answer(({ path: target }) => (target.endsWith('missing') ? { status: 404, json: {} } : { json: 'file' }));
  const { dispatchId } = await acme.actions.execute('depot.unsafe', { connection: 'main', input: {} });
  await test.hub.work();
  const { output } = await acme.dispatches.get(dispatchId);
  expect(output).toMatchObject({
    text: '"file"',
    missing: expect.stringContaining('no such thing'),
    second: expect.stringContaining('key.child(name)'),
  });
  expect(stage.provider.requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'GET']);
});

it('a request with a stream is sent once, whatever comes back', async () => {
  const { acme } = await stage.hub();
  stage.answer(() => ({ status: 401, json: {} }));
  let read = 0;
  const counted = (async function* () {
    read += 1;
    yield 'x';
  })();
  expect(await acme.request('main', { method: 'POST', path: path`/items`, stream: counted })).toMatchObject({ status: 401 });
  expect([read, stage.provider.requests.length]).toEqual([1, 1]);
});

it('an action whose stream breaks off may have written', async () => {
  const broken = (async function* () {
    yield 'x';
    throw new Error('disk');
  })();
  const { acme, test } = await stage.hub({ run: ({ http }) => http.post(path`/items`, { stream: broken, response: anything }) });
  const { dispatchId } = await acme.actions.execute('depot.unsafe', { connection: 'main', input: {} });
  await test.hub.work();
  expect(await acme.dispatches.get(dispatchId)).toMatchObject({ error: { code: 'aborted' }, status: 'held' });
});
