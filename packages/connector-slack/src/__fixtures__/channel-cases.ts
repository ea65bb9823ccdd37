import { endless, lastTs, type SlackCase, somebodysMessage } from './action-case.ts';

const general = 'C00000001';
const team = 'T00000001';

/** Cases of the actions about channels. */
export const channelCases: readonly SlackCase[] = [
  {
    name: 'create_channel',
    input: () => ({ name: 'launch', is_private: false, team_id: team }),
    refused: [{ name: 'Launch' }, { name: '#launch' }, { name: 'a b' }],
    theirs: ({ client }) => client.conversations.create({ name: 'launch', is_private: false, team_id: team }),
  },
  {
    name: 'archive_channel',
    input: () => ({ channel: general }),
    theirs: ({ client }) => client.conversations.archive({ channel: general }),
  },
  {
    name: 'invite_to_channel',
    input: () => ({ channel: general, users: ['U00000003', 'U00000004'] }),
    refused: [
      { channel: general, users: [] },
      { channel: general, users: ['ada'] },
    ],
    theirs: ({ client }) => client.conversations.invite({ channel: general, users: 'U00000003,U00000004' }),
  },
  {
    name: 'kick_from_channel',
    input: (provider) => ({ channel: provider.addChannel({ name: 'lounge', members: ['U00000001', 'U00000002'] }), user: 'U00000002' }),
    theirs: ({ client, provider }) => client.conversations.kick({ channel: provider.channel('lounge'), user: 'U00000002' }),
  },
  {
    name: 'join_channel',
    input: (provider) => ({ channel: provider.addChannel({ name: 'lounge', members: ['U00000002'] }) }),
    theirs: ({ client, provider }) => client.conversations.join({ channel: provider.channel('lounge') }),
  },
  {
    name: 'leave_channel',
    input: () => ({ channel: general }),
    theirs: ({ client }) => client.conversations.leave({ channel: general }),
  },
  {
    name: 'rename_channel',
    input: () => ({ channel: general, name: 'everybody' }),
    theirs: ({ client }) => client.conversations.rename({ channel: general, name: 'everybody' }),
  },
  {
    name: 'set_topic',
    input: () => ({ channel: general, topic: 'Release on Monday' }),
    refused: [{ channel: general, topic: 'x'.repeat(251) }],
    theirs: ({ client }) => client.conversations.setTopic({ channel: general, topic: 'Release on Monday' }),
  },
  {
    name: 'set_purpose',
    input: () => ({ channel: general, purpose: 'For everybody' }),
    theirs: ({ client }) => client.conversations.setPurpose({ channel: general, purpose: 'For everybody' }),
  },
  {
    name: 'open_conversation',
    input: () => ({ users: ['U00000002', 'U00000003'] }),
    refused: [{ users: Array(9).fill('U00000002') }],
    theirs: ({ client }) => client.conversations.open({ users: 'U00000002,U00000003' }),
  },
  {
    name: 'list_channels',
    input: () => ({ types: ['public_channel', 'private_channel'], exclude_archived: true, team_id: team, max_items: 100 }),
    pages: endless('conversations.list', 'channels', (number) => ({ id: `C${number}`, name: `c${number}` })),
    theirs: ({ client }) =>
      client.conversations.list({ types: 'public_channel,private_channel', exclude_archived: true, team_id: team, limit: 100 }),
  },
  {
    name: 'get_channel',
    input: () => ({ channel: general }),
    theirs: ({ client }) => client.conversations.info({ channel: general, include_num_members: true }),
  },
  {
    name: 'list_messages',
    input: (provider) => ({ channel: general, oldest: somebodysMessage(provider).ts, inclusive: true }),
    pages: endless('conversations.history', 'messages', (number) => ({ ts: `${number}.000000`, text: 'x' })),
    theirs: ({ client, provider }) =>
      client.conversations.history({ channel: general, oldest: lastTs(provider), inclusive: true, limit: 200 }),
  },
  {
    name: 'list_replies',
    input: (provider) => ({ channel: general, thread_ts: somebodysMessage(provider).ts, max_items: 50 }),
    pages: endless('conversations.replies', 'messages', (number) => ({ ts: `${number}.000000`, text: 'x' })),
    theirs: ({ client, provider }) => client.conversations.replies({ channel: general, ts: lastTs(provider), limit: 50 }),
  },
  {
    name: 'list_members',
    input: () => ({ channel: general }),
    pages: endless('conversations.members', 'members', (number) => `U${number}`),
    theirs: ({ client }) => client.conversations.members({ channel: general, limit: 200 }),
  },
];
