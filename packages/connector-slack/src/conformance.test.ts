import type { JsonObject } from '@patchbay/core';
import { describeConnector, fakeSlack, slackDelivery } from '@patchbay/testing';
import { changedEvent, mentionEvent, messageEvent, rateLimited, reactionEvent, urlVerification } from './__fixtures__/slack-events.ts';
import { slack } from './slack.ts';

const token = 'xoxb-conformance-0000000000';
const app = { clientId: '10000000001.10000000002', clientSecret: 'secret-of-the-app-0123456789' };

const delivery = (title: string, payload: JsonObject, trigger: string | null) => ({
  title,
  trigger,
  make: ({ secret, timestamp }: { readonly secret: string; readonly timestamp: number }) => slackDelivery({ payload, secret, timestamp }),
});

describeConnector({
  create: (origin) => slack({ origin }),
  startProvider: () => fakeSlack({ token, app }),
  credential: { type: 'bearer', token },
  wrongCredential: { type: 'bearer', token: 'xoxb-wrong' },
  state: (provider) => provider.messages(),
  oauth: { app, tokens: (provider) => provider.tokens() },
  actions: [
    {
      name: 'send_message',
      input: (provider) => ({ channel: provider.channel('general'), text: 'Hello *world*' }),
      refused: [{ channel: 'C00000001' }, { channel: '#a,#b', text: 'x' }, { channel: 'C00000001', text: '' }],
    },
    { name: 'send_message', input: () => ({ channel: '#ops', text: 'By the name of the channel', unfurl_links: false }) },
    {
      name: 'reply_in_thread',
      input: (provider) => {
        const channel = provider.channel('general');
        return { channel, thread_ts: provider.addMessage({ channel, text: 'A question' }).ts, text: 'An answer', reply_broadcast: true };
      },
      refused: [{ channel: '#general', thread_ts: '1355517523.000005', text: 'x' }],
    },
    {
      name: 'add_reaction',
      input: (provider) => {
        const channel = provider.channel('general');
        return { channel, timestamp: provider.addMessage({ channel, text: 'Look' }).ts, name: 'eyes' };
      },
      refused: [{ channel: 'C00000001', timestamp: '1355517523.000005', name: ':eyes:' }],
    },
  ],
  deliveries: [
    delivery('message', messageEvent, 'message.posted'),
    delivery('app_mention', mentionEvent, 'app.mentioned'),
    delivery('reaction_added', reactionEvent, 'reaction.added'),
    delivery('message_changed', changedEvent, null),
    { ...delivery('url_verification', urlVerification, null), challenge: urlVerification.challenge },
    { ...delivery('app_rate_limited', rateLimited, null), challenge: '' },
  ],
});
