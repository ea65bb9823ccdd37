import { createHash } from 'node:crypto';
import type { Agent } from 'undici';
import type { ClientIdentity } from './network-request.ts';

/** Clients with a certificate of their own whose connections are kept at once; the one used longest ago goes first. */
const most = 200;

/** One pool of connections for each client certificate. */
export interface IdentityAgents {
  get(identity: ClientIdentity): Agent;
  destroy(): Promise<void>;
}

/** Keeps the pools apart: a connection that was opened as one client is never used for another. */
export function createIdentityAgents(make: (identity: ClientIdentity) => Agent): IdentityAgents {
  const agents = new Map<string, Agent>();
  return {
    get(identity) {
      const key = fingerprint(identity);
      const agent = agents.get(key) ?? make(identity);
      agents.delete(key);
      agents.set(key, agent);
      const [oldest] = agents;
      if (agents.size > most && oldest) {
        agents.delete(oldest[0]);
        // It ends when what is under way has ended.
        oldest[1].close().catch(() => undefined);
      }
      return agent;
    },
    async destroy() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

const known = new WeakMap<ClientIdentity, string>();

function fingerprint(identity: ClientIdentity): string {
  const held = known.get(identity);
  if (held !== undefined) return held;
  const made = createHash('sha256')
    .update(JSON.stringify([identity.certificate, identity.privateKey]))
    .digest('base64');
  known.set(identity, made);
  return made;
}
