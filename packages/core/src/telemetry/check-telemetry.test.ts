import { expect, it } from 'vitest';
import { checkTelemetry } from './check-telemetry.ts';
import { createTelemetry, noTelemetry } from './telemetry.ts';

it.each([{ traceShare: 1.1 }, { traceShare: -0.1 }, { traceShare: Number.NaN }, { sampler: 1 }])('refuses %j', (options) => {
  expect(() => checkTelemetry(options)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
});

it('makes nothing for nobody, and only what is wanted', () => {
  expect(createTelemetry(checkTelemetry(undefined), '0')).toBe(noTelemetry);
  expect(createTelemetry({ traces: false, metrics: false }, '0')).toMatchObject({ tracing: null, metering: null });
  expect(createTelemetry({ metrics: false }, '0').tracing).not.toBeNull();
});
