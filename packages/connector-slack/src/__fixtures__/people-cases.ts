import { endless, endlessByNumber, type SlackCase } from './action-case.ts';

const general = 'C00000001';
const team = 'T00000001';
const paging = (number: number) => ({ count: 1, total: 100_000, page: number, pages: 100_000 });
const modal = { type: 'modal', title: { type: 'plain_text', text: 'Deploy' }, blocks: [{ type: 'divider' }] } as const;
const home = { type: 'home', blocks: [{ type: 'divider' }] } as const;

/** Cases of the actions about people, files and the API as a whole, which the app and a person share. */
export const peopleCases: readonly SlackCase[] = [
  { name: 'get_user', input: () => ({ user: 'U00000002' }), theirs: ({ client }) => client.users.info({ user: 'U00000002' }) },
  {
    name: 'list_users',
    input: () => ({ team_id: team, max_items: 20 }),
    pages: endless('users.list', 'members', (number) => ({ id: `U${number}` })),
    theirs: ({ client }) => client.users.list({ team_id: team, limit: 20 }),
  },
  {
    name: 'find_user_by_email',
    input: () => ({ email: 'ada@acme.example' }),
    theirs: ({ client }) => client.users.lookupByEmail({ email: 'ada@acme.example' }),
  },
  { name: 'get_presence', input: () => ({ user: 'U00000002' }), theirs: ({ client }) => client.users.getPresence({ user: 'U00000002' }) },
  {
    name: 'list_usergroups',
    input: () => ({ include_disabled: true, team_id: team }),
    theirs: ({ client }) => client.usergroups.list({ include_disabled: true, include_users: true, team_id: team }),
  },
  {
    name: 'update_usergroup_members',
    input: () => ({ usergroup: 'S00000001', users: ['U00000003', 'U00000004'], team_id: team }),
    theirs: ({ client }) => client.usergroups.users.update({ usergroup: 'S00000001', users: 'U00000003,U00000004', team_id: team }),
  },
  {
    name: 'upload_file',
    requests: 2,
    input: () => ({
      filename: 'notes.txt',
      text: 'Grüße',
      title: 'Notes',
      channel: general,
      initial_comment: 'Here they are',
      snippet_type: 'text',
    }),
    refused: [
      { filename: 'a.txt', text: 'x', base64: 'eHg=' },
      { filename: 'a.txt' },
      { filename: 'a.txt', text: 'x', thread_ts: '1355517523.000005' },
      { filename: 'a.bin', base64: 'not base64!' },
    ],
    theirs: ({ client }) =>
      client.files.uploadV2({
        filename: 'notes.txt',
        content: 'Grüße',
        title: 'Notes',
        channel_id: general,
        initial_comment: 'Here they are',
        snippet_type: 'text',
      }),
  },
  {
    name: 'list_files',
    input: () => ({
      channel: general,
      user: 'U00000002',
      types: ['images', 'pdfs'],
      ts_from: 1_700_000_000,
      ts_to: 1_800_000_000,
      max_items: 30,
    }),
    pages: endlessByNumber('files.list', (number) => ({ files: [{ id: `F${number}` }], paging: paging(number) })),
    theirs: ({ client }) =>
      client.files.list({
        channel: general,
        user: 'U00000002',
        types: 'images,pdfs',
        ts_from: '1700000000',
        ts_to: '1800000000',
        count: 30,
        page: 1,
      }),
  },
  {
    name: 'api_read',
    input: () => ({ path: ['emoji.list'], query: { include_categories: true } }),
    theirs: ({ client }) => client.emoji.list({ include_categories: true }),
    refused: ['chat.postMessage', 'auth.revoke', 'emoji.list/../chat.delete', 'oauth.v2.access', 'users.setPhoto'].map((method) => ({
      path: [method],
    })),
  },
  {
    name: 'api_write',
    input: () => ({ path: ['dnd.endDnd'] }),
    refused: [{ path: ['dnd.endDnd'], json: [] }],
    theirs: ({ client }) => client.dnd.endDnd(),
  },
  {
    name: 'api_write',
    conforms: false,
    input: () => ({ path: ['conversations.setTopic'], json: { channel: general, topic: 'By hand' } }),
    refused: [{ path: ['auth.revoke'] }, { path: ['conversations', 'setTopic'] }, { path: ['tooling.tokens.rotate'] }],
    theirs: ({ client }) => client.conversations.setTopic({ channel: general, topic: 'By hand' }),
  },
];

/** Cases of what only an app can do. */
export const appCases: readonly SlackCase[] = [
  {
    name: 'open_view',
    input: () => ({ trigger_id: '12345.98765.abcd2358fdea', view: modal }),
    refused: [{ trigger_id: '12345.98765.abcd2358fdea', view: home }],
    theirs: ({ client }) =>
      client.views.open({ trigger_id: '12345.98765.abcd2358fdea', view: { ...modal, blocks: [{ type: 'divider' }] } }),
  },
  {
    name: 'publish_view',
    input: () => ({ user_id: 'U00000002', view: home }),
    theirs: ({ client }) => client.views.publish({ user_id: 'U00000002', view: { ...home, blocks: [{ type: 'divider' }] } }),
  },
];

/** Cases of what only a person can do. */
export const personCases: readonly SlackCase[] = [
  {
    name: 'search_messages',
    input: () => ({ query: 'outage', sort: 'timestamp', sort_dir: 'desc', team_id: team }),
    pages: endlessByNumber('search.messages', (number) => ({
      messages: { matches: [{ ts: `${number}.000000`, channel: { id: general } }], paging: paging(number) },
    })),
    theirs: ({ client }) =>
      client.search.messages({ query: 'outage', sort: 'timestamp', sort_dir: 'desc', team_id: team, count: 100, page: 1 }),
  },
  {
    name: 'set_status',
    input: () => ({ status_text: 'Away', status_emoji: ':palm_tree:', status_expiration: 4_102_444_800 }),
    refused: [{ status_text: 'x'.repeat(101) }, { status_text: 'x', status_emoji: 'palm_tree' }],
    theirs: ({ client }) =>
      client.users.profile.set({ profile: { status_text: 'Away', status_emoji: ':palm_tree:', status_expiration: 4_102_444_800 } }),
  },
];
