import type {
  ChatPostMessageArguments,
  ConversationsHistoryArguments,
  ConversationsListArguments,
  ConversationsRepliesArguments,
  ReactionsAddArguments,
} from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { toSentCall } from './sent-call.ts';
import { slackStage } from './slack-stage.ts';
import { vendorCalls } from './vendor-client.ts';

const channel = 'C00000001';
const since = Date.UTC(2026, 0, 1, 12);
const oldest = String((since - 300_000) / 1000).concat('.000000');

/** Our calls beside those of Slack's client for the same operations. */
describe("requests, beside those of Slack's own client", () => {
  it('posts a message as it does', async () => {
    const { provider, harness } = await slackStage();
    await harness.execute({ action: 'send_message', input: { channel, text: 'Hello', unfurl_links: false, unfurl_media: true } });
    const key = provider.requests[0]?.idempotencyKey ?? '';
    const wanted: ChatPostMessageArguments = {
      channel,
      text: 'Hello',
      unfurl_links: false,
      unfurl_media: true,
      metadata: { event_type: 'patchbay_message', event_payload: { key } },
    };
    expect(provider.requests.map(toSentCall)).toEqual(await vendorCalls((client) => client.chat.postMessage(wanted)));
  });

  it('replies in a thread as it does', async () => {
    const { provider, harness } = await slackStage();
    const { ts } = provider.addMessage({ channel, text: 'A question' });
    await harness.execute({
      action: 'reply_in_thread',
      input: { channel, thread_ts: ts, text: 'An answer', reply_broadcast: true, format: 'plain' },
    });
    const key = provider.requests[0]?.idempotencyKey ?? '';
    const wanted: ChatPostMessageArguments = {
      channel,
      thread_ts: ts,
      text: 'An answer',
      reply_broadcast: true,
      mrkdwn: false,
      metadata: { event_type: 'patchbay_message', event_payload: { key } },
    };
    const theirs = await vendorCalls(async (client) => client.chat.postMessage(wanted).catch(() => undefined));
    expect(provider.requests.map(toSentCall)).toEqual(theirs);
  });

  it('reacts as it does', async () => {
    const { provider, harness } = await slackStage();
    const wanted: ReactionsAddArguments = { channel, timestamp: provider.addMessage({ channel, text: 'Look' }).ts, name: 'eyes' };
    await harness.execute({ action: 'add_reaction', input: { ...wanted } });
    const theirs = await vendorCalls(async (client) => client.reactions.add(wanted).catch(() => undefined));
    expect(provider.requests.map(toSentCall)).toEqual(theirs);
  });

  it('looks for a message as it does', async () => {
    const { provider, harness } = await slackStage();
    await harness.reconcile({ action: 'send_message', input: { channel: '#general', text: 'Hello' }, since });
    const list: ConversationsListArguments = { exclude_archived: true, limit: 1_000 };
    const history: ConversationsHistoryArguments = { channel, oldest, limit: 200, include_all_metadata: true };
    const theirs = await vendorCalls(async (client) => {
      await client.conversations.list(list);
      await client.auth.test();
      await client.conversations.history(history);
    });
    expect(provider.requests.map(toSentCall)).toEqual(theirs);
  });

  it('looks for a reply as it does', async () => {
    const { provider, harness } = await slackStage();
    const { ts } = provider.addMessage({ channel, text: 'A question' });
    await harness.reconcile({ action: 'reply_in_thread', input: { channel, thread_ts: ts, text: 'An answer' }, since });
    const replies: ConversationsRepliesArguments = { channel, ts, oldest, limit: 200, include_all_metadata: true };
    const theirs = await vendorCalls((client) => client.conversations.replies(replies));
    expect(provider.requests.map(toSentCall).at(-1)).toEqual(theirs[0]);
  });

  // The negative control: what differs is seen.
  it.each([
    { channel, text: 'Hello', unfurl_links: false },
    { channel, text: 'Hello', metadata: { event_type: 'other', event_payload: { key: 'x' } } },
    { channel, text: 'Other' },
  ] satisfies ChatPostMessageArguments[])('are told apart from %j', async (other) => {
    const { provider, harness } = await slackStage();
    await harness.execute({ action: 'send_message', input: { channel, text: 'Hello' } });
    expect(provider.requests.map(toSentCall)).not.toEqual(await vendorCalls((client) => client.chat.postMessage(other)));
  });
});
