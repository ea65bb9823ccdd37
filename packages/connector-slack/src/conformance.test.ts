import { type Connector, defineConnector, type JsonObject } from '@patchbay/core';
import { describeConnector, type FakeSlack, fakeSlack, fakeSlackWebhook, slackDelivery, slackFormDelivery } from '@patchbay/testing';
import type { SlackCase } from './__fixtures__/action-case.ts';
import { channelCases } from './__fixtures__/channel-cases.ts';
import { blockActions, command, messageAction, shortcut, sslCheck, viewClosed, viewSubmission } from './__fixtures__/interactions.ts';
import { messageCases } from './__fixtures__/message-cases.ts';
import { appCases, peopleCases, personCases } from './__fixtures__/people-cases.ts';
import {
  changedEvent,
  deletedEvent,
  eventOf,
  mentionEvent,
  messageEvent,
  rateLimited,
  reactionEvent,
  urlVerification,
} from './__fixtures__/slack-events.ts';
import { type SlackOptions, slack, slackIncomingWebhook, slackUser } from './slack.ts';
import { userActions } from './slack-actions.ts';

const app = { clientId: '10000000001.10000000002', clientSecret: 'secret-of-the-app-0123456789' };

interface Signing {
  readonly secret: string;
  readonly timestamp: number;
}

const delivery = (title: string, payload: JsonObject, trigger: string | null) => ({
  title,
  trigger,
  make: ({ secret, timestamp }: Signing) => slackDelivery({ payload, secret, timestamp }),
});

const form = (title: string, fields: Readonly<Record<string, string>>, trigger: string | null) => ({
  title,
  trigger,
  make: ({ secret, timestamp }: Signing) => slackFormDelivery({ fields, secret, timestamp }),
});

const interaction = (payload: JsonObject, trigger: string | null) =>
  form(String(payload['type']), { payload: JSON.stringify(payload) }, trigger);

/** The stand-in's other host, by its own: bytes of files go there. */
const filesOrigins = new Map<string, string>();

async function startSlack(tokens: 'bot' | 'user', further: { readonly expiresIn?: number } = {}): Promise<FakeSlack> {
  const provider = await fakeSlack({ token: `xox-conformance-${tokens}`, tokens, app: { ...app, ...further } });
  filesOrigins.set(provider.origin, provider.filesOrigin);
  return provider;
}

const subjectOf = (create: (options: SlackOptions) => Connector, tokens: 'bot' | 'user', actions: readonly SlackCase[]) => ({
  create: (origin: string) => {
    const filesOrigin = filesOrigins.get(origin);
    return create({ origin, ...(filesOrigin === undefined ? {} : { filesOrigin }) });
  },
  startProvider: () => startSlack(tokens),
  credential: { type: 'bearer' as const, token: `xox-conformance-${tokens}` },
  wrongCredential: { type: 'bearer' as const, token: 'xoxb-wrong' },
  state: (provider: FakeSlack) => provider.state(),
  oauth: {
    app,
    tokens: (provider: FakeSlack) => provider.tokens(),
    startRenewing: () => startSlack(tokens, { expiresIn: 43_200 }),
  },
  actions: actions.filter(({ conforms = true }) => conforms),
});

const channelChoices = { action: 'send_message', field: 'channel', confinedTo: { channel: ['C00000001'] } };

describeConnector({
  ...subjectOf(slack, 'bot', [...messageCases, ...channelCases, ...peopleCases, ...appCases]),
  options: [channelChoices, { action: 'get_user', field: 'user' }, { action: 'update_usergroup_members', field: 'usergroup' }],
  content: [
    {
      source: 'messages',
      containers: ['C00000001'],
      change: (provider) => {
        const { channel, ts } = provider.addMessage({ channel: 'C00000001', text: 'Hello' });
        return `${channel}/${ts}`;
      },
    },
  ],
  deliveries: [
    delivery('message', messageEvent, 'message.posted'),
    delivery('message_changed', changedEvent, 'message.changed'),
    delivery('message_deleted', deletedEvent, 'message.deleted'),
    delivery('app_mention', mentionEvent, 'app.mentioned'),
    delivery('reaction_added', reactionEvent, 'reaction.added'),
    delivery('reaction_removed', eventOf('reaction_removed'), 'reaction.removed'),
    delivery('channel_created', eventOf('channel_created'), 'channel.created'),
    delivery('channel_archive', eventOf('channel_archive'), 'channel.archived'),
    delivery('channel_rename', eventOf('channel_rename'), 'channel.renamed'),
    delivery('member_joined_channel', eventOf('member_joined_channel'), 'member.joined'),
    delivery('member_left_channel', eventOf('member_left_channel'), 'member.left'),
    delivery('team_join', eventOf('team_join'), 'team.joined'),
    delivery('file_shared', eventOf('file_shared'), 'file.shared'),
    delivery('app_home_opened', eventOf('app_home_opened'), 'home.opened'),
    delivery('link_shared', eventOf('link_shared'), 'link.shared'),
    delivery('pin_added', eventOf('pin_added'), 'pin.added'),
    delivery('app_uninstalled', eventOf('app_uninstalled'), 'app.uninstalled'),
    delivery('tokens_revoked', eventOf('tokens_revoked'), 'tokens.revoked'),
    delivery('an event that nobody asked for', { ...messageEvent, event: { type: 'emoji_changed' } }, null),
    interaction(blockActions, 'block.acted'),
    interaction(shortcut, 'shortcut.used'),
    interaction(messageAction, 'message_shortcut.used'),
    interaction(viewSubmission, 'view.submitted'),
    { ...interaction(viewClosed, null), challenge: '' },
    form('a slash command', command, 'command.invoked'),
    { ...form('a look at the certificate', sslCheck, null), challenge: '' },
    { ...delivery('url_verification', urlVerification, null), challenge: urlVerification.challenge },
    { ...delivery('app_rate_limited', rateLimited, null), challenge: '' },
  ],
});

/** A person's connector with some of its actions: what it shares with the app's is the same code. */
function someOfUser(options: SlackOptions): Connector {
  const { webhook: _none, ...definition } = slackUser(options).definition;
  const { channels } = definition.options ?? {};
  const { send_message, create_channel, search_messages, set_status } = userActions;
  return defineConnector({
    ...definition,
    actions: { send_message, create_channel, search_messages, set_status },
    triggers: {},
    options: { ...(channels && { channels }) },
  });
}

const alsoOfUser = [...messageCases, ...channelCases].filter(({ name }) => ['send_message', 'create_channel'].includes(name));

describeConnector({ ...subjectOf(someOfUser, 'user', [...alsoOfUser, ...personCases]), options: [channelChoices], deliveries: [] });

let hook = '';

describeConnector({
  create: (origin) => slackIncomingWebhook({ origin }),
  async startProvider() {
    const provider = await fakeSlackWebhook();
    hook = provider.url;
    return provider;
  },
  // The URL is that of the stand-in at hand when it is used.
  credential: {
    type: 'secret_url',
    get url() {
      return hook;
    },
  },
  wrongCredential: {
    type: 'secret_url',
    get url() {
      return hook.replace(/[^/]+$/, 'zZyYxXwWvVuUtTsSrRqQpPoO');
    },
  },
  settings: { channel: '#general' },
  state: (provider) => provider.posted(),
  actions: [
    {
      name: 'post_to_webhook',
      input: () => ({ text: 'Hello', blocks: [{ type: 'divider' }] }),
      refused: [{}, { text: 'x', channel: '#general' }],
    },
  ],
  deliveries: [],
});
