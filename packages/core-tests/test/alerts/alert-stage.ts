import { PatchbayError } from '@patchbay/core';
import type { Alert, AlertChannelFunction, AlertRuleInput, AlertTelling, OperatorHandle } from '@patchbay/core/host';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, type ProcessOptions } from '../desk/desk-stage.ts';

/** One telling, as a channel of the host saw it. */
export interface Told {
  readonly channel: string;
  readonly kind: AlertTelling['kind'];
  readonly alert: Alert;
  readonly key: string;
}

/** One process with the alerts of a tenant and of the operator. */
export interface AlertProcess extends DeskProcess {
  readonly acme: DeskTenant;
  readonly operator: OperatorHandle;
}

/** Processes over one store, with two channels of the host. */
export interface AlertStage extends Omit<DeskStage, 'process'> {
  readonly told: readonly Told[];
  /** The host's functions, by name. */
  readonly channels: Readonly<Record<string, AlertChannelFunction>>;
  /** What was told, in short: `pager opened dead letters`. */
  said(): readonly string[];
  /** Forgets what was told. */
  forget(): void;
  /** What the channels do from now on instead of noting what they are told. */
  failWith(error: unknown): void;
  process(options?: ProcessOptions): AlertProcess;
  /** So many orders whose tickets the desk refuses for good. */
  refuse(process: AlertProcess, count: number): Promise<void>;
}

export const minute = 60_000;
export const hour = 60 * minute;

/** Makes a stage. */
export function alertStage(): AlertStage {
  const stage = deskStage();
  const told: Told[] = [];
  let failure: unknown;
  const channel = (name: string) => async (alert: Alert, telling: AlertTelling) => {
    if (failure !== undefined) throw failure;
    told.push({ channel: name, kind: telling.kind, alert, key: telling.key });
  };
  const channels = { pager: channel('pager'), chief: channel('chief') };
  let orders = 0;
  return {
    ...stage,
    told,
    channels,
    said: () => told.map(({ channel: name, kind, alert }) => `${name} ${kind} ${alert.rule}`),
    forget() {
      told.length = 0;
    },
    failWith(error) {
      failure = error;
    },
    process(options = {}) {
      const made = stage.process({ alerts: { channels }, ...options });
      const operator = made.hub.operator({ actor: 'grace', reason: 'watches' });
      return { ...made, acme: made.hub.tenant('acme'), operator };
    },
    async refuse({ acme }, count) {
      for (let index = 0; index < count; index += 1) {
        stage.desk.next('file_ticket', () => {
          throw new PatchbayError({ code: 'provider_rejected', message: 'The desk refused "hunter2". Correct it.', retryable: false });
        });
        orders += 1;
        await acme.events.publish('order.placed', { number: `A-${orders}` });
      }
    },
  };
}

/** A tenant whose orders become tickets. */
export async function filing({ acme }: AlertProcess): Promise<void> {
  await connect(acme);
  await acme.automations.put('file', {
    trigger: { event: 'order.placed' },
    steps: [{ id: 'ticket', action: 'desk.file_ticket', connection: 'main', input: { title: 'Order {{ event.data.number }}' } }],
  });
}

/** A rule over dead dispatches that the pager is told of at once. */
export const deadRule = (more: Partial<AlertRuleInput> = {}): AlertRuleInput => ({
  on: 'dispatch.dead',
  severity: 'critical',
  levels: [{ channels: [{ host: 'pager' }] }],
  ...more,
});
