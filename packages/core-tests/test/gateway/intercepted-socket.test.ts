import { HttpRequestInterceptor } from '@mswjs/interceptors/http';
import { jira } from '@patchbay/connector-jira';
import { createTestHub } from '@patchbay/testing';
import { HttpResponse, http } from 'msw';
import { defineNetwork, InterceptorSource } from 'msw/experimental';
import { afterAll, beforeAll, expect, it } from 'vitest';

const origin = 'http://127.0.0.1:4010';
let seen = 0;
const answer = () => {
  seen += 1;
  return HttpResponse.json({ id: '1', key: 'OPS-1', self: `${origin}/rest/api/3/issue/1` }, { status: 201 });
};

// Takes the place of every socket of the process, as a host's own tests or a tracing agent do.
const network = defineNetwork({
  sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
  handlers: [http.post(`${origin}/rest/api/3/issue`, answer)],
  onUnhandledFrame: 'error',
  context: { quiet: true },
});

beforeAll(() => network.enable());
afterAll(() => network.disable());

it('sends no credential over a socket that something has put in the place of the one it checked', async () => {
  const test = createTestHub({ connectors: [jira({ origin })] });
  const acme = test.tenant('acme');
  const credential = { type: 'basic', username: 'ops@example.com', password: 'a-token' } as const;
  await acme.connections.put('ops', { connector: 'jira', credential });
  const call = await acme.actions.execute('jira.create_issue', { connection: 'ops', input: { project: 'OPS', summary: 'Taken' } });
  await test.settled();
  const outcome = await call.outcome({ waitMs: 0 });
  await test.close();
  expect({ status: outcome.status, code: outcome.error?.code, seen }).toEqual({ status: 'dead', code: 'egress_refused', seen: 0 });
});

it("leaves the host's own requests to the interceptor", async () => {
  expect((await fetch(`${origin}/rest/api/3/issue`, { method: 'POST', body: '{}' })).status).toBe(201);
  expect(seen).toBe(1);
});
