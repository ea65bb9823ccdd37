import type { Dispatcher } from './dispatch/create-dispatcher.ts';
import type { Metering } from './telemetry/metering.ts';

/** Lets gauges read what this process has under way, whenever somebody collects. */
export function observeWorker(dispatcher: Pick<Dispatcher, 'figures'>, metering: Metering | null): void {
  if (!metering) return;
  metering.observe('patchbay.worker.dispatches', () => {
    const { executing, settling } = dispatcher.figures();
    return [
      { value: executing, attributes: { 'patchbay.state': 'executing' } },
      { value: settling, attributes: { 'patchbay.state': 'settling' } },
    ];
  });
  metering.observe('patchbay.worker.slots', () => [{ value: dispatcher.figures().slots, attributes: {} }]);
  metering.observe('patchbay.worker.leases', () => [{ value: dispatcher.figures().leases, attributes: {} }]);
}
