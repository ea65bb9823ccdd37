import { type FakeProvider, startFakeProvider } from './fake-provider.ts';

/** A stand-in for the incoming webhooks of Slack. */
export interface FakeSlackWebhook extends FakeProvider {
  /** The URL that takes messages. */
  readonly url: string;
  /** What was posted, in its order. */
  posted(): readonly unknown[];
}

const target = '/services/T00000001/B00000001/aBcDeFgHiJkLmNoPqRsTuVwX';

/** Starts the stand-in. It answers in words, with the statuses that Slack gives. */
export async function fakeSlackWebhook(): Promise<FakeSlackWebhook> {
  const posted: unknown[] = [];
  const provider = await startFakeProvider({
    limitBody: 'rate_limited',
    handler({ method, target: asked, json }) {
      if (method !== 'POST' || asked !== target) return { status: 403, text: 'invalid_token' };
      if (typeof json !== 'object' || json === null) return { status: 400, text: 'invalid_payload' };
      if (!['text', 'blocks', 'attachments'].some((name) => name in json)) return { status: 400, text: 'no_text' };
      posted.push(json);
      return { text: 'ok', effect: true };
    },
  });
  return { ...provider, url: `${provider.origin}${target}`, posted: () => posted };
}
