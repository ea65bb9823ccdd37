import { describe, expect, it } from 'vitest';
import { readingPath, writingPath } from './method-name.ts';

const reads = (method: string): boolean => readingPath.safeParse([method]).success;
const writes = (method: string): boolean => writingPath.safeParse([method]).success;

describe('a method of the Web API', () => {
  it.each([
    'emoji.list',
    'conversations.info',
    'users.conversations',
    'users.lookupByEmail',
    'usergroups.users.list',
    'team.accessLogs',
    'dnd.teamInfo',
    'search.all',
    'conversations.listConnectInvites',
    'users.getPresence',
    'admin.users.session.getSettings',
  ])('%s reads', (method) => {
    expect([reads(method), writes(method)]).toEqual([true, true]);
  });

  it.each([
    'chat.postMessage',
    'chat.delete',
    'users.setPhoto',
    'admin.users.remove',
    'conversations.archive',
    'lists.create',
    'files.deleteList',
  ])('%s is not called as one that reads', (method) => {
    expect([reads(method), writes(method)]).toEqual([false, true]);
  });

  it.each([
    'oauth.v2.access',
    'oauth.v2.exchange',
    'openid.connect.token',
    'tooling.tokens.rotate',
    'apps.connections.open',
    'rtm.connect',
    'auth.revoke',
    'apps.uninstall',
    'files.getUploadURLExternal',
  ])('%s gives or ends what lets somebody in, and is not called', (method) => {
    expect([reads(method), writes(method)]).toEqual([false, false]);
  });

  it.each(['', 'chat', 'chat/postMessage', '../auth.revoke', 'Chat.list', 'chat.list?x', 'chat..list', `a.${'list'.repeat(40)}`])(
    '%j is none',
    (method) => {
      expect([reads(method), writes(method)]).toEqual([false, false]);
    },
  );
});
