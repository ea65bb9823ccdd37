import { type FakeJira, fakeJira, type RecordedRequest } from '@patchbay/testing';
import { createAgileClient, createCloudClient } from 'jira.js';
import { account } from './jira-stage.ts';

/** A request by what counts: method, path, query and body, whatever their order. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  /** Each name with all of its values. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly body: unknown;
}

/** A client of Jira's platform and of its boards and sprints, made from Jira's own descriptions. */
export interface VendorClient {
  readonly cloud: ReturnType<typeof createCloudClient>;
  readonly agile: ReturnType<typeof createAgileClient>;
}

/** A recorded request by what counts. */
export function toSentRequest({ method, path, headers, body }: RecordedRequest): SentRequest {
  const { pathname, searchParams } = new URL(path, 'http://127.0.0.1');
  const query = Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));
  return { method, path: pathname, query, body: bodyOf(headers['content-type'] ?? '', body) };
}

function bodyOf(contentType: string, body: string): unknown {
  if (body === '') return undefined;
  const boundary = /^multipart\/form-data; ?boundary="?([^";]+)/.exec(contentType)?.[1];
  return boundary === undefined ? JSON.parse(body) : partsOf(body, boundary);
}

/** The parts of a form: the head of each without regard to capitals and order, and its content. */
function partsOf(body: string, boundary: string): readonly unknown[] {
  const parts = body.split(`--${boundary}`).slice(1, -1);
  return parts.map((part) => {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    return {
      name: /name="([^"]*)"/.exec(head)?.[1],
      filename: /filename="([^"]*)"/.exec(head)?.[1],
      type: /content-type: ?([^\r\n]+)/i.exec(head)?.[1],
      content: rest.join('\r\n\r\n'),
    };
  });
}

/** What another client of Jira's, made from Jira's own description, sends to a stand-in. What it makes of the answers does not count. */
export async function recordVendor(
  use: (client: VendorClient, provider: FakeJira) => Promise<unknown>,
): Promise<readonly RecordedRequest[]> {
  const provider = await fakeJira(account);
  try {
    const config = { host: provider.origin, auth: { type: 'basic', email: account.email, apiToken: account.token } } as const;
    await use({ cloud: createCloudClient(config), agile: createAgileClient(config) }, provider).catch(() => undefined);
    return provider.requests;
  } finally {
    await provider.close();
  }
}

/** The same by what counts. */
export async function vendorRequests(
  use: (client: VendorClient['cloud'], provider: FakeJira) => Promise<unknown>,
): Promise<readonly SentRequest[]> {
  return (await recordVendor(({ cloud }, provider) => use(cloud, provider))).map(toSentRequest);
}
