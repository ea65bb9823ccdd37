import type {
  ChatPostMessageArguments,
  ConversationsHistoryArguments,
  ConversationsListArguments,
  ConversationsRepliesArguments,
} from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { slack, slackUser } from '../slack.ts';
import type { SlackCase } from './action-case.ts';
import { channelCases } from './channel-cases.ts';
import { messageCases } from './message-cases.ts';
import { appCases, peopleCases, personCases } from './people-cases.ts';
import { type Mutation, ours, theirs } from './replay.ts';
import { toSentCall } from './sent-call.ts';
import { slackStage } from './slack-stage.ts';
import { vendorCalls } from './vendor-client.ts';

const cases: readonly SlackCase[] = [...messageCases, ...channelCases, ...peopleCases, ...appCases, ...personCases];
const titled = cases.map((given, index) => [`${given.name} (${index + 1})`, given] as const);

const channel = 'C00000001';
const since = Date.UTC(2026, 0, 1, 12);
const oldest = String((since - 300_000) / 1000).concat('.000000');

/** Every way in which one field of a request of ours could be wrong. A form is not JSON and takes no fault here; there is one, of a file's address. */
async function mutationsOf(given: SlackCase): Promise<readonly Mutation[]> {
  const { calls, forms } = await ours(given);
  const jsonOrQuery = calls.filter((_call, index) => forms[index] !== 'POST form');
  const isSwitch = (value: unknown): boolean => value === '';
  return jsonOrQuery.flatMap(({ method, fields }) =>
    Object.keys(fields)
      .filter((field) => !isSwitch(fields[field]))
      .flatMap((field) => (['drop', 'rename', 'mistype'] as const).map((kind) => ({ kind, method, field }))),
  );
}

describe("requests, beside those of Slack's own client", () => {
  it('are compared for every action of both connectors', () => {
    const compared = new Set(cases.map(({ name }) => name));
    expect([...compared].sort()).toEqual([...new Set([...Object.keys(slack().actions), ...Object.keys(slackUser().actions)])].sort());
  });

  it.each(titled)('of %s call the same methods with the same arguments', async (_title, given) => {
    const { calls, requests } = await ours(given);
    const key = requests.map(({ idempotencyKey }) => idempotencyKey).find((each) => each !== undefined) ?? '';
    expect(calls).toEqual(await theirs(given, key));
  });

  // Slack takes arguments of methods that read from the query, and of methods that write as JSON; only the address of an upload is asked for by a form.
  it.each(titled)('of %s have their arguments where Slack takes them', async (_title, given) => {
    const { calls, forms } = await ours(given);
    const { actions } = slack();
    const reads =
      given.name === 'search_messages' ||
      Object.entries(actions).some(([name, { idempotency }]) => name === given.name && idempotency === 'read');
    const wanted = calls.map(({ method }) =>
      reads ? 'GET query' : method === '/api/files.getUploadURLExternal' ? 'POST form' : 'POST json',
    );
    expect(forms).toEqual(wanted);
  });

  // The negative control: each fault that one field can have is seen.
  it.each(titled)('of %s are told apart where a field is dropped, renamed or of another type', async (_title, given) => {
    const { calls, requests } = await ours(given);
    const key = requests.map(({ idempotencyKey }) => idempotencyKey).find((each) => each !== undefined) ?? '';
    const wanted = await theirs(given, key);
    const mutations = await mutationsOf(given);
    // One case calls a method that takes nothing.
    expect(mutations.length).toBeGreaterThanOrEqual(JSON.stringify(calls) === '[{"method":"/api/dnd.endDnd","fields":{}}]' ? 0 : 3);
    for (const mutation of mutations) expect((await ours(given, mutation)).calls, JSON.stringify(mutation)).not.toEqual(wanted);
  });

  it('looks for a message as it does', async () => {
    const { provider, harness } = await slackStage();
    await harness.reconcile({ action: 'send_message', input: { channel: '#general', text: 'Hello' }, since });
    const list: ConversationsListArguments = { exclude_archived: true, limit: 1_000 };
    const history: ConversationsHistoryArguments = { channel, oldest, limit: 200, include_all_metadata: true };
    const wanted = await vendorCalls(async (client) => {
      await client.conversations.list(list);
      await client.auth.test();
      await client.conversations.history(history);
    });
    expect(provider.requests.map(toSentCall)).toEqual(wanted);
  });

  it('looks for a reply as it does', async () => {
    const { provider, harness } = await slackStage();
    const { ts } = provider.addMessage({ channel, text: 'A question' });
    await harness.reconcile({ action: 'reply_in_thread', input: { channel, thread_ts: ts, text: 'An answer' }, since });
    const replies: ConversationsRepliesArguments = { channel, ts, oldest, limit: 200, include_all_metadata: true };
    const wanted = await vendorCalls((client) => client.conversations.replies(replies));
    expect(provider.requests.map(toSentCall).at(-1)).toEqual(wanted[0]);
  });

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
