import { PatchbayError } from '../errors/patchbay-error.ts';
import type { TelemetryOptions } from './telemetry-options.ts';

const known: ReadonlySet<string> = new Set<keyof TelemetryOptions>([
  ...(['traces', 'metrics', 'traceShare', 'tenantOnMetrics', 'traceparentToEndpoints', 'tracerProvider', 'meterProvider'] as const),
]);

/** The host's wishes, looked at once. Throws `invalid_argument` for one that there is not, and for a share that is none. */
export function checkTelemetry(options: TelemetryOptions | undefined): TelemetryOptions | undefined {
  const unknown = Object.keys(options ?? {}).find((name) => !known.has(name));
  if (unknown !== undefined) throw invalid(`telemetry.${unknown.slice(0, 100)} does not exist. Leave it out.`);
  const { traceShare = 1 } = options ?? {};
  if (!(typeof traceShare === 'number' && traceShare >= 0 && traceShare <= 1))
    throw invalid('telemetry.traceShare is a number from 0 to 1.');
  return options;
}

function invalid(fault: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `The option ${fault}` });
}
