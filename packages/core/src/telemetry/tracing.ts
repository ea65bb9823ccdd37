import type { SpanAttributes } from './span-attributes.ts';

/** A piece of work that is to be seen in a trace. */
export interface SpanStart {
  /** Of few values: no id is in it. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** Id of the event (or direct call) in whose trace it stands; `null`: where the caller stands. */
  readonly root: string | null;
  readonly attributes: SpanAttributes;
  /** A `traceparent` as somebody outside has sent it: linked to. @default none */
  readonly quoted?: string | undefined;
}

/** A span under way. */
export interface OpenSpan {
  /** Runs a function with the span as the place where what it calls stands. */
  within<Result>(run: () => Result): Result;
  set(attributes: SpanAttributes): void;
  /** Marks it as failed. Only the code is told: a message can hold data. */
  fail(code: string): void;
  end(): void;
  /** The header that names it, as W3C Trace Context writes it. */
  traceparent(): string;
}

/** The port through which the hub makes spans. */
export interface Tracing {
  begin(start: SpanStart): OpenSpan;
}
