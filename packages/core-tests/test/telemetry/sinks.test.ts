import { type NoticeName, path } from '@patchbay/core';
import { expect, it } from 'vitest';
import { secretsIn } from '../gateway/secret-writings.ts';
import { collectTelemetry, stageSecrets, telemetryStage } from './telemetry-stage.ts';

const query = 'query-canary-77aa41';
const header = 'header-canary-c02f8e';
const thrown = 'thrown-canary-5bd1f9';
const secrets = [...Object.values(stageSecrets), query, header, thrown];
const leaksIn = (text: string): readonly string[] => secretsIn(text, secrets);

/** Every notice there is of what this life does. */
const names: readonly NoticeName[] = [
  ...(['webhook.received', 'webhook.failed', 'event.published', 'action.executed', 'subscriber.called', 'run.finished'] as const),
  ...([
    'dispatch.retrying',
    'dispatch.dead',
    'dispatch.held',
    'api.requested',
    'connection.connected',
    'connection.status_changed',
  ] as const),
];

it('leaves no secret and no payload in a span, a metric, a log line, a notice, the log of requests or a group of errors, in any of six encodings', async () => {
  const collected = collectTelemetry();
  const { tracerProvider, meterProvider } = collected;
  const wishes = { tracerProvider, meterProvider, tenantOnMetrics: true, traceparentToEndpoints: true };
  const stage = await telemetryStage({ telemetry: wishes, retry: { baseMs: 0, maximumAttempts: 3, quickRetries: 0 } });
  const { acme, hub, deliver, jiraServer, slackServer, receiver } = stage;
  stage.record(...names);
  hub.subscribe('github.*', { name: 'indexer' }, async () => {
    throw new Error(thrown);
  });
  await acme.endpoints.put('shop', {
    url: `${receiver.url}/hook?token=${query}`,
    events: ['github.*'],
    headers: { 'x-shop': header },
    verification: 'dangerouslyWaived',
  });
  receiver.answer = (_request, response) => void response.writeHead(500).end(stageSecrets.title);
  jiraServer.failNext(1, { kind: 'echo_credential' });
  slackServer.failNext(1, { kind: 'answer', status: 500, body: { error: stageSecrets.title } });
  await deliver(
    1,
    { traceparent: `00-${Buffer.from(stageSecrets.webhook).toString('hex').slice(0, 32)}-b7ad6b7169203331-01` },
    'wrong-secret',
  );
  await deliver(2);
  await deliver(3);
  await hub.work({ until: 'idle' });
  const request = { path: path`/api/3/issue/${stageSecrets.title}`, query: { token: query }, headers: { 'x-note': header } };
  await acme.request('ops', { method: 'GET', ...request }).catch(() => undefined);
  await hub.work({ until: 'idle' });
  const spans = collected.spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  const sinks = {
    spans: JSON.stringify(spans),
    metrics: JSON.stringify(await collected.points()),
    log: stage.logged.join('\n'),
    notices: JSON.stringify(stage.notices),
    journal: JSON.stringify(await stage.storage.journal.page('acme', { stream: 'request', cursor: null, limit: 500 })),
    states: JSON.stringify(await stage.storage.states.list('acme', 'error:', { cursor: null, limit: 500 })),
  };
  await stage.close();
  await collected.end();
  expect(Object.fromEntries(Object.entries(sinks).map(([sink, text]) => [sink, leaksIn(text)]))).toEqual({
    ...{ spans: [], metrics: [], log: [], notices: [], journal: [], states: [] },
  });
  // The test sees what it looks for: each sink tells of the failures, and the services were shown the secrets.
  expect(Object.entries(sinks).filter(([, text]) => !/provider_|signature_|internal/.test(text))).toEqual([]);
  const shown = JSON.stringify([jiraServer.requests, receiver.requests]);
  expect([stageSecrets.title, query, header].filter((secret) => !shown.includes(secret))).toEqual([]);
});
