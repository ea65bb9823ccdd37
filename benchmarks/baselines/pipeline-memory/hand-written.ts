/**
 * The limit of `pipeline-memory`: what a capable developer writes by hand for this one job, in one file.
 *
 * What it does, for every webhook:
 *  1. takes `POST /webhooks/github` with plain node:http and collects the raw body (11.6 KB, at most 1 MiB);
 *  2. checks HMAC-SHA256 of the raw bytes against `x-hub-signature-256` with `timingSafeEqual`, and answers 401 when it differs;
 *  3. drops a delivery whose `x-github-delivery` is among the last 100,000 (a bounded Map in memory), and answers 202;
 *  4. parses the JSON, takes `issues` with action `opened`, and checks the condition: a label `bug` and a text of more than 20 characters;
 *  5. answers 202, then builds a small create-issue body and sends it with undici's `request` over a kept-alive pool;
 *  6. reads the answer, parses its JSON and takes the new issue's key.
 *
 * What it leaves out: any history (nothing of the event, the decision, the request or the answer is kept), any durability
 * (a crash after the 202 loses the webhook; so does a failed call, which only ends the benchmark), retries, limits,
 * configuration, tenants, a vault, and every service but these two.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'undici';
import { listenOnLoopback } from '../../src/listen-on-loopback.ts';
import type { SubjectSettings } from '../../src/pipeline-memory/messages.ts';
import { runSubject, type StartedSubject } from '../../src/pipeline-memory/subject-process.ts';

interface IssueOpened {
  readonly action: string;
  readonly issue: {
    readonly number: number;
    readonly title: string;
    readonly body: string | null;
    readonly labels: readonly { readonly name: string }[];
  };
}

const rememberedDeliveries = 100_000;
const largestBody = 1024 * 1024;

function isSigned(raw: Buffer, secret: string, header: string | string[] | undefined): boolean {
  if (typeof header !== 'string' || !header.startsWith('sha256=')) return false;
  const expected = createHmac('sha256', secret).update(raw).digest();
  const given = Buffer.from(header.slice('sha256='.length), 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isWanted({ action, issue }: IssueOpened): boolean {
  return action === 'opened' && issue.labels.some((label) => label.name === 'bug') && (issue.body ?? '').length > 20;
}

/** Remembers the newest ids; the oldest is forgotten first. */
function boundedMemory(limit: number) {
  const known = new Map<string, true>();
  return {
    isNew: (id: string): boolean => {
      if (known.has(id)) return false;
      known.set(id, true);
      if (known.size > limit) {
        const [oldest] = known.keys();
        if (oldest !== undefined) known.delete(oldest);
      }
      return true;
    },
  };
}

function collect(request: IncomingMessage, onBody: (raw: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > largestBody) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => onBody(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)));
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 }).end();
}

function jiraClient(origin: string) {
  const pool = new Pool(origin);
  const headers = {
    authorization: `Basic ${Buffer.from('ops@example.com:token').toString('base64')}`,
    'content-type': 'application/json',
    accept: 'application/json',
  };
  return async ({ issue }: IssueOpened): Promise<string> => {
    const body = JSON.stringify({
      fields: { project: { key: 'OPS' }, issuetype: { name: 'Task' }, summary: `#${issue.number} ${issue.title}` },
    });
    const answered = await pool.request({ method: 'POST', path: '/rest/api/3/issue', headers, body });
    if (answered.statusCode !== 201) throw new Error(`Jira answered ${answered.statusCode}: ${await answered.body.text()}`);
    const created: { readonly key: string } = JSON.parse(await answered.body.text());
    return created.key;
  };
}

async function startHandWritten({ sinkOrigin, secret }: SubjectSettings): Promise<StartedSubject> {
  const createIssue = jiraClient(sinkOrigin);
  const deliveries = boundedMemory(rememberedDeliveries);
  let completed = 0;
  const server = createServer((request, response) => {
    if (request.method !== 'POST' || request.url !== '/webhooks/github') return answer(response, 404);
    collect(request, (raw) => {
      if (!isSigned(raw, secret, request.headers['x-hub-signature-256'])) return answer(response, 401);
      const delivery = request.headers['x-github-delivery'];
      if (typeof delivery !== 'string') return answer(response, 400);
      if (request.headers['x-github-event'] !== 'issues' || !deliveries.isNew(delivery)) return answer(response, 202);
      // Nothing checks the shape: the signature says that it comes from GitHub.
      const event: IssueOpened = JSON.parse(raw.toString());
      answer(response, 202);
      if (!isWanted(event)) return;
      // A failed call is an unhandled rejection on purpose: it ends this process, and the benchmark with it.
      void createIssue(event).then((key) => {
        if (key !== `OPS-${event.issue.number}`) throw new Error(`Issue ${event.issue.number} became ${key}.`);
        completed += 1;
      });
    });
  });
  return { port: await listenOnLoopback(server), path: '/webhooks/github', completed: () => completed };
}

await runSubject(startHandWritten);
