import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { github } from '@patchbay/connector-github';
import { jira } from '@patchbay/connector-jira';
import { slack } from '@patchbay/connector-slack';
import { createHub, type HubOptions, type Logger, localKeys, type NoticeName, type Notices } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { fakeJira, fakeSlack, githubDelivery } from '@patchbay/testing';
import { startReceiver } from '../endpoints/receiver.ts';
import { issueOpened } from '../main-job/issue-opened.ts';

/** A reader that collects when it is asked. */
class CollectingReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** One value of a metric: for a histogram how many values it has. */
export interface Point {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: number;
}

/** Secrets of the stage, which no sink may hold. */
export const stageSecrets = {
  webhook: 'webhook-canary-4f1d0c7be2',
  github: 'ghp_canary9Zk2mQ7vT1',
  jira: 'jira-canary-8sWq5LpX',
  slack: 'xoxb-canary-3nVb6YtR',
  title: 'Title canary 0d93a1b6',
};

/** What is installed once and taken away again: spans, metrics and the context that follows asynchronous code. */
export function collectTelemetry() {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const reader = new CollectingReader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return {
    tracerProvider,
    meterProvider,
    spans: (): readonly ReadableSpan[] => exporter.getFinishedSpans(),
    async points(): Promise<readonly Point[]> {
      const { resourceMetrics } = await reader.collect();
      return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => ({
            name: descriptor.name,
            attributes,
            value: typeof value === 'number' ? value : value.count,
          })),
        ),
      );
    },
    async end() {
      context.disable();
      await tracerProvider.shutdown();
      await meterProvider.shutdown();
    },
  };
}

const key = Buffer.alloc(32, 7).fill(9, 16).toString('base64');

const silent = (lines: string[]): Logger => {
  const write = (message: string, fields?: object) => void lines.push(JSON.stringify({ message, ...fields }));
  return { debug: write, info: write, warn: write, error: write };
};

/** A hub of three services: a GitHub issue becomes a ticket and a message, and goes to an endpoint of the tenant's. */
export async function telemetryStage(options: Partial<HubOptions<readonly [], never>> = {}) {
  const jiraServer = await fakeJira({ email: 'a@example.com', token: stageSecrets.jira });
  const slackServer = await fakeSlack({ token: stageSecrets.slack });
  const receiver = await startReceiver();
  const logged: string[] = [];
  const storage = memoryStorage();
  const hub = createHub({
    connectors: [github(), slack({ origin: slackServer.origin }), jira({ origin: jiraServer.origin })],
    storage,
    keys: localKeys({ active: 'k1', keys: { k1: key } }),
    publicUrl: 'http://127.0.0.1/hub',
    // Each request is an attempt of its own.
    retry: { baseMs: 0, quickRetries: 0 },
    logger: silent(logged),
    dangerouslyAllowPrivateNetworks: true,
    ...options,
  });
  const acme = hub.tenant('acme');
  await acme.connections.put('main', { connector: 'github', credential: { type: 'bearer', token: stageSecrets.github } });
  const basic = { type: 'basic', username: 'a@example.com', password: stageSecrets.jira } as const;
  await acme.connections.put('ops', { connector: 'jira', credential: basic });
  await acme.connections.put('team', { connector: 'slack', credential: { type: 'bearer', token: stageSecrets.slack } });
  const ticket = { project: 'OPS', summary: '{{ event.data.issue.title }}' };
  const message = { channel: '#ops', text: 'Filed {{ steps.ticket.output.key }}' };
  await acme.automations.put('triage', {
    trigger: { event: 'github.issue.opened', connection: 'main' },
    steps: [
      { id: 'ticket', action: 'jira.create_issue', connection: 'ops', input: ticket },
      { id: 'tell', action: 'slack.send_message', connection: 'team', input: message },
    ],
  });
  const registration = await acme.webhooks.register({ connection: 'main', trigger: 'issue.opened', secret: stageSecrets.webhook });
  const notices: unknown[] = [];
  return {
    hub,
    acme,
    storage,
    logged,
    notices,
    receiver,
    jiraServer,
    slackServer,
    registration,
    record<Name extends NoticeName>(...names: readonly Name[]) {
      for (const name of names) hub.on(name, (notice: Notices[Name]) => void notices.push(notice));
    },
    deliver(number: number, headers: Readonly<Record<string, string>> = {}, secret = stageSecrets.webhook) {
      const payload = issueOpened({ number, labels: ['bug'], title: stageSecrets.title });
      const delivery = githubDelivery({ event: 'issues', payload, secret });
      const request = { method: 'POST', headers: { ...delivery.headers, ...headers }, body: delivery.body };
      return hub.handler(new Request(registration.url, request));
    },
    async close() {
      await hub.stop();
      await storage.close();
      await Promise.all([jiraServer.close(), slackServer.close(), receiver.close()]);
    },
  };
}
