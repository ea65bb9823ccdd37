import { github } from '@patchbay/connector-github';
import { createHub, type Hub, localKeys } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';

/** What the app needs to know of its world. */
export interface AppOptions {
  /** 32 random bytes in base64: `openssl rand -base64 32`. */
  readonly key: string;
  /** Where the app is reached from outside. */
  readonly publicUrl: string;
  readonly githubToken: string;
  /** Entered at GitHub too, beside the URL of the webhook. */
  readonly webhookSecret: string;
  /** Called for each issue that is opened, with its place: `octocat/hello#1`. */
  readonly onIssue: (place: string) => void;
}

/** A hub with one connection of one tenant and one subscriber, and the URL that GitHub is to post to. */
export async function openHub(options: AppOptions): Promise<{ readonly hub: Hub; readonly webhookUrl: string }> {
  const hub = createHub({
    connectors: [github()],
    storage: memoryStorage(),
    keys: localKeys({ active: 'k1', keys: { k1: options.key } }),
    publicUrl: `${options.publicUrl}/hub`,
  });
  hub.subscribe('github.issue.opened', { name: 'issue-list' }, (event) => options.onIssue(event.subject ?? ''));
  const acme = hub.tenant('acme');
  await acme.connections.put('code', { connector: 'github', credential: { type: 'bearer', token: options.githubToken } });
  const webhook = await acme.webhooks.register({ connection: 'code', trigger: 'issue.opened', secret: options.webhookSecret });
  return { hub, webhookUrl: webhook.url };
}
