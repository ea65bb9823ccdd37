/**
 * What every contestant by hand and on a library has at its front, on plain node:http: it collects the raw body (at most 1 MiB), checks
 * HMAC-SHA256 of the raw bytes against `x-hub-signature-256` with `timingSafeEqual`, parses the JSON, takes `issues` with action
 * `opened`, and checks the condition: a label `bug` and a text of more than 20 characters.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** The part of GitHub's payload that is read here. */
export interface IssueOpened {
  readonly action: string;
  readonly issue: {
    readonly number: number;
    readonly title: string;
    readonly body: string | null;
    readonly labels: readonly { readonly name: string }[];
  };
}

/** A delivery whose signature and condition hold. */
export interface WantedDelivery {
  readonly id: string;
  /** The raw body as text. */
  readonly text: string;
  readonly event: IssueOpened;
}

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

/** A server that hands each wanted delivery to `keep` and answers 202 once that has resolved, which is after the commit. */
export function webhookDoor(secret: string, keep: (delivery: WantedDelivery) => Promise<unknown>): Server {
  return createServer((request, response) => {
    if (request.method !== 'POST' || request.url !== '/webhooks/github') return answer(response, 404);
    collect(request, (raw) => {
      if (!isSigned(raw, secret, request.headers['x-hub-signature-256'])) return answer(response, 401);
      const id = request.headers['x-github-delivery'];
      if (typeof id !== 'string') return answer(response, 400);
      if (request.headers['x-github-event'] !== 'issues') return answer(response, 202);
      const text = raw.toString();
      // Nothing checks the shape: the signature says that it comes from GitHub.
      const event: IssueOpened = JSON.parse(text);
      if (!isWanted(event)) return answer(response, 202);
      // A failed write is an unhandled rejection on purpose: it ends this process, and the benchmark with it.
      void keep({ id, text, event }).then(() => answer(response, 202));
    });
  });
}
