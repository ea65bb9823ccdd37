import type { Connector, Hub, TenantHandle } from '@patchbay/core';
import { githubDelivery, type SignedDelivery } from '@patchbay/testing';
import { issueOpened } from './issue-opened.ts';
import { type LinePrinter, shorten } from './line-printer.ts';
import type { Services } from './services.ts';

/** What the scenes are played on. */
export interface Stage {
  readonly hub: Pick<Hub, 'on'>;
  readonly tenant: Pick<TenantHandle<Connector, Record<never, never>>, 'connections'>;
  readonly webhook: { readonly url: string };
  readonly secret: string;
  readonly services: Services;
  readonly printer: LinePrinter;
  /** Origin of the host app. */
  readonly address: string;
}

/** What GitHub was answered, and how often the hub called a delivery a duplicate. */
export interface Received {
  readonly refused: number;
  readonly duplicates: number;
}

/** Milliseconds that a run may take before it is given up. */
const patience = 60_000;

/** Five deliveries, as GitHub would send them. Throws where a service does not let us in. */
export async function playScenes(stage: Stage): Promise<Received> {
  const { hub, secret, services, printer } = stage;
  await introduce(stage);
  let duplicates = 0;
  hub.on('webhook.received', ({ duplicate }) => {
    duplicates += duplicate ? 1 : 0;
  });
  const issue = (number: number, title: string, label: string): SignedDelivery =>
    githubDelivery({ event: 'issues', payload: issueOpened({ number, title, label }), secret });
  const statuses: number[] = [];
  const scene = async (title: string, delivery: SignedDelivery, { starts = false, seal = 'signed' } = {}): Promise<void> => {
    printer.heading(`${statuses.length + 1}. ${title}`);
    const finished = starts ? runFinished(hub) : Promise.resolve();
    statuses.push(await deliver(stage, delivery, seal));
    await finished;
    await printer.printed();
  };

  const first = issue(1, 'Spelling error in the README file', 'bug');
  await scene('Issue #1 is opened, with the label bug', first, { starts: true });
  await scene('GitHub sends the same delivery once more', first);
  const honest = issue(2, 'The build is slow', 'bug');
  const changed = { ...honest, body: honest.body.replace('The build', 'Delete all') };
  await scene('Issue #2 is opened, but its delivery is changed on its way', changed, { seal: 'changed after it was signed' });
  await scene('Issue #3 is opened, with the label question', issue(3, 'How do I start?', 'question'));
  services.makeJiraBusy();
  const busy = `Issue #4 is opened, a bug${services.live ? '' : ', while Jira is busy: it answers 429 and then 503'}`;
  await scene(busy, issue(4, 'The search finds nothing', 'bug'), { starts: true });
  return { duplicates, refused: statuses.filter((status) => status === 401).length };
}

async function introduce({ tenant, services, printer, address }: Stage): Promise<void> {
  printer.plain(
    `The host app is on ${address}, the hub below /hub. GitHub, Jira and Slack are ${services.live ? 'the true ones' : 'stand-ins on 127.0.0.1'}.`,
  );
  for (const { id, connector, name } of await tenant.connections.list()) {
    const { healthy, message, account, latencyMs } = await tenant.connections.test(id);
    if (!healthy) throw new Error(`The connection ${name} of ${connector} does not work, so nothing was sent. ${message}`);
    printer.plain(`  ${connector.padEnd(8)}connected as ${account?.name} (${latencyMs.toFixed(0)} ms)`);
  }
}

async function deliver({ webhook, printer }: Stage, { headers, body }: SignedDelivery, seal: string): Promise<number> {
  const { pathname } = new URL(webhook.url);
  const place = pathname.replace(/[^/]+$/, shorten);
  const size = (Buffer.byteLength(body) / 1_000).toFixed(1);
  printer.line('receipt', () => `POST ${place} · delivery ${shorten(String(headers['x-github-delivery']))} · ${size} kB, ${seal}`);
  const response = await fetch(webhook.url, { method: 'POST', headers, body });
  printer.line('answer', () => `${response.status} ${response.statusText}`);
  return response.status;
}

function runFinished(hub: Stage['hub']): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`A run did not end within ${patience / 1_000} s.`)), patience);
  const off = hub.on('run.finished', () => resolve());
  return promise.finally(() => {
    clearTimeout(timer);
    off();
  });
}
