import { lastTs, ownMessage, type SlackCase, somebodysMessage } from './action-case.ts';

const general = 'C00000001';
const later = 4_102_444_800;
const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*Hello*' } }];

/** Cases of the actions about messages. */
export const messageCases: readonly SlackCase[] = [
  {
    name: 'send_message',
    input: () => ({ channel: general, text: 'Hello *world*', unfurl_links: false, unfurl_media: true, blocks }),
    refused: [
      { channel: general },
      { channel: '#a,#b', text: 'x' },
      { channel: general, text: '' },
      { channel: general, blocks: [] },
      { channel: general, blocks: Array(51).fill({ type: 'divider' }) },
      { channel: general, text: 'x'.repeat(40_001) },
    ],
    theirs: ({ client, key }) =>
      client.chat.postMessage({
        channel: general,
        text: 'Hello *world*',
        unfurl_links: false,
        unfurl_media: true,
        blocks,
        metadata: { event_type: 'patchbay_message', event_payload: { key } },
      }),
  },
  {
    name: 'send_message',
    input: () => ({ channel: '#ops', text: 'By name', metadata: { event_type: 'deploy', event_payload: { id: 7 } } }),
    theirs: ({ client, key }) =>
      client.chat.postMessage({
        channel: '#ops',
        text: 'By name',
        metadata: { event_type: 'deploy', event_payload: { id: 7, patchbay_key: key } },
      }),
  },
  {
    name: 'reply_in_thread',
    input: (provider) => {
      const { channel, ts } = somebodysMessage(provider);
      return { channel, thread_ts: ts, text: 'An answer', reply_broadcast: true, format: 'plain' };
    },
    refused: [{ channel: '#general', thread_ts: '1355517523.000005', text: 'x' }],
    theirs: ({ client, provider, key }) =>
      client.chat.postMessage({
        channel: general,
        thread_ts: lastTs(provider),
        text: 'An answer',
        reply_broadcast: true,
        mrkdwn: false,
        metadata: { event_type: 'patchbay_message', event_payload: { key } },
      }),
  },
  {
    name: 'update_message',
    input: (provider) => ({ ...ownMessage(provider), text: 'Changed', blocks }),
    refused: [{ channel: general, ts: '1355517523.000005' }],
    theirs: ({ client, provider }) => client.chat.update({ channel: general, ts: lastTs(provider), text: 'Changed', blocks }),
  },
  {
    name: 'delete_message',
    input: ownMessage,
    theirs: ({ client, provider }) => client.chat.delete({ channel: general, ts: lastTs(provider) }),
  },
  {
    name: 'send_ephemeral',
    input: (provider) => ({
      channel: provider.addChannel({ name: 'lounge', members: ['U00000001', 'U00000002'] }),
      user: 'U00000002',
      text: 'Only you',
    }),
    theirs: ({ client, provider }) =>
      client.chat.postEphemeral({ channel: provider.channel('lounge'), user: 'U00000002', text: 'Only you' }),
  },
  {
    name: 'schedule_message',
    input: () => ({ channel: general, post_at: later, text: 'Later', unfurl_links: true }),
    refused: [{ channel: general, post_at: '2100-01-01', text: 'Later' }],
    theirs: ({ client }) => client.chat.scheduleMessage({ channel: general, post_at: later, text: 'Later', unfurl_links: true }),
  },
  {
    name: 'cancel_scheduled_message',
    input: (provider) => ({ channel: general, scheduled_message_id: provider.addScheduled(general) }),
    theirs: ({ client }) => client.chat.deleteScheduledMessage({ channel: general, scheduled_message_id: 'Q00000001' }),
  },
  {
    name: 'get_permalink',
    input: (provider) => {
      const { channel, ts } = somebodysMessage(provider);
      return { channel, message_ts: ts };
    },
    theirs: ({ client, provider }) => client.chat.getPermalink({ channel: general, message_ts: lastTs(provider) }),
  },
  {
    name: 'add_reaction',
    input: (provider) => {
      const { channel, ts } = somebodysMessage(provider);
      return { channel, timestamp: ts, name: 'eyes' };
    },
    refused: [{ channel: general, timestamp: '1355517523.000005', name: ':eyes:' }],
    theirs: ({ client, provider }) => client.reactions.add({ channel: general, timestamp: lastTs(provider), name: 'eyes' }),
  },
  {
    name: 'remove_reaction',
    input: (provider) => {
      const message = provider.addMessage({ channel: general, text: 'Look' });
      message.reactions.push('eyes');
      return { channel: general, timestamp: message.ts, name: 'eyes' };
    },
    theirs: ({ client, provider }) => client.reactions.remove({ channel: general, timestamp: lastTs(provider), name: 'eyes' }),
  },
  {
    name: 'pin_message',
    input: (provider) => {
      const { channel, ts } = somebodysMessage(provider);
      return { channel, timestamp: ts };
    },
    theirs: ({ client, provider }) => client.pins.add({ channel: general, timestamp: lastTs(provider) }),
  },
  {
    name: 'add_bookmark',
    input: () => ({ channel: general, title: 'Handbook', link: 'https://handbook.example.com/', emoji: ':books:' }),
    refused: [{ channel: general, title: 'Handbook', link: 'javascript:alert(1)' }],
    theirs: ({ client }) =>
      client.bookmarks.add({
        channel_id: general,
        type: 'link',
        title: 'Handbook',
        link: 'https://handbook.example.com/',
        emoji: ':books:',
      }),
  },
];
