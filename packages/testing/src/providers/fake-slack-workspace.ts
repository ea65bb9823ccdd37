import { changed, failure, type SlackMethods, structureOf, success, textOf } from './fake-slack-answers.ts';
import { nextId } from './fake-slack-state.ts';

/** Who the account is, and what stands beside messages: pins, bookmarks, views, emoji. */
export const workspaceMethods: SlackMethods = {
  'auth.test': {
    run: () =>
      success({
        url: 'https://acme.slack.com/',
        team: 'Acme',
        user: 'patchbay',
        team_id: 'T00000001',
        user_id: 'U00000001',
        bot_id: 'B00000001',
        is_enterprise_install: false,
      }),
  },
  'emoji.list': { run: () => success({ emoji: { patchbay: 'https://emoji.example/patchbay.png' } }) },
  'dnd.endDnd': { run: () => changed() },
  'pins.add': {
    scopes: ['pins:write'],
    run({ pins, messages }, given) {
      const [channel, ts] = [textOf(given, 'channel'), textOf(given, 'timestamp')];
      if (!messages.some((message) => message.channel === channel && message.ts === ts)) return failure('message_not_found');
      if (pins.has(`${channel}/${ts}`)) return failure('already_pinned');
      pins.add(`${channel}/${ts}`);
      return changed();
    },
  },
  'bookmarks.add': {
    scopes: ['bookmarks:write'],
    run({ bookmarks, channels }, given) {
      if (!channels.has(textOf(given, 'channel_id'))) return failure('channel_not_found');
      if (given['type'] !== 'link') return failure('invalid_bookmark_type');
      const bookmark = { id: nextId('Bk', bookmarks), channel_id: given['channel_id'], title: given['title'], link: given['link'] };
      bookmarks.push(bookmark);
      return changed({ bookmark });
    },
  },
  'views.open': {
    tokens: 'bot',
    run({ views }, given) {
      const view = structureOf(given, 'view');
      if (textOf(given, 'trigger_id') === '') return failure('invalid_trigger_id');
      if (typeof view !== 'object' || view === null) return failure('invalid_arguments');
      const id = nextId('V', views);
      views.set(id, view);
      return changed({ view: { id, hash: '156772938.1827394', ...view } });
    },
  },
  'views.publish': {
    tokens: 'bot',
    run({ views }, given) {
      const view = structureOf(given, 'view');
      if (typeof view !== 'object' || view === null) return failure('invalid_arguments');
      const user = textOf(given, 'user_id');
      views.set(user, view);
      return changed({ view: { id: `V${user}`, hash: '156772938.1827394', ...view } });
    },
  },
};
