import { createMetering } from './create-metering.ts';
import { createTracing } from './create-tracing.ts';
import type { Metering } from './metering.ts';
import type { TelemetryOptions } from './telemetry-options.ts';
import type { Tracing } from './tracing.ts';

/** What the rooms are handed. `null`: nobody wants to know, and what would be told is not even put together. */
export interface Telemetry {
  readonly tracing: Tracing | null;
  readonly metering: Metering | null;
  readonly traceparentToEndpoints: boolean;
}

/** Says nothing to nobody. */
export const noTelemetry: Telemetry = { tracing: null, metering: null, traceparentToEndpoints: false };

const name = '@patchbay/core';

/** Binds the host's wishes to `@opentelemetry/api`. */
export function createTelemetry(options: TelemetryOptions | undefined, version: string): Telemetry {
  if (options === undefined) return noTelemetry;
  const { traces = true, metrics = true, traceShare = 1, tenantOnMetrics = false, traceparentToEndpoints = false } = options;
  const { tracerProvider, meterProvider } = options;
  return {
    tracing: traces ? createTracing({ tracerProvider, traceShare, name, version }) : null,
    metering: metrics ? createMetering({ meterProvider, tenantOnMetrics, name, version }) : null,
    traceparentToEndpoints,
  };
}
