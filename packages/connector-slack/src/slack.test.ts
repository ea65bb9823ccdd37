import { readdirSync, readFileSync } from 'node:fs';
import type { Connector, Json } from '@patchbay/core';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { startFakeProvider } from '@patchbay/testing';
import { describe, expect, it } from 'vitest';
import { slack, slackUser } from './slack.ts';

async function accountOf(identity: Readonly<Record<string, Json>>): Promise<unknown> {
  const provider = await startFakeProvider({ routes: { 'GET /api/auth.test': () => ({ json: { ok: true, ...identity } }) } });
  const connector = slack({ origin: provider.origin });
  const harness = createConnectorHarness({ connector, credential: { type: 'bearer', token: 'x' }, dangerouslyAllowPrivateNetworks: true });
  try {
    return (await harness.checkHealth()).account;
  } finally {
    await harness.close();
    await provider.close();
  }
}

describe('slack', () => {
  it('has the version of its package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(slack().manifest.version).toBe(version);
  });

  // Deliveries are handed to connections by this id.
  it('names the account as deliveries name it', async () => {
    const identity = { team: 'Acme', team_id: 'T1', user: 'bot', user_id: 'U1', enterprise_id: 'E1' };
    expect(await accountOf({ ...identity, is_enterprise_install: false })).toEqual({ id: 'T1', name: 'Acme' });
    expect(await accountOf({ ...identity, is_enterprise_install: true })).toEqual({ id: 'E1', name: 'Acme' });
  });

  it('has the same actions for a person, with the scopes that Slack calls otherwise there', () => {
    const scopesOf = ({ manifest }: Connector) =>
      new Map(manifest.actions.map(({ name, scopes }) => [name, scopes.map(({ scope }) => scope)]));
    const [app, person] = [scopesOf(slack()), scopesOf(slackUser())];
    expect([...app.keys()].filter((name) => !person.has(name))).toEqual(['open_view', 'publish_view']);
    expect([...person.keys()].filter((name) => !app.has(name))).toEqual(['search_messages', 'set_status']);
    const renamed: Record<string, string> = { 'channels:manage': 'channels:write', 'channels:join': 'channels:write' };
    for (const [name, scopes] of app)
      if (person.has(name)) expect(person.get(name), name).toEqual(scopes.map((scope) => renamed[scope] ?? scope));
    for (const [name, action] of Object.entries(slackUser().actions))
      if (app.has(name)) expect(Object.entries(slack().actions).find(([each]) => each === name)?.[1].run, name).toBe(action.run);
  });

  it('declares a limit for each method that it calls, but for those of the special tier', async () => {
    const declared = slack().definition.limits?.flatMap(({ paths = [] }) => paths) ?? [];
    expect(new Set(declared).size).toBe(declared.length);
    const special = ['/chat.postMessage', '/chat.getPermalink', '/auth.test'];
    const files = readdirSync(new URL('actions', import.meta.url)).filter((file) => !file.includes('.test.'));
    const texts = files.map((file) => readFileSync(new URL(`actions/${file}`, import.meta.url), 'utf8')).join('');
    const called = new Set([...texts.matchAll(/path`(\/[a-z][\w.]+)`/gi)].map(([, path = '']) => path));
    expect([...called].filter((path) => !special.includes(path)).sort()).toEqual([...declared].sort());
  });
});
