import { describe, expect, it } from 'vitest';
import { matchRoute } from './match-route.ts';

const id = '019ad2b6-7c1e-7000-8000-000000000001';

describe('matchRoute', () => {
  it('finds a registration and an app below the base path', () => {
    expect(matchRoute('/hub', `/hub/webhooks/github/${id}`)).toEqual({ route: 'webhook', connector: 'github', registration: id });
    expect(matchRoute('/hub', '/hub/webhooks/slack')).toEqual({ route: 'webhook', connector: 'slack', registration: null });
    expect(matchRoute('/a/b', '/a/b/webhooks/slack')).toEqual({ route: 'webhook', connector: 'slack', registration: null });
    expect(matchRoute('', '/webhooks/slack')).toEqual({ route: 'webhook', connector: 'slack', registration: null });
  });

  it('finds them where a framework or a proxy has taken the base path off', () => {
    expect(matchRoute('/hub', '/webhooks/slack')).toEqual({ route: 'webhook', connector: 'slack', registration: null });
  });

  it.each([
    '/',
    '',
    'webhooks/slack',
    '/hub',
    '/hub/webhooks',
    '/hub/webhooks/',
    '/hub/webhooks/slack/',
    '/hub/webhooks//slack',
    '/hubwebhooks/slack',
    '/hub/hub/webhooks/slack',
    '/hub/other/slack',
    `/hub/webhooks/github/${id}/more`,
    '/hub/webhooks/sl%61ck',
    '/hub/webhooks/../slack',
    '/hub/webhooks/slack?x=1',
    `/hub/webhooks/${'a'.repeat(101)}`,
    'http://app.example.com/hub/webhooks/slack',
  ])('leaves %j alone', (path) => expect(matchRoute('/hub', path)).toBeNull());
});
