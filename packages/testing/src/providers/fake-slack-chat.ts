import {
  changed,
  failure,
  isOn,
  pageOf,
  type SlackArguments,
  type SlackMethods,
  structureOf,
  success,
  textOf,
} from './fake-slack-answers.ts';
import { addMessage, type FakeSlackMessage, type FakeSlackState, nextId } from './fake-slack-state.ts';
import type { ProviderReply } from './provider-reply.ts';

/** Messages: posting, changing, scheduling, and the histories in which they stand. */
export const chatMethods: SlackMethods = {
  'chat.postMessage': { scopes: ['chat:write'], run: post },
  'chat.update': {
    scopes: ['chat:write'],
    run(state, given) {
      const message = findMessage(state, given, 'ts');
      if (!message) return failure('message_not_found');
      if (!message.byApp) return failure('cant_update_message');
      if (!hasContent(given)) return failure('no_text');
      message.text = textOf(given, 'text');
      message.blocks = structureOf(given, 'blocks');
      return changed({ channel: message.channel, ts: message.ts, text: message.text });
    },
  },
  'chat.delete': {
    scopes: ['chat:write'],
    run(state, given) {
      const message = findMessage(state, given, 'ts');
      if (!message) return failure('message_not_found');
      if (!message.byApp) return failure('cant_delete_message');
      state.messages.splice(state.messages.indexOf(message), 1);
      return changed({ channel: message.channel, ts: message.ts });
    },
  },
  'chat.postEphemeral': {
    scopes: ['chat:write'],
    run(state, given) {
      const channel = state.channels.get(textOf(given, 'channel'));
      if (!channel) return failure('channel_not_found');
      if (!hasContent(given)) return failure('no_text');
      if (!channel.members.includes(textOf(given, 'user'))) return failure('user_not_in_channel');
      state.ephemeral.push({ channel: channel.id, user: given['user'], text: given['text'] });
      return changed({ message_ts: `1.${String(state.ephemeral.length).padStart(6, '0')}` });
    },
  },
  'chat.scheduleMessage': {
    scopes: ['chat:write'],
    run(state, given) {
      if (!state.channels.has(textOf(given, 'channel'))) return failure('channel_not_found');
      const at = Number(given['post_at']);
      if (!(at * 1_000 > state.now())) return failure('time_in_past');
      const id = nextId('Q', state.scheduled);
      state.scheduled.set(id, { channel: given['channel'], post_at: at, text: given['text'] });
      return changed({ channel: given['channel'], scheduled_message_id: id, post_at: at });
    },
  },
  'chat.deleteScheduledMessage': {
    scopes: ['chat:write'],
    run: ({ scheduled }, given) =>
      scheduled.delete(textOf(given, 'scheduled_message_id')) ? changed() : failure('invalid_scheduled_message_id'),
  },
  'chat.getPermalink': {
    run(state, given) {
      const message = findMessage(state, given, 'message_ts');
      if (!message) return failure('message_not_found');
      const permalink = `https://acme.slack.com/archives/${message.channel}/p${message.ts.replace('.', '')}`;
      return success({ channel: message.channel, permalink });
    },
  },
  'conversations.history': {
    scopes: ['channels:history'],
    run: (state, given) => history(state, given, ({ thread_ts: thread }) => thread === undefined),
  },
  'conversations.replies': {
    scopes: ['channels:history'],
    run: (state, given) => history(state, given, ({ ts, thread_ts: thread }) => ts === given['ts'] || thread === given['ts']),
  },
  'reactions.add': {
    scopes: ['reactions:write'],
    run(state, given) {
      const message = findMessage(state, given, 'timestamp');
      if (!message) return failure('message_not_found');
      const name = textOf(given, 'name');
      if (name === '') return failure('invalid_name');
      if (message.reactions.includes(name)) return failure('already_reacted');
      message.reactions.push(name);
      return changed();
    },
  },
  'reactions.remove': {
    scopes: ['reactions:write'],
    run(state, given) {
      const message = findMessage(state, given, 'timestamp');
      if (!message) return failure('message_not_found');
      const index = message.reactions.indexOf(textOf(given, 'name'));
      if (index === -1) return failure('no_reaction');
      message.reactions.splice(index, 1);
      return changed();
    },
  },
  'search.messages': {
    scopes: ['search:read'],
    tokens: 'user',
    run({ messages, channels }, given) {
      const found = messages.filter(({ text }) => text.includes(textOf(given, 'query')));
      const [page, count] = [Number(given['page'] ?? 1), Number(given['count'] ?? 20)];
      const shown = found.slice((page - 1) * count, page * count).map(({ channel, ts, text }) => ({
        ts,
        text,
        user: 'U00000002',
        permalink: `https://acme.slack.com/archives/${channel}/p${ts.replace('.', '')}`,
        channel: { id: channel, name: channels.get(channel)?.name },
      }));
      const paging = { count, total: found.length, page, pages: Math.max(1, Math.ceil(found.length / count)) };
      return success({ query: given['query'], messages: { total: found.length, matches: shown, paging } });
    },
  },
};

function post(state: FakeSlackState, given: SlackArguments): ProviderReply {
  const name = textOf(given, 'channel');
  const channel = state.channels.get(name) ?? [...state.channels.values()].find((each) => each.name === name.replace(/^#/, ''));
  if (!channel) return failure('channel_not_found');
  if (!hasContent(given)) return failure('no_text');
  const thread = textOf(given, 'thread_ts') || undefined;
  if (thread !== undefined && !state.messages.some(({ ts }) => ts === thread)) return failure('thread_not_found');
  const content = { text: textOf(given, 'text'), blocks: structureOf(given, 'blocks'), metadata: structureOf(given, 'metadata') };
  const { ts, text } = addMessage(state, { channel: channel.id, ...content, thread_ts: thread, byApp: true });
  return changed({ channel: channel.id, ts, message: { type: 'message', text, ts, bot_id: 'B00000001' } });
}

const hasContent = (given: SlackArguments): boolean =>
  textOf(given, 'text') !== '' || ['blocks', 'attachments'].some((name) => given[name] !== undefined);

function findMessage({ messages }: FakeSlackState, given: SlackArguments, name: string): FakeSlackMessage | undefined {
  return messages.find(({ channel, ts }) => channel === given['channel'] && ts === given[name]);
}

function history(state: FakeSlackState, given: SlackArguments, belongs: (message: FakeSlackMessage) => boolean): ProviderReply {
  if (!state.channels.has(textOf(given, 'channel'))) return failure('channel_not_found');
  const [oldest, latest] = [Number(given['oldest'] ?? 0), Number(given['latest'] ?? Infinity)];
  const isWithin = ({ ts }: FakeSlackMessage): boolean =>
    (Number(ts) > oldest && Number(ts) < latest) ||
    ts === given['ts'] ||
    (isOn(given, 'inclusive') && (ts === given['oldest'] || ts === given['latest']));
  const matching = state.messages
    .filter((message) => message.channel === given['channel'] && isWithin(message) && belongs(message))
    .toReversed();
  const { page, end } = pageOf(matching, given);
  const messages = page.map((message) => show(message, isOn(given, 'include_all_metadata')));
  return success({ messages, has_more: messages.length < matching.length, ...end });
}

function show({ ts, text, thread_ts, metadata, byApp }: FakeSlackMessage, withMetadata: boolean): Record<string, unknown> {
  const author = byApp ? { user: 'U00000001', bot_id: 'B00000001' } : { user: 'U00000002' };
  return {
    type: 'message',
    ts,
    text,
    ...author,
    ...(thread_ts === undefined ? {} : { thread_ts }),
    ...(withMetadata && metadata !== undefined ? { metadata } : {}),
  };
}
