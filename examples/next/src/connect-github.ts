import { hub } from './hub.ts';

/** Connects a customer's GitHub account. Both calls are by name: called again they change nothing. A server action would do this. */
export async function connectGithub(tenant: string): Promise<{ readonly url: string }> {
  const { GITHUB_TOKEN = 'none-yet', GITHUB_WEBHOOK_SECRET = '' } = process.env;
  const { connections, webhooks } = hub().tenant(tenant);
  await connections.put('code', { connector: 'github', credential: { type: 'bearer', token: GITHUB_TOKEN } });
  return webhooks.register({ connection: 'code', trigger: 'issue.opened', secret: GITHUB_WEBHOOK_SECRET });
}
