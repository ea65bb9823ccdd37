import type { MeterProvider, TracerProvider } from '@opentelemetry/api';

/** What the hub tells OpenTelemetry. Absent: nothing, and nothing is spent on it. */
export interface TelemetryOptions {
  /** Spans from a webhook to its effects. @default true */
  readonly traces?: boolean;
  /** @default true */
  readonly metrics?: boolean;
  /**
   * Share of the events whose spans are marked as sampled, 0 to 1: decided by the event's id, so that every process and every retry decides alike.
   * @default 1
   */
  readonly traceShare?: number;
  /** Whether figures are kept apart by tenant, for the first 200 tenants of a process. @default false */
  readonly tenantOnMetrics?: boolean;
  /** Whether deliveries to tenants' endpoints carry a `traceparent` header. Services are never sent one. @default false */
  readonly traceparentToEndpoints?: boolean;
  /** @default the one registered with `@opentelemetry/api` */
  readonly tracerProvider?: TracerProvider;
  /** @default the one registered with `@opentelemetry/api` when the hub is first used */
  readonly meterProvider?: MeterProvider;
}
