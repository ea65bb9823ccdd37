/** One more host of the service, which calls name by the name that it is declared under. */
export interface HostDeclaration {
  /** `https://uploads.example.com`, or a template over settings like the connector's own origin. */
  readonly origin: string;
  /** Prefix of every path there. @default '' */
  readonly basePath?: string;
  /**
   * Does the connection's credential go there too, with the connector's own headers? A host without it takes URLs that the service gives, such as those
   * of pre-signed uploads. @default false
   */
  readonly credential?: boolean;
}
