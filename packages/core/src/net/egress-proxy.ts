import type { Secret } from '../secret/secret.ts';

/** An HTTP proxy that all connections of a network go through, by CONNECT. */
export interface EgressProxy {
  /** A name or a literal address without brackets. The host chose it, so no policy is asked about it. */
  readonly host: string;
  readonly port: number;
  /** `user:password`, sent to the proxy alone. @default none */
  readonly credentials?: Secret | undefined;
}
