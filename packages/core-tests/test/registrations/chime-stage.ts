import type { Notices } from '@patchbay/core';
import { bellConnector } from '../webhooks/bell-connector.ts';
import { type BellProcess, type BellStage, bellStage } from '../webhooks/bell-stage.ts';
import { type ChimeOptions, type ChimeService, chimeService } from './chime-service.ts';

/** A bell whose webhooks are registered by its service's API. */
export interface ChimeStage extends Pick<BellStage, 'clock' | 'storage' | 'close'> {
  readonly service: ChimeService;
  readonly process: BellProcess;
  /** A second process over the same store. */
  another(): BellProcess;
  readonly tenant: ReturnType<BellProcess['hub']['tenant']>;
  readonly failures: Notices['webhook.registration_failed'][];
  /** Moves the clock on and does everything that is due then. */
  later(ms: number): Promise<void>;
}

export const day = 86_400_000;

/** A stage with a connection `main`. */
export async function chimeStage(options: ChimeOptions & { readonly confinable?: boolean } = {}): Promise<ChimeStage> {
  const stage = bellStage();
  const service = chimeService({ now: () => stage.clock.now(), ...options });
  const { subscriptions } = service;
  const connector = bellConnector({ webhook: { subscriptions }, ...(options.confinable ? { confinable: true } : {}) });
  const process = stage.process({ connector });
  const failures: Notices['webhook.registration_failed'][] = [];
  process.hub.on('webhook.registration_failed', (notice) => failures.push(notice));
  const tenant = process.hub.tenant('acme');
  await tenant.connections.put('main', { connector: 'bell', credential: { type: 'none' } });
  return {
    ...stage,
    service,
    process,
    another: () => stage.process({ connector }),
    tenant,
    failures,
    async later(ms) {
      await stage.clock.advance(ms);
      await process.hub.work({ until: 'idle' });
    },
  };
}
