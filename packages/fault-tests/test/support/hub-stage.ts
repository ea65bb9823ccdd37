import { createHub, type Hub, localKeys } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { effectsConnector, effectsSecret } from './effects-connector.ts';
import { hubKeys, publicUrl, tenant } from './hub-settings.ts';

/** The tenant's handle of a hub. */
export type TenantOfHub = ReturnType<Hub['tenant']>;

/** A hub of the test's own process over the workers' store. It configures and looks, and executes nothing. */
export interface HubStage {
  readonly hub: Hub;
  readonly acme: TenantOfHub;
  /** Path to which deliveries are sent. */
  readonly path: string;
  close(): Promise<void>;
}

const step = ({ id, connector, subject }: { id: string; connector: string; subject: string }) => ({
  id,
  action: `${connector}.apply` as const,
  connection: 'main',
  input: { subject },
});

/** An automation of two steps, each with one effect: `{number}-first`, then `{number}-second`. */
export const twoSteps = (connector: string) => ({
  trigger: { event: `${connector}.ordered` },
  steps: [
    step({ id: 'first', connector, subject: '{{ event.data.number }}-first' }),
    // Takes something from the first one, so that it cannot come before it.
    step({ id: 'second', connector, subject: '{{ event.data.number }}-second{{ steps.first.output.effect > 0.0 ? "" : "-early" }}' }),
  ],
});

/** Furnishes a store: a connection, a registration and an automation of two steps for each connector. */
export async function furnishHub(storage: Storage<unknown>, connectors: readonly string[] = ['effects']): Promise<HubStage> {
  const hub: Hub = createHub({
    connectors: connectors.map((id) => effectsConnector({ id, origin: 'http://127.0.0.1:9', worker: 'test', die: () => undefined })),
    storage,
    keys: localKeys(hubKeys),
    publicUrl,
    loopbackOnly: true,
  });
  const acme = hub.tenant(tenant);
  let path = '';
  for (const connector of connectors) {
    await acme.connections.put('main', { connector, credential: { type: 'none' } });
    const { url } = await acme.webhooks.register({ connection: `${connector}/main`, secret: effectsSecret });
    path ||= new URL(url).pathname;
    await acme.automations.put(connector, twoSteps(connector));
  }
  return {
    hub,
    acme,
    path,
    close: () => hub.stop(),
  };
}
