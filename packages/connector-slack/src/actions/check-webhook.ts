import { type ConnectorHttp, isPatchbayError } from '@patchbay/core';
import { secretUrl } from '@patchbay/core/connector-kit';

/**
 * Looks whether the URL of an incoming webhook still works, without posting: Slack refuses a message without content with 400 where the URL is good, and
 * with another status where it is not. Slack tells nobody whose URL it is, so the account is what the host called it.
 */
export async function checkWebhook({
  http,
  settings,
}: {
  readonly http: ConnectorHttp;
  readonly settings: Readonly<Record<string, unknown>>;
}) {
  const channel = String(settings['channel']);
  try {
    await http.bytes(secretUrl(), { method: 'POST', json: {} });
  } catch (error) {
    if (isPatchbayError(error) && error.details['status'] === 400)
      return { healthy: true, message: 'The URL takes messages.', account: { id: channel, name: channel } };
    throw error;
  }
  return { healthy: false, message: 'What is at the URL takes an empty message, which an incoming webhook does not.' };
}
