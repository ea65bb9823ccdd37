import { type FakeJira, fakeJira, type RecordedRequest } from '@patchbay/testing';
import { createCloudClient } from 'jira.js';
import { account } from './jira-stage.ts';

/** A request by what counts: method, path, query and body, whatever their order. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Client = ReturnType<typeof createCloudClient>;

/** A recorded request by what counts. */
export function toSentRequest({ method, path, body }: RecordedRequest): SentRequest {
  const url = new URL(path, 'http://127.0.0.1');
  return { method, path: url.pathname, query: Object.fromEntries(url.searchParams), body: body === '' ? undefined : JSON.parse(body) };
}

/** What another client of Jira's, made from Jira's own description, sends to a stand-in. What it makes of the answers does not count. */
export async function vendorRequests(use: (client: Client, provider: FakeJira) => Promise<unknown>): Promise<readonly SentRequest[]> {
  const provider = await fakeJira(account);
  try {
    const client = createCloudClient({ host: provider.origin, auth: { type: 'basic', email: account.email, apiToken: account.token } });
    await use(client, provider).catch(() => undefined);
    return provider.requests.map(toSentRequest);
  } finally {
    await provider.close();
  }
}
