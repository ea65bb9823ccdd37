/** Which tenants, and from where on. */
export interface TenantsRequest {
  /** Those behind this one, in the order of the answers; `null`: from the first. */
  readonly after: string | null;
  /** 1 to 1,000. */
  readonly limit: number;
  /** Only those that have a connection of this connector, ended ones too. @default all */
  readonly connector?: string;
}
