import { describe, expect, it, vi } from 'vitest';
import { crookedConnector, echo, sampleConnector } from './__fixtures__/sample-connector.ts';
import type { ConnectorHttp } from './connector-http.ts';
import type { ActionCall } from './iconnector.ts';

const refuse = () => Promise.reject(new Error('No action of the sample calls out.'));
const noPages = async function* () {};
const http: ConnectorHttp = {
  get: refuse,
  post: refuse,
  put: refuse,
  patch: refuse,
  delete: refuse,
  bytes: refuse,
  stream: refuse,
  pages: () => ({ [Symbol.asyncIterator]: noPages, first: refuse }),
  graphql: refuse,
  graphqlPages: noPages,
  soap: refuse,
  batch: refuse,
};
const key = { value: 'key-1', child: () => key };
const callOf = (action: string, input: ActionCall['input']): ActionCall => ({
  action,
  input,
  http,
  key,
  settings: {},
  configuration: {},
  flags: {},
  signal: AbortSignal.abort(),
});
const connector = sampleConnector();

describe('executeAction', () => {
  it('parses the input, runs the action and parses the output', async () => {
    expect(await connector.executeAction(callOf('echo', { text: 'hello' }))).toEqual({ output: { text: 'hello' } });
  });

  it('hands over what the action warned of', async () => {
    const result = await connector.executeAction(callOf('echo', { text: 'hello', count: 3 }));
    expect(result).toEqual({ output: { text: 'hello' }, warnings: ['Only one echo was made.'] });
  });

  it('gives the action its key', async () => {
    expect(await connector.executeAction(callOf('create_thing', { name: 'a' }))).toEqual({ output: { id: 'key-1' } });
  });

  it.each(['nope', '__proto__', 'toString', ''])('refuses the action %j by promise, naming those that exist', async (action) => {
    const error = { code: 'unknown_action', message: expect.stringContaining('It has: echo, create_thing.') };
    await expect(connector.executeAction(callOf(action, {}))).rejects.toMatchObject(error);
    await expect(connector.reconcileAction({ ...callOf(action, {}), since: 0 })).rejects.toMatchObject({ code: 'unknown_action' });
  });

  it('refuses a wrong input before anything is sent', async () => {
    const run = vi.fn();
    const watched = crookedConnector({ actions: { echo: { ...echo, run } } });
    const error = { code: 'invalid_input', message: expect.stringContaining('text') };
    await expect(watched.executeAction(callOf('echo', { txt: 'hello' }))).rejects.toMatchObject(error);
    expect(run).not.toHaveBeenCalled();
  });

  it('refuses an output that the action does not declare', async () => {
    const odd = crookedConnector({ actions: { echo: { ...echo, run: async () => ({ text: 7 }) } } });
    await expect(odd.executeAction(callOf('echo', { text: 'hello' }))).rejects.toMatchObject({ code: 'invalid_output' });
  });
});

describe('reconcileAction', () => {
  it('answers what the action found', async () => {
    const found = await connector.reconcileAction({ ...callOf('create_thing', { name: 'a' }), since: 12 });
    expect(found).toEqual({ answer: 'found', output: { id: 'a-12' } });
  });

  it('answers that there is nothing', async () => {
    expect(await connector.reconcileAction({ ...callOf('create_thing', { name: 'lost' }), since: 12 })).toEqual({ answer: 'absent' });
  });

  it('refuses a finding that is no output of the action', async () => {
    const looking = connector.reconcileAction({ ...callOf('create_thing', { name: 'broken' }), since: 12 });
    await expect(looking).rejects.toMatchObject({ code: 'invalid_output' });
  });

  it('is unsupported for an action of another class', async () => {
    const looking = connector.reconcileAction({ ...callOf('echo', { text: 'hello' }), since: 0 });
    await expect(looking).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('the life of a connector', () => {
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const { signal } = new AbortController();

  it('passes on to the definition where it takes part', async () => {
    const initialize = vi.fn();
    const shutdown = vi.fn();
    const living = sampleConnector({ initialize, shutdown });
    await living.initialize({ logger }, signal);
    await living.shutdown(signal);
    expect(initialize).toHaveBeenCalledExactlyOnceWith({ logger }, signal);
    expect(shutdown).toHaveBeenCalledExactlyOnceWith(signal);
    expect(await living.healthCheck({ http, settings: {}, configuration: {}, flags: {}, signal })).toEqual({ healthy: true });
  });

  it('is quiet where the definition takes no part', async () => {
    await expect(connector.initialize({ logger }, signal)).resolves.toBeUndefined();
    await expect(connector.shutdown(signal)).resolves.toBeUndefined();
  });
});
