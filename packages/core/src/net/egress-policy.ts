/** What a network may reach. Everything is closed unless it is opened here. */
export interface EgressPolicy {
  /**
   * Opens loopback, private, unique-local and carrier networks, and for every host plain http, any port and names without a public
   * suffix. Whoever can choose a URL can then reach the host's own network. Metadata services and link-local stay closed.
   * @default false
   */
  readonly dangerouslyAllowPrivateNetworks?: boolean;
  /**
   * Opens 127.0.0.0/8, ::1 and names under `localhost`, over plain http and any port too, and closes everything else before a name is
   * looked up, whatever the other options say.
   * @default false
   */
  readonly loopbackOnly?: boolean;
  /** Opens plain `http:` on port 80. Credentials then travel readable. @default false */
  readonly allowHttp?: boolean;
  /** Ports open beside 443 (and 80 where http is open). @default [] */
  readonly extraPorts?: readonly number[];
}
