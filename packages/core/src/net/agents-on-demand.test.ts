import { describe, expect, it } from 'vitest';
import { createAgentsOnDemand } from './agents-on-demand.ts';
import type { AgentsInput, ConnectionAgents } from './connection-agents.ts';

// Nothing of it is looked at by the stand-ins.
const input = {} as AgentsInput;

function setUp(failures = 0) {
  const log: string[] = [];
  let left = failures;
  const agents = { of: () => undefined, destroy: async () => void log.push('destroyed') } as unknown as ConnectionAgents;
  const load = async () => {
    log.push('loaded');
    left -= 1;
    if (left >= 0) throw new Error('no such module');
    return { createAgents: () => agents };
  };
  return { log, agents, onDemand: createAgentsOnDemand(input, load) };
}

describe('the pools of a network', () => {
  it('are made with the first request, once for all that ask meanwhile', async () => {
    const { log, agents, onDemand } = setUp();
    expect(log).toEqual([]);
    expect(onDemand.made).toBeUndefined();
    expect(await Promise.all([onDemand.make(), onDemand.make()])).toEqual([agents, agents]);
    expect(log).toEqual(['loaded']);
    expect(onDemand.made).toBe(agents);
  });

  it('are tried again where they could not be made', async () => {
    const { log, agents, onDemand } = setUp(1);
    await expect(onDemand.make()).rejects.toThrow('no such module');
    expect(await onDemand.make()).toBe(agents);
    expect(log).toEqual(['loaded', 'loaded']);
  });

  it('are ended also while they are being made, and need no end where nobody asked', async () => {
    const { log, onDemand } = setUp();
    await onDemand.destroy();
    expect(log).toEqual([]);
    const making = onDemand.make();
    await onDemand.destroy();
    await making;
    expect(log).toEqual(['loaded', 'destroyed']);
  });
});
