import { context, type Span, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attributesOfMetric, metricNames, spanAttributes } from './known-attributes.ts';
import { collectTelemetry, stageSecrets, telemetryStage } from './telemetry-stage.ts';

describe('telemetry', () => {
  let collected: ReturnType<typeof collectTelemetry>;
  let stage: Awaited<ReturnType<typeof telemetryStage>>;
  const begin = async (wishes: object = {}) => {
    const { tracerProvider, meterProvider } = collected;
    stage = await telemetryStage({ telemetry: { tracerProvider, meterProvider, ...wishes } });
    const url = `${stage.receiver.url}/hook?token=in-the-query`;
    await stage.acme.endpoints.put('shop', { url, events: ['github.*'], verification: 'dangerouslyWaived' });
    return stage;
  };
  beforeEach(() => {
    collected = collectTelemetry();
  });
  afterEach(async () => {
    await stage.close();
    await collected.end();
  });

  const eventId = async (): Promise<string> => (await stage.acme.events.list()).items[0]?.event.id ?? '';
  const traceId = async (): Promise<string> => (await eventId()).replaceAll('-', '');
  const named = (name: string) => {
    const span = collected.spans().find((each) => each.name === name);
    if (span === undefined) throw new Error(`There is no span ${name} among ${collected.spans().map((each) => each.name)}.`);
    return span;
  };
  /** Each span's name with that of its parent; the anchor, which nobody exports, is told by what it is. */
  const tree = () => {
    const names = new Map(collected.spans().map((span) => [span.spanContext().spanId, span.name]));
    const parentOf = (id: string | undefined, own: string) => names.get(id ?? '') ?? (id === own.slice(16) ? 'anchor' : 'nothing');
    const rows = collected.spans().map((span) => `${span.name} < ${parentOf(span.parentSpanContext?.spanId, span.spanContext().traceId)}`);
    return rows.sort();
  };
  const webhook = 'POST /hub/webhooks/:connector/:registration';

  it('goes from a webhook to two actions and a delivery under one trace id, which is the id of the event', async () => {
    const { deliver, hub } = await begin();
    await hub.start();
    expect((await deliver(1)).status).toBe(202);
    await hub.work({ until: 'idle' });
    expect(new Set(collected.spans().map((span) => span.spanContext().traceId))).toEqual(new Set([await traceId()]));
    expect(tree()).toEqual([
      'POST /api/chat.postMessage < execute action:slack@0',
      `${webhook} < anchor`,
      'POST /rest/api/3/issue < execute action:jira@0',
      'execute action:jira@0 < publish github.issue.opened',
      'execute action:slack@0 < publish github.issue.opened',
      'execute delivery < publish github.issue.opened',
      'plan < publish github.issue.opened',
      `publish github.issue.opened < ${webhook}`,
      'send delivery < execute delivery',
    ]);
    expect(collected.spans().flatMap((span) => span.links)).toEqual([]);
  });

  it('is the same trace for a worker that was told nothing of it', async () => {
    const { deliver, hub } = await begin();
    await deliver(1);
    await context.with(trace.deleteSpan(context.active()), () => hub.work({ until: 'idle' }));
    expect(new Set(collected.spans().map((span) => span.spanContext().traceId))).toEqual(new Set([await traceId()]));
    expect(tree().filter((row) => row.startsWith('execute'))).toEqual([
      'execute action:jira@0 < anchor',
      'execute action:slack@0 < anchor',
      'execute delivery < anchor',
    ]);
  });

  it("links to a sender's traceparent and to the host's own span, and stands below neither", async () => {
    const { deliver } = await begin();
    const sender = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
    await collected.tracerProvider.getTracer('host').startActiveSpan('host', async (host: Span) => {
      await deliver(1, { traceparent: `00-${sender.traceId}-${sender.spanId}-01` });
      host.end();
    });
    const host = named('host').spanContext();
    const span = named(webhook);
    expect(span.spanContext().traceId).toBe(await traceId());
    expect(span.links.map(({ context: { traceId, spanId } }) => ({ traceId, spanId }))).toEqual([
      { traceId: host.traceId, spanId: host.spanId },
      sender,
    ]);
    expect(named('publish github.issue.opened').links).toEqual([]);
  });

  it.each(['', 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'])(
    'links to nothing where the traceparent is %j',
    async (traceparent) => {
      const { deliver } = await begin();
      await deliver(1, { traceparent });
      expect(named(webhook).links).toEqual([]);
    },
  );

  it('keeps attempts that failed and were repeated in the same trace, with the code and never the message', async () => {
    const { deliver, hub, jiraServer } = await begin();
    jiraServer.failNext(1, { kind: 'answer', status: 503, body: { errorMessages: [stageSecrets.title] } });
    await deliver(1);
    await hub.work({ until: 'idle', deadline: 5_000 });
    const attempts = collected.spans().filter(({ name }) => name === 'execute action:jira@0');
    expect(attempts.map(({ attributes }) => [attributes['patchbay.attempt'], attributes['patchbay.outcome']])).toEqual([
      [1, 'failed'],
      [2, 'succeeded'],
    ]);
    const [failed] = attempts;
    expect(failed?.attributes['error.type']).toBe('provider_unavailable');
    expect(failed?.status).toEqual({ code: 2 });
    expect(failed?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['exception', { 'exception.type': 'provider_unavailable' }],
    ]);
    expect(named('POST /rest/api/3/issue').attributes).toMatchObject({
      'http.response.status_code': 503,
      'error.type': 'provider_unavailable',
    });
    expect(new Set(collected.spans().map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(await collected.points()).toContainEqual({
      name: 'patchbay.dispatch.retries',
      attributes: { 'error.type': 'provider_unavailable' },
      value: 1,
    });
  });

  it('makes no span of an event that is not in the share', async () => {
    const { deliver, hub } = await begin({ traceShare: 0 });
    await deliver(1);
    await hub.work({ until: 'idle' });
    expect(collected.spans()).toEqual([]);
    expect((await collected.points()).map(({ name }) => name)).toContain('messaging.process.duration');
  });

  it('tells a tenant of the trace only where the host asks for it, and a service never', async () => {
    const { deliver, hub, receiver, jiraServer, slackServer } = await begin({ traceparentToEndpoints: true });
    await deliver(1);
    await hub.work({ until: 'idle' });
    const { spanId } = named('send delivery').spanContext();
    expect(receiver.requests.map(({ headers }) => headers['traceparent'])).toEqual([`00-${await traceId()}-${spanId}-01`]);
    const told = [...jiraServer.requests, ...slackServer.requests].filter(({ headers }) => headers['traceparent'] !== undefined);
    expect(told).toEqual([]);
  });

  it('sends endpoints no traceparent by itself', async () => {
    const { deliver, hub, receiver } = await begin();
    await deliver(1);
    await hub.work({ until: 'idle' });
    expect(receiver.requests.map(({ headers }) => headers['traceparent'])).toEqual([undefined]);
  });

  it('counts a refusal by its reason, and calls a connector that there is not by no name of its own', async () => {
    const { deliver, hub } = await begin();
    expect((await deliver(1, {}, 'another-secret')).status).toBe(401);
    const unsigned = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    await hub.handler(new Request('http://127.0.0.1/hub/webhooks/invented-name', unsigned));
    const points = await collected.points();
    expect(points.filter(({ name }) => name === 'patchbay.webhook.failed').map(({ attributes }) => attributes)).toEqual([
      { 'patchbay.connector': 'github', 'patchbay.reason': 'signature_wrong' },
      { 'patchbay.connector': 'unknown', 'patchbay.reason': 'unknown_url' },
    ]);
    expect(JSON.stringify([points, collected.spans().map(({ name, attributes }) => [name, attributes])])).not.toContain('invented');
    expect(named(webhook).status.code).toBe(0);
  });

  it('uses no attribute and no metric beside those that are listed, and no id on a metric', async () => {
    const { deliver, hub, jiraServer, acme } = await begin({ tenantOnMetrics: true });
    jiraServer.failNext(1, { kind: 'answer', status: 503 });
    await deliver(1);
    await hub.work({ until: 'idle', deadline: 5_000 });
    const used = new Set(collected.spans().flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...used].filter((name) => !spanAttributes.includes(name))).toEqual([]);
    const points = await collected.points();
    for (const { name, attributes } of points) {
      expect(metricNames).toContain(name);
      const allowed = [...attributesOfMetric(name), 'patchbay.tenant'];
      expect(Object.keys(attributes).filter((attribute) => !allowed.includes(attribute), name)).toEqual([]);
    }
    const text = JSON.stringify(points);
    const ids = [await eventId(), ...(await acme.connections.list()).map(({ id }) => id)];
    expect(ids.filter((id) => text.includes(id))).toEqual([]);
    expect(points.filter(({ attributes }) => attributes['patchbay.tenant'] === 'acme').length).toBeGreaterThan(5);
  });

  it('says nothing where the host does not ask', async () => {
    stage = await telemetryStage();
    await stage.deliver(1);
    await stage.hub.work({ until: 'idle' });
    expect(stage.slackServer.messages()).toHaveLength(1);
    expect(collected.spans()).toEqual([]);
    expect(await collected.points()).toEqual([]);
  });
});
