import { type Attributes, type Meter, type MeterProvider, metrics } from '@opentelemetry/api';
import { boundedNames } from './bounded-names.ts';
import { type InstrumentName, instruments } from './instruments.ts';
import type { Metering } from './metering.ts';

/** How figures are told. */
export interface MeteringOptions {
  /** `undefined`: the registered one. */
  readonly meterProvider: MeterProvider | undefined;
  readonly tenantOnMetrics: boolean;
  readonly name: string;
  readonly version: string;
}

/** Different values of one attribute in one process; the rest are counted together. */
const mostValues = 200;

/** Attributes whose values the host or its tenants choose. The others are of the code's own making. */
const chosen: ReadonlySet<string> = new Set([
  ...['patchbay.tenant', 'patchbay.automation', 'patchbay.operation', 'messaging.destination.name'],
  ...['url.template', 'server.address', 'error.type'],
]);

/** Upper ends of the buckets of durations, seconds. Source: semantic conventions 1.40, `http.client.request.duration`. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Metrics through `@opentelemetry/api`, whose instruments are made when they are first used: a provider that is registered by then is found. */
export function createMetering({ meterProvider, tenantOnMetrics, name, version }: MeteringOptions): Metering {
  let meter: Meter | undefined;
  const recorders = new Map<InstrumentName, (value: number, attributes: Attributes) => void>();
  const bounds = new Map([...chosen].map((attribute) => [attribute, boundedNames(mostValues)]));

  const theMeter = (): Meter => {
    meter ??= (meterProvider ?? metrics).getMeter(name, version);
    return meter;
  };

  const recorderOf = (instrument: InstrumentName) => {
    const known = recorders.get(instrument);
    if (known) return known;
    const made = makeRecorder(theMeter(), instrument);
    recorders.set(instrument, made);
    return made;
  };

  const bounded = (given: object, tenant: string | null | undefined): Attributes => {
    const attributes: Attributes = {};
    for (const [attribute, value] of Object.entries(given)) {
      if (value === undefined) continue;
      attributes[attribute] = typeof value === 'string' ? (bounds.get(attribute)?.(value) ?? value) : value;
    }
    if (tenantOnMetrics && typeof tenant === 'string') attributes['patchbay.tenant'] = bounds.get('patchbay.tenant')?.(tenant);
    return attributes;
  };

  return {
    record: (instrument, value, attributes, tenant) => recorderOf(instrument)(value, bounded(attributes, tenant)),
    observe(instrument, read) {
      const { unit, description } = instruments[instrument];
      theMeter()
        .createObservableGauge(instrument, { unit, description })
        .addCallback((result) => {
          for (const { value, attributes } of read()) result.observe(value, bounded(attributes, null));
        });
    },
  };
}

function makeRecorder(meter: Meter, name: InstrumentName): (value: number, attributes: Attributes) => void {
  const { kind, unit, description } = instruments[name];
  if (kind === 'counter') {
    const counter = meter.createCounter(name, { unit, description });
    return (value, attributes) => counter.add(value, attributes);
  }
  const advice = { explicitBucketBoundaries: durationBuckets };
  const histogram = meter.createHistogram(name, { unit, description, advice });
  return (value, attributes) => histogram.record(value, attributes);
}
