import { type FakeSlack, fakeSlack } from '@patchbay/testing';
import { LogLevel, WebClient } from '@slack/web-api';
import { type SentCall, toSentCall } from './sent-call.ts';

const token = 'xoxb-vendor-0000000000';

/** The calls that Slack's own client makes to a stand-in. */
export async function vendorCalls(use: (client: WebClient, provider: FakeSlack) => Promise<unknown>): Promise<readonly SentCall[]> {
  const provider = await fakeSlack({ token });
  try {
    const client = new WebClient(token, { slackApiUrl: `${provider.origin}/api/`, logLevel: LogLevel.ERROR, retryConfig: { retries: 0 } });
    await use(client, provider);
    return provider.requests.map(toSentCall);
  } finally {
    await provider.close();
  }
}
