import { changed, failure, isOn, pageOf, type SlackArguments, type SlackMethods, success, textOf } from './fake-slack-answers.ts';
import { addChannel, appUser, type FakeSlackChannel, type FakeSlackState, nextId } from './fake-slack-state.ts';
import type { ProviderReply } from './provider-reply.ts';

const manage = ['channels:manage', 'channels:write'];

/** Channels: making them, who is in them, and what they are called. */
export const conversationMethods: SlackMethods = {
  'conversations.list': {
    scopes: ['channels:read'],
    run({ channels }, given) {
      const types = (textOf(given, 'types') || 'public_channel').split(',');
      const shown = [...channels.values()].filter(
        ({ is_private, is_archived }) =>
          types.includes(is_private ? 'private_channel' : 'public_channel') && !(is_archived && isOn(given, 'exclude_archived')),
      );
      const { page, end } = pageOf(shown, given);
      return success({ channels: page.map(show), ...end });
    },
  },
  'conversations.info': { scopes: ['channels:read'], run: inChannel((channel) => success({ channel: show(channel) })) },
  'conversations.members': {
    scopes: ['channels:read'],
    run: inChannel(({ members }, given) => {
      const { page, end } = pageOf(members, given);
      return success({ members: page, ...end });
    }),
  },
  'conversations.create': {
    scopes: manage,
    run(state, given) {
      const name = textOf(given, 'name');
      if (name === '') return failure('invalid_name_required');
      if (isTaken(state, name)) return failure('name_taken');
      const channel = addChannel(state, { name, is_private: isOn(given, 'is_private'), creator: appUser, members: [appUser] });
      return changed({ channel: show(channel) });
    },
  },
  'conversations.archive': {
    scopes: manage,
    run: inChannel((channel) => {
      if (channel.is_archived) return failure('already_archived');
      channel.is_archived = true;
      return changed();
    }),
  },
  'conversations.invite': {
    scopes: manage,
    run: inChannel(({ members, ...channel }, given, { users }) => {
      const invited = textOf(given, 'users').split(',').filter(Boolean);
      if (invited.length === 0) return failure('no_user');
      if (!invited.every((user) => users.has(user))) return failure('user_not_found');
      if (invited.some((user) => members.includes(user))) return failure('already_in_channel');
      members.push(...invited);
      return changed({ channel: show({ members, ...channel }) });
    }),
  },
  'conversations.kick': {
    scopes: manage,
    run: inChannel(({ members }, given) => {
      const user = textOf(given, 'user');
      if (user === appUser) return failure('cant_kick_self');
      if (!members.includes(user)) return failure('not_in_channel');
      members.splice(members.indexOf(user), 1);
      return changed();
    }),
  },
  'conversations.join': {
    scopes: ['channels:join', 'channels:write'],
    run: inChannel((channel) => {
      if (channel.members.includes(appUser)) return success({ channel: show(channel), warning: 'already_in_channel' });
      channel.members.push(appUser);
      return changed({ channel: show(channel) });
    }),
  },
  'conversations.leave': {
    scopes: manage,
    run: inChannel(({ members }) => {
      if (!members.includes(appUser)) return success({ not_in_channel: true });
      members.splice(members.indexOf(appUser), 1);
      return changed();
    }),
  },
  'conversations.rename': {
    scopes: manage,
    run: inChannel((channel, given, state) => {
      const name = textOf(given, 'name');
      if (isTaken(state, name)) return failure('name_taken');
      channel.name = name;
      return changed({ channel: show(channel) });
    }),
  },
  'conversations.setTopic': { scopes: manage, run: inChannel((channel, given) => setText(channel, 'topic', given)) },
  'conversations.setPurpose': { scopes: manage, run: inChannel((channel, given) => setText(channel, 'purpose', given)) },
  'conversations.open': {
    scopes: ['im:write'],
    run({ conversations, users }, given) {
      const people = textOf(given, 'users').split(',').filter(Boolean);
      if (people.length === 0 || !people.every((user) => users.has(user))) return failure('user_not_found');
      const key = people.toSorted().join(',');
      const known = conversations.get(key);
      if (known !== undefined) return success({ no_op: true, already_open: true, channel: { id: known } });
      const id = nextId('D', conversations);
      conversations.set(key, id);
      return changed({ channel: { id } });
    },
  },
};

function inChannel(run: (channel: FakeSlackChannel, given: SlackArguments, state: FakeSlackState) => ProviderReply) {
  return (state: FakeSlackState, given: SlackArguments): ProviderReply => {
    const channel = state.channels.get(textOf(given, 'channel'));
    return channel ? run(channel, given, state) : failure('channel_not_found');
  };
}

const isTaken = ({ channels }: FakeSlackState, wanted: string): boolean => [...channels.values()].some(({ name }) => name === wanted);

function setText(channel: FakeSlackChannel, field: 'topic' | 'purpose', given: SlackArguments): ProviderReply {
  const text = given[field];
  if (typeof text !== 'string' || text.length > 250) return failure('too_long');
  if (channel[field] === text) return success({ channel: show(channel) });
  channel[field] = text;
  return changed({ channel: show(channel) });
}

function show({ topic, purpose, members, ...channel }: FakeSlackChannel): Record<string, unknown> {
  return {
    ...channel,
    is_channel: true,
    is_member: members.includes(appUser),
    num_members: members.length,
    topic: { value: topic },
    purpose: { value: purpose },
  };
}
