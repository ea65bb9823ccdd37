import { changed, failure, isOn, pageOf, type SlackMethods, structureOf, success, textOf } from './fake-slack-answers.ts';
import type { FakeSlackUser } from './fake-slack-state.ts';

/** People and user groups. */
export const peopleMethods: SlackMethods = {
  'users.info': {
    scopes: ['users:read'],
    run({ users }, given) {
      const user = users.get(textOf(given, 'user'));
      return user ? success({ user: show(user) }) : failure('user_not_found');
    },
  },
  'users.list': {
    scopes: ['users:read'],
    run({ users }, given) {
      const { page, end } = pageOf([...users.values()], given);
      return success({ members: page.map(show), ...end });
    },
  },
  'users.lookupByEmail': {
    scopes: ['users:read.email'],
    run({ users }, given) {
      const user = [...users.values()].find(({ email }) => email === given['email']);
      return user ? success({ user: show(user) }) : failure('users_not_found');
    },
  },
  'users.getPresence': {
    scopes: ['users:read'],
    run: ({ users }, given) => (users.has(textOf(given, 'user')) ? success({ presence: 'active' }) : failure('user_not_found')),
  },
  'users.profile.set': {
    scopes: ['users.profile:write'],
    tokens: 'user',
    run({ users }, given) {
      const profile = structureOf(given, 'profile');
      const [user] = users.values();
      if (user === undefined || typeof profile !== 'object' || profile === null) return failure('invalid_profile');
      user.status = { status_text: '', status_emoji: '', status_expiration: 0, ...profile };
      return changed({ profile: user.status });
    },
  },
  'usergroups.list': {
    scopes: ['usergroups:read'],
    run: ({ usergroups }, given) =>
      success({
        usergroups: [...usergroups.values()].map(({ users, ...group }) => (isOn(given, 'include_users') ? { ...group, users } : group)),
      }),
  },
  'usergroups.users.update': {
    scopes: ['usergroups:write'],
    run({ usergroups }, given) {
      const group = usergroups.get(textOf(given, 'usergroup'));
      if (!group) return failure('no_such_subteam');
      group.users = textOf(given, 'users').split(',').filter(Boolean);
      return changed({ usergroup: group });
    },
  },
};

function show({ id, name, email, is_bot, status }: FakeSlackUser): Record<string, unknown> {
  const real = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const profile = { real_name: real, display_name: name, email, ...status };
  return { id, team_id: 'T00000001', name, real_name: real, deleted: false, is_bot, is_admin: false, tz: 'Europe/Berlin', profile };
}
