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
  /** With the version of the API, where that stands in the path. */
  readonly basePath: string;
  /** Sent with every request: the connector's own, and the version of the API. */
  readonly fixedHeaders: Readonly<Record<string, string>>;
  /** The version of the API, where it stands in the query. */
  readonly fixedQuery: Readonly<Record<string, string>>;
  readonly attachment: Attachment;
  /** Path and query of a credential that is a URL; `null` for one of another kind. */
  readonly secretTarget: string | null;
  /** Shown in the TLS handshake; `undefined` for none. */
  readonly identity: ClientIdentity | undefined;
  /** `null`: the request is not signed. */
  readonly signing: ConnectionSigning | null;
  /** Texts by which the credential is recognised in an answer. */
  readonly forms: readonly string[];
}

/** Prepared connections by their opened credential; they go with it, at the latest after five minutes. */
export type PreparedConnections = WeakMap<object, PreparedConnection>;
