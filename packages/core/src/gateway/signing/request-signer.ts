/** The finished request as a signer sees it: everything that will be sent but what it adds. */
export interface SigningRequest {
  readonly method: string;
  /** As `new URL(…).origin` spells it; its host is what the service is sent. */
  readonly origin: string;
  /** Path and query, encoded as they are sent. */
  readonly target: string;
  /** Lower-case names with their values, each name once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a signature adds. */
export interface SignedHeaders {
  /** Lower-case names with their values. One that the request has already is refused, and so are those that frame a request. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Texts in them that are worth something to whoever reads them; an answer that repeats them is scrubbed. @default none */
  readonly secrets?: readonly string[];
}

/** What a signer is given for one connection. */
export interface SignerInput {
  /** Members of the credential. */
  readonly fields: Readonly<Record<string, string>>;
  /** The connector's `options` of the auth method, with the connection's settings in their places. */
  readonly options: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A call that a signer makes before it can sign, such as AWS's AssumeRole. Goes through the same guard as everything else. */
export interface SignerCall {
  readonly origin: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Sent by POST. */
  readonly body: string;
}

/** The answer to such a call; the body is text of at most 64 KiB. */
export interface SignerAnswer {
  readonly status: number;
  readonly body: string;
}

/** What is signed with: the credential's own fields, or ones that a call gave for them. */
export interface SigningMaterial {
  readonly fields: Readonly<Record<string, string>>;
  /** Texts of it that must not be seen in an answer, beside the secret fields of the credential. @default none */
  readonly secrets?: readonly string[];
  /** Milliseconds since 1970 after which it is made anew; `null`: it holds as long as the credential. */
  readonly expiresAt: number | null;
}

/** One member of a credential. */
export interface SignerField {
  /** @default true */
  readonly required?: boolean;
  /** A public one, such as an account's number, is not looked for in answers. @default true */
  readonly secret?: boolean;
}

/**
 * Signs the finished request of a connection. It belongs to core or to the host, never to a connector: a connector names it, and so never sees
 * what is signed with. Whatever it throws becomes an error that nothing was sent.
 */
export interface RequestSigner {
  /** By which a connector names it: lower-case letters, digits and hyphens. */
  readonly id: string;
  /** Members that its credential has. */
  readonly fields: Readonly<Record<string, SignerField>>;
  /** Options that a connector must give. @default none */
  readonly options?: readonly string[];
  /** Gets what is signed with; done once for many requests, until it expires. @default the credential's fields */
  prepare?(input: SignerInput, call: (request: SignerCall) => Promise<SignerAnswer>): Promise<SigningMaterial>;
  sign(request: SigningRequest, input: SignerInput): SignedHeaders;
}
