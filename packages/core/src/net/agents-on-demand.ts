import type { AgentsInput, ConnectionAgents } from './connection-agents.ts';

/** The pools of a network, made when they are first needed. */
export interface AgentsOnDemand {
  /** They, where they are there already; a request then waits for nothing. */
  readonly made: ConnectionAgents | undefined;
  /** Makes them once, for however many ask; again where it failed. */
  make(): Promise<ConnectionAgents>;
  /** Ends what has been made, and what is being made. */
  destroy(): Promise<void>;
}

type Pooling = Pick<typeof import('./connection-agents.ts'), 'createAgents'>;

/** Undici's two hundred modules are half of what importing core would cost, and whoever only defines something opens no socket. */
const loadPooling = (): Promise<Pooling> => import('./connection-agents.ts');

/** Makes none yet. */
export function createAgentsOnDemand(input: AgentsInput, load: () => Promise<Pooling> = loadPooling): AgentsOnDemand {
  let made: ConnectionAgents | undefined;
  let making: Promise<ConnectionAgents> | undefined;
  const begin = async (): Promise<ConnectionAgents> => {
    try {
      const { createAgents } = await load();
      made = createAgents(input);
      return made;
    } catch (error) {
      making = undefined;
      throw error;
    }
  };
  return {
    get made() {
      return made;
    },
    make() {
      making ??= begin();
      return making;
    },
    async destroy() {
      const last = await making?.catch(() => undefined);
      await last?.destroy();
    },
  };
}
