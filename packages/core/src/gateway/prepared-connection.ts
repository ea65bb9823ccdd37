import type { AnyDefinition } from '../connector/connector-definition.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { ClientIdentity } from '../net/network-request.ts';
import type { Attachment } from './attach-credential.ts';
import type { ConnectionSigning } from './signing/connection-signing.ts';

/** What does not change between two uses of one opened credential. */
export interface PreparedConnection {
  readonly connection: Row<'connection'>;
  readonly definition: AnyDefinition;
  readonly origin: string;
  readonly basePath: string;
  readonly attachment: Attachment;
  /** Shown in the TLS handshake; `undefined` for none. */
  readonly identity: ClientIdentity | undefined;
  /** `null`: the request is not signed. */
  readonly signing: ConnectionSigning | null;
  /** Texts by which the credential is recognised in an answer. */
  readonly forms: readonly string[];
}

/** Prepared connections by their opened credential; they go with it, at the latest after five minutes. */
export type PreparedConnections = WeakMap<object, PreparedConnection>;
