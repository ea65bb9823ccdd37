import { describe, expect, it } from 'vitest';
import { matchRoute } from './match-route.ts';

const id = '019ad2b6-7c1e-7000-8000-000000000001';
const plain = (path: string) => ({ path, originalPath: path });
const app = { route: 'webhook', connector: 'slack', registration: null };

describe('matchRoute', () => {
  it('finds a registration and an app below the base path', () => {
    expect(matchRoute('/hub', plain(`/hub/webhooks/github/${id}`))).toEqual({ route: 'webhook', connector: 'github', registration: id });
    expect(matchRoute('/hub', plain('/hub/webhooks/slack'))).toEqual(app);
    expect(matchRoute('/a/b', plain('/a/b/webhooks/slack'))).toEqual(app);
    expect(matchRoute('', plain('/webhooks/slack'))).toEqual(app);
    expect(matchRoute('/hub', plain(`/hub/forms/${id}`))).toEqual({ route: 'form', form: id });
    expect(matchRoute('/hub', plain(`/hub/forms/${id}/more`))).toBeNull();
  });

  it.each([
    ['/webhooks/slack', '/hub/webhooks/slack'],
    ['/webhooks/slack', '/behind/a/proxy/webhooks/slack'],
    ['/slack', '/hub/webhooks/slack'],
    ['/hub/webhooks/slack', '/inside/hub/webhooks/slack'],
    ['/hub/webhooks/slack', '/webhooks/slack'],
  ])('finds %s where it was %s before a framework took a mount off or rewrote it', (path, originalPath) => {
    expect(matchRoute('/hub', { path, originalPath })).toEqual(app);
  });

  it.each([
    ['/webhooks/slack', '/webhooks/slack'],
    ['/slack', '/webhooks/slack'],
    ['/webhooks/slack', '/slack'],
    ['/webhooks/slack', '/other/elsewhere'],
    ['/orders', '/hub/orders'],
  ])('leaves %s alone, which was %s: it is not below the base path, and no mount was taken off it', (path, originalPath) => {
    expect(matchRoute('/hub', { path, originalPath })).toBeNull();
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
  ])('leaves %j alone', (path) => expect(matchRoute('/hub', plain(path))).toBeNull());
});
