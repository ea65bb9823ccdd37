import { defineAction, defineConnector } from '@patchbay/core';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { type FakeSlack, fakeSlack } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { deletedEvent } from '../__fixtures__/slack-events.ts';
import { channels } from '../options/channels.ts';
import { usergroups } from '../options/usergroups.ts';
import { users } from '../options/users.ts';
import { slack } from '../slack.ts';
import { messages } from './messages.ts';

const token = 'xoxb-1';

/** A stage on which sources are asked by an action that hands its http on. */
async function sourceStage(names?: readonly string[]) {
  const provider = await fakeSlack({ token, ...(names === undefined ? {} : { channels: names }) });
  const call = z.strictObject({
    source: z.enum(['messages', 'channels', 'users', 'usergroups']),
    cursor: z.json(),
    containers: z.array(z.string()),
  });
  const ask = defineAction({
    title: 'Ask',
    description: 'Asks a source.',
    idempotency: 'read',
    input: call,
    output: z.object({ page: z.json() }),
    async run({ input: { source, cursor, containers }, http, settings, signal }) {
      const common = { http, settings, signal, configuration: {}, flags: {}, cursor };
      const sources = { channels, users, usergroups };
      const page =
        source === 'messages'
          ? await messages.read({ ...common, containers })
          : await sources[source].list({ ...common, given: {}, search: '' });
      return { page: JSON.parse(JSON.stringify(page)) };
    },
  });
  const { webhook: _none, content: _content, ...definition } = slack({ origin: provider.origin }).definition;
  const connector = defineConnector({ ...definition, actions: { ask }, triggers: {} });
  const harness = createConnectorHarness({ connector, credential: { type: 'bearer', token }, dangerouslyAllowPrivateNetworks: true });
  onTestFinished(async () => {
    await harness.close();
    await provider.close();
  });
  const asked = async (input: z.input<typeof call>) => {
    const { output } = await harness.execute({ action: 'ask', input });
    return pageSchema.parse(output).page;
  };
  return { provider, asked };
}

const pageSchema = z.object({
  page: z.looseObject({
    documents: z.array(z.looseObject({ id: z.string(), text: z.string() })).default([]),
    options: z.array(z.object({ value: z.string(), label: z.string(), description: z.string().optional() })).default([]),
    cursor: z.json().default(null),
    more: z.boolean().default(false),
  }),
});

type Cursor = z.output<z.ZodJSONSchema>;
type Asked = Awaited<ReturnType<typeof sourceStage>>['asked'];

/** Reads until there is no more, as the hub does. */
async function readAll(asked: Asked, containers: string[], from: Cursor = null) {
  const documents = [];
  let cursor: Cursor = from;
  for (let reads = 1; ; reads += 1) {
    const page = await asked({ source: 'messages', cursor, containers });
    documents.push(...page.documents);
    cursor = page.cursor;
    if (!page.more) return { documents, cursor, reads };
  }
}

const say = (provider: FakeSlack, channel: string, count: number): void => {
  for (let index = 0; index < count; index += 1) provider.addMessage({ channel: provider.channel(channel), text: `${channel} ${index}` });
};

describe('messages as documents', () => {
  it('are read channel by channel and page by page, each once', async () => {
    const { provider, asked } = await sourceStage();
    say(provider, 'general', 450);
    say(provider, 'ops', 2);
    const { documents, reads } = await readAll(asked, ['C00000001', 'C00000002']);
    expect(documents).toHaveLength(452);
    expect(new Set(documents.map(({ id }) => id)).size).toBe(452);
    expect(reads).toBe(4);
  });

  it('are read from where the last read ended', async () => {
    const { provider, asked } = await sourceStage();
    say(provider, 'general', 3);
    const containers = ['C00000001', 'C00000002'];
    const { cursor } = await readAll(asked, containers);
    expect((await readAll(asked, containers, cursor)).documents).toEqual([]);
    say(provider, 'ops', 1);
    say(provider, 'general', 1);
    const { documents } = await readAll(asked, containers, cursor);
    expect(documents.map(({ text }) => text)).toEqual(['general 0', 'ops 0']);
  });

  it('that come while a channel is read are not lost', async () => {
    const { provider, asked } = await sourceStage();
    say(provider, 'general', 201);
    const first = await asked({ source: 'messages', cursor: null, containers: ['C00000001'] });
    provider.addMessage({ channel: 'C00000001', text: 'In between' });
    const { documents, cursor } = await readAll(asked, ['C00000001'], first.cursor);
    const then = await readAll(asked, ['C00000001'], cursor);
    expect([...first.documents, ...documents, ...then.documents].map(({ text }) => text)).toContain('In between');
  });

  it('have words, an address, an author and a time, and are those of channels that are named', async () => {
    const { provider, asked } = await sourceStage();
    const { ts } = provider.addMessage({ channel: 'C00000001', text: 'See <https://a.example|the page> &amp; more\nSecond line' });
    say(provider, 'ops', 1);
    const { documents } = await readAll(asked, ['C00000001']);
    expect(documents).toEqual([
      {
        id: `C00000001/${ts}`,
        kind: 'message',
        title: 'See the page & more',
        text: 'See the page & more\nSecond line',
        url: `https://acme.slack.com/archives/C00000001/p${ts.replace('.', '')}`,
        updatedAt: Math.round(Number(ts) * 1_000),
        container: 'C00000001',
        author: 'U00000002',
      },
    ]);
  });

  it('are taken out by the event of their deletion', () => {
    expect(messages.deletedBy?.['message.deleted']?.(deletedEvent)).toEqual(['C123ABC456/1355517523.000005']);
    expect(messages.deletedBy?.['message.deleted']?.({})).toEqual([]);
  });
});

describe('choices', () => {
  it('are channels by their ids, page by page', async () => {
    const { asked } = await sourceStage(Array.from({ length: 201 }, (_, index) => `c${index}`));
    const first = await asked({ source: 'channels', cursor: null, containers: [] });
    expect([first.options.length, first.options[0]]).toEqual([200, { value: 'C00000001', label: '#c0' }]);
    const second = await asked({ source: 'channels', cursor: first.cursor, containers: [] });
    expect([second.options, second.cursor]).toEqual([[{ value: 'C00000201', label: '#c200' }], null]);
  });

  it('are people without bots, and user groups', async () => {
    const { asked } = await sourceStage();
    const people = await asked({ source: 'users', cursor: null, containers: [] });
    expect(people.options).toEqual([
      { value: 'U00000002', label: 'Ada', description: '@ada' },
      { value: 'U00000003', label: 'Grace', description: '@grace' },
      { value: 'U00000004', label: 'Edsger', description: '@edsger' },
    ]);
    const groups = await asked({ source: 'usergroups', cursor: null, containers: [] });
    expect(groups.options).toEqual([{ value: 'S00000001', label: 'On call', description: '@on-call' }]);
  });
});
